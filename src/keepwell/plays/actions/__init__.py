"""Deeds of this stage."""
