"""The one entry for every platform: what was typed, pressed or sent in becomes a verb; a repetition gets the same answer."""
