"""Pure formulas of this stage."""
