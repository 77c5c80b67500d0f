"""Deeds on facts: each writes its rows and its events in one transaction."""
