"""Pure formulas of health: metric values and a card in, parts and scores out."""
