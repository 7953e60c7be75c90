"""From what is owed to the pings that are due: on which rung, to whom, in which place."""
