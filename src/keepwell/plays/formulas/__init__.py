"""Pure rules of the work."""
