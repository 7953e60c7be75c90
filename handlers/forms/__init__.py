"""Forms: which there are, what opens them filled, and what each means when it is sent in."""
