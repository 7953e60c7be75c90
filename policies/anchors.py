"""From which moments a rule counts: one start for each time its anchor happened."""

from __future__ import annotations

from datetime import date, datetime, time
from operator import itemgetter
from typing import NamedTuple

from policies import words
from policies.ages import as_date
from policies.history import NOT_HELD, Done, Episode
from policies.pack import After, AtThreshold, Duty
from policies.pack.duty import Timed
from policies.reading import Reading
from policies.segments import away_stretches
from policies.thresholds import Crossing
from policies.worktime import LONDON, at_local


class Start(NamedTuple):
    """The `nth` time an anchor happened. `begins` and `ends` bound the stretch it belongs to, None where there is none.

    Starts of a second anchor of the same rule count from 101, of a third from 201, so that keys stay what they were.
    """

    nth: int
    at: datetime
    anchor: object = None
    begins: datetime | None = None
    ends: datetime | None = None


ANCHOR_STEP = 100
FROM_THE_REPORT = (("notified_at",), ("when",))


def starts(rule: Timed, reading: Reading) -> list[Start]:
    """Every start of the rule's anchors, in order."""
    return [
        Start(n, at, anchor, begins, ends)
        for index, anchor in enumerate(rule.anchors)
        for n, (at, begins, ends) in enumerate(_of_one(anchor, rule, reading), 1 + index * ANCHOR_STEP)
    ]


def begun(reading: Reading) -> list[Duty]:
    """The duties of the pack of which any anchor can have happened at all: most wait for something that never comes."""
    found: list[tuple[int, Duty]] = []
    for anchors, duties in reading.pack.duties_by_anchors:
        if anchors in FROM_THE_REPORT:  # these begin with their condition
            found += [(place, duty) for place, duty in duties if _known(duty, reading)]
        elif any(_can_be(anchor, reading) for anchor in anchors):
            found += duties
    return [duty for _, duty in sorted(found, key=itemgetter(0))]


def _can_be(anchor: str | After | AtThreshold, reading: Reading) -> bool:
    if isinstance(anchor, str):
        return reading.happened.get(anchor, True)
    if isinstance(anchor, After):
        return not reading.acted.isdisjoint(anchor.actions)
    return bool(reading.crossings.get(anchor.threshold))


Bounds = tuple[datetime, datetime | None, datetime | None]


def _of_one(anchor: str | After | AtThreshold, rule: Timed, reading: Reading) -> list[Bounds]:
    """When, and the bounds of the stretch it belongs to."""
    if isinstance(anchor, After):
        return [(d.at, None, None) for d in _after(anchor, reading.episode)]
    if isinstance(anchor, AtThreshold):
        return [(c.at, None, None) for c in _crossed(anchor.threshold, reading)]
    if anchor == "missing_since":
        return [(s.clock_start, s.start, s.end) for s in reading.missing]
    if anchor == "absent_since":
        return [(s.clock_start, s.start, s.end) for s in away_stretches(reading.stretches)]
    moment = _known(rule, reading) if anchor in {"notified_at", "when"} else _stated(anchor, rule, reading)
    return [(moment, None, None)] if moment else []


def _known(rule: Timed, reading: Reading) -> datetime | None:
    """The report, or the first moment after it at which the condition holds."""
    told = reading.episode.notified_at
    if told is None or rule.when_at == "anchor":
        return told
    return reading.first_true(rule.when, told) or (told if reading.is_kept((rule.id, 1)) else None)


def _stated(anchor: str, rule: Timed, reading: Reading) -> datetime | None:
    moment = _moment(anchor, reading)
    if moment is None and anchor == "assessed_missing_at":
        return _known(rule, reading)  # C-51: judged missing by being recorded so
    return moment


def _after(anchor: After, episode: Episode) -> list[Done]:
    fitting = [d for d in episode.done if d.action in anchor.actions and _outcome_fits(anchor, d)]
    return sorted(fitting, key=lambda d: d.at)


def _outcome_fits(anchor: After, done: Done) -> bool:
    if anchor.outcome:
        return (done.outcome or "done") in anchor.outcome
    meeting_decided = done.decision and words.actions()[done.action] == "meeting"
    return done.outcome not in NOT_HELD and not meeting_decided


def _crossed(threshold: str, reading: Reading) -> list[Crossing]:
    return [c for c in reading.crossings.get(threshold, ()) if c.episode == reading.episode.id]


def _moment(anchor: object, reading: Reading) -> datetime | None:
    episode = reading.episode
    match anchor:
        case "found_at":
            return episode.found_at
        case "returned_at":
            return episode.returned_at if episode.found_at else None
        case "birthday_18":
            return _birthday(as_date(reading.at(reading.now).value("date_of_birth") or reading.child.date_of_birth))
    value = episode.latest(str(anchor))
    return value if isinstance(value, datetime) or value is None else at_local(as_date(value) or date.max, time(0))


def _birthday(born: date | None) -> datetime | None:
    if born is None:
        return None
    leap = born.month == 2 and born.day == 29
    day = date(born.year + 18, 3, 1) if leap and (born.year + 18) % 4 else born.replace(year=born.year + 18)
    return at_local(day, time(0)).astimezone(LONDON)
