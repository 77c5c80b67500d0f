"""Declared charts: a frame in; SVG out. No Django."""
