"""What changed and matters: conditions, rules, firings."""
