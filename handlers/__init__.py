"""What we do when somebody speaks or time passes; docs/code.md says where to look for what."""
