"""Meetings between being fixed and being held: who is invited, who has answered, what everybody sees of it."""
