"""What reads the index."""
