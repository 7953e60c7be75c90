"""What came of a meeting in the calendar beside us: written down, told, and answered."""
