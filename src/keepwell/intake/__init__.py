"""How facts get in: the tracking API's envelopes, CSV files, checks, duplicates, the dead letter."""
