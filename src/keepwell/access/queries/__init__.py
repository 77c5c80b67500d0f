"""Reads of who may do what."""
