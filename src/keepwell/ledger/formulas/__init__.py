"""Pure formulas over the ledger's frames."""
