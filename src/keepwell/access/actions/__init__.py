"""Deeds on people, tokens, settings, and the trail; answers that are kept."""
