"""Slack: what is said, pressed and filled in there, and the posts, forms and home pages shown there."""
