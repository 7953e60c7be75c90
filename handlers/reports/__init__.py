"""Reports: what happened, counted once a measure and told to whoever may know."""
