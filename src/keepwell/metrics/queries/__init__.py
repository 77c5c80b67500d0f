"""Reads of metrics: from the lake as of any day, and from the stored values."""
