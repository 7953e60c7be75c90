"""Holes in the rota: when, in the days to come, nobody would hear what is meant for a role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from handlers.directory import Directory
from handlers.standing import as_of
from policies import words
from policies.pack import Pack
from policies.worktime import LONDON, at_local, said
from storage.arrangements import Arrangement

AHEAD = timedelta(days=14)
NAMED = 3  # holes of one role in one sentence; the rest is counted
NIGHT, MORNING, NOON, EVENING = 2, 7, 12, 17  # hours; who misses two o'clock misses the night


@dataclass(frozen=True)
class Gap:
    """A role, perhaps of one team, that nobody holds from one moment to another."""

    role: str
    team: str | None
    since: datetime
    until: datetime

    def when(self) -> str:
        """`on Saturday night (Sat 7 Feb 22:00 to Sun 8 Feb 07:00)`, or only the two moments when it is longer than a day."""
        span = f"{said(self.since)} to {said(self.until)}"
        start = self.since.astimezone(LONDON)
        if self.until - self.since > timedelta(hours=24):
            return f"from {span}"
        night = at_local(start.date() if start.hour < NIGHT else start.date() + timedelta(days=1), time(NIGHT))
        if self.since <= night < self.until:
            evening = night.astimezone(LONDON).date() - timedelta(days=1)
            return f"on {evening:%A} night ({span})"
        hour = (self.since + (self.until - self.since) / 2).astimezone(LONDON).hour
        part = "night" if hour < MORNING else "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
        return f"on {start:%A} {part} ({span})"


def gaps(directory: Directory, arrangements: Sequence[Arrangement], authority: str, roles: Iterable[str], now: datetime) -> list[Gap]:
    """Every hole in roles that somebody holds at some time, in the order of roles and time."""
    until = now + AHEAD
    edges = _edges(directory, arrangements, authority, now, until)
    found: list[Gap] = []
    for role in roles:
        for team in _teams(directory, authority, role):
            if not _is_held(directory, authority, role):
                continue
            found.extend(
                _merged(role, team, [(a, b) for a, b in edges if not _somebody(directory, arrangements, authority, role, team, a, b)])
            )
    return found


def unheld(directory: Directory, authority: str, roles: Iterable[str]) -> list[str]:
    """Roles the protocol names that nobody ever holds."""
    return [role for role in roles if not _is_held(directory, authority, role)]


def sentences(found: Iterable[Gap]) -> Iterator[str]:
    """One for each role and team."""
    together: dict[tuple[str, str | None], list[Gap]] = {}
    for gap in found:
        together.setdefault((gap.role, gap.team), []).append(gap)
    for (role, team), holes in together.items():
        more = f", and {len(holes) - NAMED} more times" if len(holes) > NAMED else ""
        of = f" for {team}" if team else ""
        yield f"No {words.label(role)}{of} {', '.join(gap.when() for gap in holes[:NAMED])}{more}."


def roles_of(pack: Pack) -> list[str]:
    """Every role that a protocol asks something of, save those it reaches through another."""
    found: dict[str, None] = {pack.coordinator: None}
    for duty in pack.duties:
        found |= dict.fromkeys([route.role for route in (*duty.owner, *duty.tell)] + [*duty.co_owners, *(duty.escalate_to or ())])
    found |= dict.fromkeys(role for pair in pack.managers.items() for role in pair)
    return [role for role in found if role not in pack.reached_through]


def _teams(directory: Directory, authority: str, role: str) -> list[str | None]:
    """The teams of the authority, where the role is held by team; else None, for all of it."""
    held = [h for p in directory.people for h in p.roles if h.authority == authority]
    if all(h.team is None for h in held if h.role == role):
        return [None]
    return [*sorted({h.team for h in held if h.team})]


def _is_held(directory: Directory, authority: str, role: str) -> bool:
    return any((h.authority, h.role) == (authority, role) for p in directory.people for h in p.roles)


def _edges(
    directory: Directory, arrangements: Sequence[Arrangement], authority: str, now: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The stretches between now and then in which nothing changes."""
    moments = {now, until}
    for turn in directory.rota:
        if turn.authority == authority:
            moments.update(turn.edges(now, until))
    for a in arrangements:
        moments.update(edge for edge in (a.since, a.until) if edge and now < edge < until)
    for held in (h for p in directory.people for h in p.roles if h.authority == authority):
        days = [held.since, held.until + timedelta(days=1) if held.until else None]
        moments.update(edge for day in days if day and now < (edge := at_local(day, time())) < until)
    ordered = sorted(moments)
    return list(pairwise(ordered))


def _somebody(
    directory: Directory, arrangements: Sequence[Arrangement], authority: str, role: str, team: str | None, since: datetime, until: datetime
) -> bool:
    middle = since + (until - since) / 2
    return bool(as_of(directory, arrangements, middle).holders(role, authority, middle, team))


def _merged(role: str, team: str | None, empty: Sequence[tuple[datetime, datetime]]) -> list[Gap]:
    found: list[Gap] = []
    for since, until in empty:
        if found and found[-1].until == since:
            found[-1] = Gap(role, team, found[-1].since, until)
        else:
            found.append(Gap(role, team, since, until))
    return found
