"""What happens when time passes: each cycle is run often, by every process, and does no harm when run twice."""
