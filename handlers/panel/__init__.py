"""The monthly panel: who is proposed and why, what partners hold, the agenda, what was decided."""
