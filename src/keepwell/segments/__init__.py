"""Which accounts belong together, by rule; who entered and left, when."""
