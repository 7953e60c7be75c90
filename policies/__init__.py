"""The protocols as data, and the pure functions that read them."""
