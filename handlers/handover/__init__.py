"""The change of shift: every open child is put to the next worker by name, who takes each one or asks about it."""
