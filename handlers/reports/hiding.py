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


def share(part: int, of: int) -> str:
    """A percentage, of figures that are both shown."""
    return f"{round(100 * part / of)}%" if of else "–"


# Each holds parts of its neighbours, so that the difference of two shown figures is a figure, too.
FAMILIES = (
    ("owed", "offered", "accepted", "conducted", "within_72h", "within_local", "declined", "not_done"),
    ("overdue", "outstanding"),
    (
        "episodes",
        "over_24h",
        "over_72h",
        "high_risk",
        "from_care",
        "from_home",
        "care_not_known",
        "still_missing",
        "leavers",
        "leaver_children",
    ),
    ("children", "repeat_children", "frequent_children", "listed_children"),
    ("absences", "absent_children"),
    ("notified", "acknowledged_in_an_hour"),
)


def together(counts: Mapping[str, int], *, whole: bool) -> dict[str, str]:
    """Figures of measures that contain each other: hidden where one, or its difference from one that is shown, is under five."""
    said: dict[str, str] = {}
    for family in FAMILIES:
        told: list[int] = []
        for name in family:
            if name in counts:
                count = counts[name]
                tells = any(0 < abs(count - other) < LEAST for other in told)
                said[name] = str(count) if whole else HIDDEN if tells else shown(count, whole=False)
                if said[name] != HIDDEN:
                    told.append(count)
    return said
