"""How an episode's category ran over time: when the child counted as missing, when as away, when a limit lapsed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from policies.conditions import facts_of
from policies.history import LASTING, Episode
from policies.pack import Pack
from policies.worktime import add


class Segment(NamedTuple):
    """One stretch in one category. `clock_start` is where marks count from; `end` None while it lasts."""

    start: datetime
    clock_start: datetime
    end: datetime | None
    category: str
    missing: bool
    absent: bool = False
    lapsed: str = ""

    def at(self, moment: datetime) -> bool:
        """Whether the stretch holds at `moment`."""
        return self.start <= moment and (self.end is None or moment < self.end)


class _At(NamedTuple):
    """The stated facts of an episode at one moment, for a category whose counting as missing is decided by a fact."""

    episode: Episode
    age: int | None
    moment: datetime

    def value(self, fact: str) -> Any:
        if fact == "age":
            return self.age
        timeline = self.episode.facts.get(fact, ())
        if fact in LASTING:
            return timeline[-1][1] if timeline else None
        return next((value for since, value in reversed(timeline) if since <= self.moment), None)

    def decision(self, action: str) -> str | None:
        outcomes = [d.outcome or "done" for d in self.episode.done if d.action == action and d.at <= self.moment]
        return outcomes[-1] if outcomes else None


def segments(pack: Pack, episode: Episode, age: int | None) -> tuple[Segment, ...]:
    """The stretches of the episode, oldest first, up to when the child was found.

    An agreed limit that passes, and a suspected place not verified in time, begin a stretch of their own
    (BURY-76, TRI-074): nobody has to press anything for a child to become missing.
    """
    changes = _with_lapses(pack, episode)
    found: list[Segment] = []
    for n, (start, category, lapsed) in enumerate(changes):
        end = changes[n + 1][0] if n + 1 < len(changes) else episode.found_at
        if episode.found_at and start >= episode.found_at:
            break
        end = min(end, episode.found_at) if end and episode.found_at else end
        found += _parts(pack, episode, age, Segment(start, start, end, category, missing=False, lapsed=lapsed))
    return tuple(_clocked(found, episode))


def _parts(pack: Pack, episode: Episode, age: int | None, whole: Segment) -> list[Segment]:
    """A stretch whose counting as missing depends on facts is cut where one of them changes."""
    rule = pack.categories.get(whole.category)
    if rule is None or isinstance(rule.missing, bool):
        return [whole._replace(missing=bool(rule and rule.missing), absent=bool(rule and rule.absent))]
    asked = facts_of(rule.missing)
    told = {at for fact in asked - LASTING for at, _ in episode.facts.get(fact, ())}
    told |= {done.at for done in episode.done if done.decision} if "decided" in asked else set()
    cuts = [whole.start, *sorted(at for at in told if whole.at(at) and at > whole.start)]
    ends = [*cuts[1:], whole.end]
    return [
        whole._replace(
            start=start,
            clock_start=start,
            end=end,
            missing=rule.missing.holds(_At(episode, age, start)),
            lapsed=whole.lapsed if n == 0 else "",
        )
        for n, (start, end) in enumerate(zip(cuts, ends, strict=True))
    ]


def _clocked(found: list[Segment], episode: Episode) -> list[Segment]:
    """Marks of a missing stretch count from its first missing moment; a lapse counts from the true start if nobody knew where (C-18)."""
    out: list[Segment] = []
    for segment in found:
        before = out[-1] if out else None
        joins = before is not None and ((before.missing and segment.missing) or _unknown_all_along(segment.lapsed, episode))
        out.append(segment._replace(clock_start=before.clock_start) if before and joins else segment)
    return out


def _unknown_all_along(lapsed: str, episode: Episode) -> bool:
    """An absence means that the place is known unless somebody says no; a suspected place is unknown unless somebody says yes."""
    known = episode.latest("whereabouts_known")
    return (lapsed == "limit" and known is False) or (lapsed == "suspected" and known is not True)


def _with_lapses(pack: Pack, episode: Episode) -> list[tuple[datetime, str, str]]:
    changes = [(at, category, "") for at, category in episode.categories]
    if not changes:
        return []
    start, last, _ = changes[-1]
    rule = pack.categories.get(last)
    limit = episode.latest("absence_limit_at")
    if rule and rule.lapses_to and limit and limit >= start:
        changes.append((limit, rule.lapses_to, "limit"))
    elif rule and rule.suspected and episode.latest("whereabouts_suspected") is True and episode.latest("whereabouts_known") is not True:
        changes.append((add(max(start, episode.notified_at or start), rule.suspected.verify_within), rule.suspected.becomes, "suspected"))
    return changes


def missing_stretches(found: tuple[Segment, ...]) -> list[Segment]:
    """Missing segments with neighbours joined: each is one time the child was missing."""
    out: list[Segment] = []
    for segment in found:
        if not segment.missing:
            continue
        if out and out[-1].end == segment.start:
            out[-1] = out[-1]._replace(end=segment.end, category=segment.category)
        else:
            out.append(segment)
    return out


def away_stretches(found: tuple[Segment, ...]) -> list[Segment]:
    """The stretches in which the child was away but not missing."""
    return [segment for segment in found if not segment.missing]
