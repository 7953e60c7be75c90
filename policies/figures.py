"""What returns and reports count of one episode: dates, codes and categories, never a name or a free text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from policies.ages import age
from policies.facts import CARE_CATEGORIES, IN_CARE
from policies.folding import fold
from policies.history import Child, Episode, Happening
from policies.interviews import interview_of
from policies.pack import Pack
from policies.segments import Segment, segments

MISSING, AWAY, NEITHER = "M", "A", ""
ELSEWHERE = "looked_after_by_other_la"
KNOWN_PLACE = frozenset({"away_from_placement_without_authorisation", "whereabouts_known", "absconder"})
NO_RETURN = frozenset({"missing_education", "missing_adult", "not_in_contact"})
STEPS = ("offered_at", "accepted_at", "declined_at", "conducted_at", "not_done_at", "declined_by")
SAID = {"Y": True, "N": False}


@dataclass(frozen=True)
class Stretch:
    """One stretch of an episode: M missing, A away with the whereabouts known, or neither when nobody said; `end` None while it lasts."""

    code: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Met:
    """A meeting that was held. `came`: how many agencies were there, None where nobody said; `there`: of the `needed` that had to come."""

    action: str
    at: datetime
    came: int | None
    needed: int | None
    there: int | None


@dataclass(frozen=True)
class Figure:
    """One episode as it is counted. `ours`: looked after by this authority; None when the care status is not known.

    `offered` and `accepted`: what an extract said of the interview of an episode from before the bot, None when it said nothing.
    """

    episode_id: str
    tracked: bool
    care_status: str | None
    in_care: bool | None
    ours: bool | None
    team: str | None
    stretches: tuple[Stretch, ...]
    acknowledged_at: datetime | None = None
    offered_at: datetime | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    conducted_at: datetime | None = None
    not_done_at: datetime | None = None
    declined_by: str | None = None
    offered: bool | None = None
    accepted: bool | None = None
    meetings: tuple[Met, ...] = ()


def figure(pack: Pack, child_born: object, episode_id: str, told: Sequence[Happening]) -> Figure:
    """The figure of an episode from what happened in it, in the order it was recorded."""
    episode = fold(episode_id, told)
    found = segments(pack, episode, age(Child("", (episode,), child_born), episode))
    status = _care_status(episode, found)
    steps = _steps(episode)
    before = next((h.data.get("interview") or {} for h in told if h.kind == "imported"), {})
    return Figure(
        episode_id=episode_id,
        tracked=episode.tracked,
        care_status=status,
        in_care=None if status is None else status in IN_CARE,
        ours=_ours(episode, status),
        team=str(episode.latest("team")) if episode.latest("team") else None,
        stretches=tuple(_stretches(episode, found)),
        acknowledged_at=min((h.at for h in told if h.kind == "acknowledged"), default=None),
        offered=SAID.get(before.get("offered", "")),
        accepted=SAID.get(before.get("accepted", "")),
        meetings=tuple(_met(episode, told)),
        **steps,
    )


def _care_status(episode: Episode, found: Sequence[Segment]) -> str | None:
    stated = episode.latest("care_status")
    if stated is not None:
        return str(stated)
    return "looked_after" if any(s.category in CARE_CATEGORIES for s in found) else None


def _ours(episode: Episode, status: str | None) -> bool | None:
    """Whether this authority is responsible for a child in care; a placing authority that is named is another one."""
    if status is None:
        return None
    return status in IN_CARE and status != ELSEWHERE and not episode.latest("placing_authority")


def _steps(episode: Episode) -> dict[str, Any]:
    """When the steps of the return interview were taken, by the one definition there is of them."""
    held = interview_of(episode, ())
    return {name: getattr(held, name) for name in STEPS} if held else {}


def _met(episode: Episode, told: Sequence[Happening]) -> Iterable[Met]:
    """Meetings that were held and are not undone, with who was there by what was written down then."""
    came = {h.id: tuple(h.data.get("came") or ()) for h in told if h.kind == "held"}
    for done in episode.done:
        if done.id in came:
            fixed = next((m for m in episode.meetings if (m.action, m.state, m.ended_at) == (done.action, "held", done.at)), None)
            needed = fixed.required if fixed and came[done.id] else None
            there = sum(agency in came[done.id] for agency in needed) if needed else None
            yield Met(done.action, done.at, len(came[done.id]) or None, len(needed) if needed else None, there)


def _stretches(episode: Episode, found: Sequence[Segment]) -> Iterable[Stretch]:
    """Neighbours of one code are one. Missing ends when the child is found; away ends only when the child is back."""
    joined: list[Stretch] = []
    for n, segment in enumerate(found):
        counted = any(later.missing and later.clock_start <= segment.start for later in found[n:])  # as the child is counted (C-18)
        code = MISSING if counted else _code(segment, episode)
        if joined and joined[-1].code == code:
            joined[-1] = replace(joined[-1], end=segment.end)
        else:
            joined.append(Stretch(code, segment.start, segment.end))
    if joined and joined[-1].code != MISSING and joined[-1].end:
        joined[-1] = replace(joined[-1], end=episode.returned_at)
    return joined


def _code(segment: Segment, episode: Episode) -> str:
    known = episode.latest("whereabouts_known")
    if segment.category in NO_RETURN:
        return NEITHER
    if known is None:
        return AWAY if segment.category in KNOWN_PLACE else NEITHER
    return AWAY if known else MISSING
