"""What somebody opens to see how things stand: their own page, every child, the sheet for the telephone, one episode's line."""
