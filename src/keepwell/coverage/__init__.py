"""Coverage models, books of business, capacity, and where the time goes."""
