"""What the numbers mean: scorecards, bands, parts, reasons."""
