"""Pure formulas over membership."""
