"""Documents with receipts: decks, reports, summaries."""
