"""Deeds on people, tokens, settings, and the trail."""
