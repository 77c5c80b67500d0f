"""Coverage models, books of business, capacity."""
