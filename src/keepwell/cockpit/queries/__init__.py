"""Reads of this stage."""
