"""What it is for: success plans, business reviews, value."""
