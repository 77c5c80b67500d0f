"""Reads of sources, imports and the dead letter."""
