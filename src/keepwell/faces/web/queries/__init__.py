"""Reads of what the pages themselves keep."""
