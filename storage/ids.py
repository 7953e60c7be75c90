"""Names of rows, made here and not by the database, and names of episodes that people can say."""

import random
import secrets
import threading
import time
from collections.abc import Callable

_ALPHABET = "23456789CDFGHJKMNPQRTVWXY"  # no look-alikes, and no vowels that could spell something
_TRIES = 8
_VARIANT = 0b10 << 62
_turn = threading.Lock()
_last = 0


def new_id() -> str:
    """A UUIDv7 as 32 hexadecimal characters; those of one process sort in the order they were made."""
    global _last  # noqa: PLW0603 - the order of ids is the one thing this process remembers
    # The clock here only keeps neighbours together in an index; nothing reads a time out of an id.
    moment = time.time_ns() * 4096 // 1_000_000  # 48 bits of milliseconds, 12 of their fraction
    with _turn:
        _last = moment = max(moment, _last + 1)
    milliseconds, fraction = divmod(moment, 4096)
    return f"{milliseconds:012x}7{fraction:03x}{_VARIANT | random.getrandbits(62):x}"  # a name, which opens nothing


def new_reference(taken: Callable[[str], bool]) -> str:
    """A free name such as HW-7F3K: four characters, five when most of those are taken."""
    for length in (4, 5, 6):
        for _ in range(_TRIES):
            reference = "HW-" + "".join(secrets.choice(_ALPHABET) for _ in range(length))
            if not taken(reference):
                return reference
    raise RuntimeError("No free reference was found.")
