"""Deeds on what it is for."""
