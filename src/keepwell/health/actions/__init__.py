"""Deeds on health."""
