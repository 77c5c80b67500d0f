"""An invented customer base with known truth."""
