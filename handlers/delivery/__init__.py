"""How a post gets to people: at which pace, by which way, and what is recorded of each attempt."""
