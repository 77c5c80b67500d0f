"""Keepwell: the Customer Success platform that proves its numbers."""

__version__ = "0.1.0"
