"""Formulas of this stage: frames in, frame out."""
