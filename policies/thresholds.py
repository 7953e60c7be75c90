"""Thresholds over a child's episodes: which were crossed, by which episode, when (MATRIX G4 to G6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from policies.absences import days_in_a_row
from policies.history import Child, Episode
from policies.pack import Threshold
from policies.segments import Segment
from policies.worktime import LONDON, Calendar, add


@dataclass(frozen=True)
class Crossing:
    """A threshold reached. `arming` counts how often it was armed for this child; each crossing is raised once."""

    rule: str
    episode: str
    at: datetime
    arming: int
    count: int


@dataclass(frozen=True)
class Sight:
    """How episodes are seen: when one was first a missing one, which days are worked, whether a rule is excused at an episode."""

    first_missing: Callable[[Episode], Segment | None]
    was_absent: Callable[[Episode], bool]
    calendar: Calendar
    excused: Callable[[Threshold, Episode], bool]


def crossings(rule: Threshold, child: Child, sight: Sight, now: datetime) -> tuple[Crossing, ...]:
    """Every crossing of `rule` in the child's history, oldest first, as known at `now`."""
    if len(child.episodes) < rule.count:
        return ()
    found: list[Crossing] = []
    armed, arming, last = True, 1, -1
    episodes = sorted((e for e in child.episodes if e.missing_since), key=lambda e: e.missing_since)  # type: ignore[arg-type, return-value]
    when = {episode.id: _reached(rule, episode, sight, now) for episode in episodes}
    for index, episode in enumerate(episodes):
        reached = when[episode.id]
        if reached is None:
            continue
        counted = _counted(rule, episodes[: index + 1], sight, when)
        if len(counted) < rule.count:
            arming += not armed
            armed = True
            continue
        if not armed and _again(rule, episodes, last, counted, reached, sight):
            arming, armed = arming + 1, True
        if armed:
            found.append(Crossing(rule.id, episode.id, reached, arming, len(counted)))
            armed, last = False, index
    return tuple(found)


def _reached(rule: Threshold, episode: Episode, sight: Sight, now: datetime) -> datetime | None:
    """When this episode is counted: its start or its report, whichever is later (G6); a long one when it is long enough."""
    start = _start(rule, episode, sight)
    if start is None or episode.voided_at or not _kind_fits(rule, episode, sight):
        return None
    became = sight.first_missing(episode) if rule.of == "missing" else None
    told = max(start, episode.notified_at or start, became.start if became else start)
    if rule.min_duration is None:
        return told
    long_enough = add(start, rule.min_duration)
    if episode.found_at and episode.found_at < long_enough:
        return None
    return max(told, long_enough) if long_enough <= now else None


def _start(rule: Threshold, episode: Episode, sight: Sight) -> datetime | None:
    """From when it is counted: a missing one since it was that, whatever it was before (BURY-47, BURY-76)."""
    first = sight.first_missing(episode) if rule.of == "missing" else None
    return first.clock_start if first else episode.missing_since


def _kind_fits(rule: Threshold, episode: Episode, sight: Sight) -> bool:
    missing = rule.of in {"missing", "missing_or_absent"} and sight.first_missing(episode) is not None
    return missing or (rule.of in {"absent", "missing_or_absent"} and sight.was_absent(episode))


Reached = Mapping[str, datetime | None]


def _counted(rule: Threshold, episodes: list[Episode], sight: Sight, when: Reached) -> list[Episode]:
    end = _start(rule, episodes[-1], sight)
    assert end is not None  # noqa: S101 - filtered by the caller
    first = add(end, rule.window.back) if rule.window else None
    found = list(_in_window(rule, episodes, when, first, sight))
    if rule.consecutive == "working_days":
        return found[: days_in_a_row(found, end.astimezone(LONDON).date(), sight.calendar)]
    return found


def _in_window(rule: Threshold, episodes: list[Episode], when: Reached, first: datetime | None, sight: Sight) -> Iterator[Episode]:
    for episode in reversed(episodes):
        if when[episode.id] is None:
            if rule.consecutive is True:
                return
            continue
        start = _start(rule, episode, sight)
        if first and start and start < first:
            return
        yield episode


def _again(rule: Threshold, episodes: list[Episode], last: int, counted: list[Episode], reached: datetime, sight: Sight) -> bool:
    """Armed again while still above: `count` new episodes after a held meeting, or the meeting of an old crossing was never held.

    Only what was held before this episode was counted matters: a meeting held since answers its crossing, it does not undo it.
    """
    held = [d.at for e in episodes for d in e.done if d.action == rule.reset_by and not d.decision and d.at < reached]
    since = [at for at in held if at >= (episodes[last].missing_since or at)]
    if since:
        return sum(1 for e in counted if e.missing_since and e.missing_since > max(since)) >= rule.count
    return rule.until_held and not episodes[last].tracked and not held and not sight.excused(rule, counted[0])


def counted(rule: Threshold, child: Child, episode: Episode, sight: Sight, now: datetime) -> list[Episode]:
    """The episodes that count towards the rule at this one, itself included, the newest first; none when it does not count."""
    episodes = sorted((e for e in child.episodes if e.missing_since), key=lambda e: e.missing_since)  # type: ignore[arg-type, return-value]
    upto = [e for e in episodes if e is episode or (e.missing_since and episode.missing_since and e.missing_since <= episode.missing_since)]
    when = {e.id: _reached(rule, e, sight, now) for e in upto}
    return _counted(rule, upto, sight, when) if when.get(episode.id) is not None else []


def stands(rule: Threshold, child: Child, episode: Episode, sight: Sight, now: datetime) -> bool:
    """Whether the count is reached at this episode, whether or not that was the crossing."""
    return len(child.episodes) >= rule.count and len(counted(rule, child, episode, sight, now)) >= rule.count
