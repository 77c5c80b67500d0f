"""Pure formulas about what arrives: how much is usual, how often, and of which shape."""
