"""Numbers about an account at a moment."""
