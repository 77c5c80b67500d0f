"""Runs the stages in order; watermarks; rebuild."""
