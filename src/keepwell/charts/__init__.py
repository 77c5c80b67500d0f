"""Declared charts: a frame in; SVG out. No Django.

A chart is a slug, the columns it wants, a title that states the finding, a drawing, and the table behind it.
Colours are CSS variables, so that one SVG serves light and dark pages inline.
"""
