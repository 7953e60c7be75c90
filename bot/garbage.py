"""Looking for garbage holds everybody up: what was read at the start is left out of it, and the rest is looked through less often."""

import gc

SELDOM = (20_000, 20, 50)  # instead of every 700 new objects: one report makes thousands, and hardly any in a circle


def look_seldom() -> None:
    """Call it when everything that stays has been read and imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
