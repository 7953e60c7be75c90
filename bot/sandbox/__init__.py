"""The training room: a page that meets the platform port, with invented people and a clock of its own."""
