"""Pure parts of the search."""
