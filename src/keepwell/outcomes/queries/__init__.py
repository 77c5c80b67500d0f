"""Reads of what it is for."""
