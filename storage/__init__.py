"""What is kept: tables, sealing, queries and migrations."""
