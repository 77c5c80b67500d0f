"""Deeds of the intake: sources, tracking requests, imports."""
