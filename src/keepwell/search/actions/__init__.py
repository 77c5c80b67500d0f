"""What writes the index."""
