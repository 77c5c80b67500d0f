"""Invented names of people and companies from many cultures."""
