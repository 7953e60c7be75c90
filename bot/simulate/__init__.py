"""Play a timeline through the real handlers and storage on a virtual clock, and compare what it expects."""
