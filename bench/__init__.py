"""Measures what must stand: python -m bench."""
