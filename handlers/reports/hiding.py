"""Figures under five are hidden outside the coordination room, so that no sum gives them away."""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 5
HIDDEN = "hidden"


def shown(count: int, *, whole: bool) -> str:
    """One figure alone; `whole` for those who may see all."""
    return str(count) if whole or count == 0 or count >= LEAST else HIDDEN


def split(counts: Mapping[str, int], *, whole: bool) -> dict[str, str]:
    """The parts of a sum that is shown as well.

    With one part hidden the sum would tell it, and of two hidden parts that are both known to be small it may: so whenever one
    is hidden, the smallest other part is hidden as well and looks the same.
    """
    if whole:
        return {name: str(count) for name, count in counts.items()}
    small = {name for name, count in counts.items() if 0 < count < LEAST}
    others = sorted((count, name) for name, count in counts.items() if count >= LEAST)
    if small and others:
        small.add(others[0][1])
    return {name: HIDDEN if name in small else str(count) for name, count in counts.items()}


def share(part: int, of: int, *, whole: bool) -> str:
    """A percentage, hidden when it would tell a hidden figure, its complement included."""
    if not of:
        return "–"
    telling = 0 < part < LEAST or 0 < of - part < LEAST or of < LEAST
    return HIDDEN if telling and not whole else f"{round(100 * part / of)}%"
