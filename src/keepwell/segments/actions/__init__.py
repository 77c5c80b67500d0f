"""Deeds on segments."""
