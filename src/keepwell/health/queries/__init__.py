"""Reads of health."""
