"""How long a server asks us to wait, from a header that may say anything."""

from __future__ import annotations

LONGEST = 3600.0  # seconds; whoever asks for more is asked again after an hour


def seconds(said: object, otherwise: float) -> float:
    """At least one second and at most an hour; `otherwise` where no number is said."""
    try:
        return max(min(LONGEST, float(str(said))), 1.0) if said else otherwise  # in this order what is no number is the longest
    except ValueError:
        return otherwise
