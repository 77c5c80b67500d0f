"""Deeds on metrics."""
