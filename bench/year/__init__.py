"""A generated year: invented children, their care, their episodes, and what was done about them. The same seed gives the same year."""
