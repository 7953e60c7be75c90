"""What people and cycles can do: one verb a module."""
