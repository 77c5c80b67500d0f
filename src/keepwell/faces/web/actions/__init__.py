"""Deeds on what the pages themselves keep."""
