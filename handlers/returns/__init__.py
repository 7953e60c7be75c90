"""Statutory returns: the files a council hands in, what was left out of them and why, and history taken from the case system."""
