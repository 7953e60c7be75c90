"""The chronology of an episode or a child, for a review."""
