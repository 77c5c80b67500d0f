"""The pieces that pages are made of: plain values in, a piece of page out; each stands in the gallery.

A Django app (label `components`) for its templates, styles and tags; it asks no stage anything and reads no
clock.
"""
