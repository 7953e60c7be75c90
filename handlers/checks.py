"""Checks every verb shares: times that cannot be, texts too long, and what the pack refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from handlers.case import Case
from handlers.desk import Desk
from handlers.errors import NeedsApproval, Refused
from policies import words
from policies.ages import as_date
from policies.history import Child, Episode
from policies.pack import Pack
from policies.reading import Reading
from policies.worktime import LONDON, Calendar, said

LONGEST, LONGEST_LINE = 4000, 200  # characters of one text, and of one that fits a line
LONGEST_AGO = timedelta(days=366)
TOLERANCE = timedelta(minutes=2)  # clocks of phones differ


def not_in_future(desk: Desk, moment: datetime | None, what: str, field: str) -> None:
    """Refuse a moment that has not come yet."""
    if moment is not None and moment > desk.now + TOLERANCE:
        year = "" if moment.year == desk.now.year else f" {moment.year}"
        raise Refused(f"{what} cannot be in the future: it is {said(desk.now)} now, and you gave {said(moment)}{year}.", field=field)


def not_long_ago(desk: Desk, moment: datetime | None, born: date | None, field: str, *, in_care: bool = False) -> None:
    """Refuse a start more than a year back, or before the child was born: a slip of the year would ring everybody.

    Of a child in care one on the very day of birth is a slip as well, and the statutory return refuses it (rule 586).
    """
    if moment is not None and desk.now - moment > LONGEST_AGO:
        raise Refused(f"{moment:%-d %B %Y} is more than a year ago. Check the year; what is older goes into the case system.", field=field)
    day = moment.astimezone(LONDON).date() if moment else None
    if moment is not None and day and born is not None and (day < born or (in_care and day == born)):
        raise Refused(f"Missing since {said(moment)} would be before the child was born. Check both dates.", field=field)


def not_before(moment: datetime | None, start: datetime | None, what: str, field: str, happened: str = "the child went missing") -> None:
    """Refuse a moment before another one: unless said otherwise, before the child went missing."""
    if moment is not None and start is not None and moment < start:
        given = f"{said(moment)}{'' if moment.year == start.year else f' {moment.year}'}"
        raise Refused(f"{what} ({given}) would be before {happened} ({said(start)}). Correct one of the two.", field=field)


def still_counts(case: Case) -> None:
    """Refuse to go on with an episode that is void."""
    if case.episode.voided_at:
        raise Refused(f"{case.row.reference} is void since {said(case.episode.voided_at)}: nothing more is recorded in it but notes.")


def birth(desk: Desk, born: date | None) -> None:
    """Refuse a birth date that nobody can have."""
    if born is not None and born > desk.today:
        raise Refused(f"A birth date of {born:%-d %B %Y} is in the future. Check the year.", field="date_of_birth")
    if born is not None and born.year < desk.today.year - 120:
        raise Refused(f"A birth date of {born:%-d %B %Y} is more than 120 years ago. Check the year.", field="date_of_birth")


def short_enough(text: str | None, field: str, longest: int = LONGEST) -> str:
    """The text, stripped; refused when it is longer than anybody reads."""
    stripped = (text or "").strip()
    if len(stripped) > longest:
        raise Refused(f"That is {len(stripped):,} characters; at most {longest:,} are kept. Shorten it, nothing was lost.", field=field)
    return stripped


def one_line(text: str | None, field: str) -> str:
    """A name, a reference, a role: refused when it is longer than a line."""
    return short_enough(text, field, LONGEST_LINE)


def reason_given(text: str | None) -> str:
    """A reason, which this verb needs."""
    reason = short_enough(text, "reason")
    if not reason:
        raise Refused("This needs a reason: say in a few words why.", field="reason")
    return reason


def known_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of the vocabulary with values they can have. Raises Refused naming the nearest known one."""
    known = words.facts()
    for name, value in values.items():
        if name not in known:
            raise Refused(f"'{name}' is not a fact this bot knows{words.nearest(name, known)}", field=name)
        kind = known[name].type
        if kind.startswith("enum:") and value is not None and value not in words.vocabulary()[kind[5:]]:
            values_known = words.vocabulary()[kind[5:]]
            near = words.nearest(str(value), values_known) or f"; choose {', '.join(words.label(v) for v in values_known)}."
            raise Refused(f"'{str(value)[:40]}' is not a {words.label(name)}{near}", field=name)
        if kind == "bool" and value is not None and not isinstance(value, bool):
            raise Refused(f"'{words.label(name)}' is yes or no.", field=name)
    return dict(values)


@dataclass(frozen=True)
class Wish:
    """What would be true after a verb: the case's facts with the new ones laid over."""

    read: Callable[[], Reading]
    at: datetime
    facts: Mapping[str, Any]

    @cached_property
    def reading(self) -> Reading:
        """Worked out when it is first asked: most verbs are forbidden by nothing."""
        return self.read()

    def value(self, fact: str) -> Any:
        """A new value first, else what is known."""
        if fact in self.facts:
            return self.facts[fact]
        return self.reading.at(self.at).value(fact)

    def decision(self, action: str) -> str | None:
        """The newest decision of an action."""
        return self.reading.at(self.at).decision(action)


def blocked(verb: str, pack: Pack, wish: Wish, field: str | None = None, roles: frozenset[str] = frozenset(), reason: str = "") -> None:
    """Raise Refused when the pack's protocol forbids this verb on what would then be true."""
    for block in pack.blocks:
        if verb not in block.verbs or set(block.unless_by) & roles or (block.unless_reason and reason):
            continue
        if block.sets and verb == "set" and not set(block.sets) & set(wish.facts):
            continue
        if block.when is None or block.when.holds(wish):
            if block.unless_by:
                raise NeedsApproval(block.says, block.unless_by, field)
            raise Refused(block.says, field="reason" if block.unless_reason else field)


def wish(case: Case, desk: Desk, facts: Mapping[str, Any]) -> Wish:
    """A wish about an episode that exists."""
    return Wish(lambda: Reading(case.pack, case.child, case.episode, case.calendar, desk.now), desk.now, facts)


def first_wish(pack: Pack, calendar: Calendar, now: datetime, since: datetime | None, facts: Mapping[str, Any]) -> Wish:
    """A wish about an episode that is about to be opened."""
    timelines = {name: ((since or now, value),) for name, value in facts.items() if value is not None}
    episode = Episode("new", notified_at=now, stated_since=since, categories=((since or now, str(facts.get("category"))),), facts=timelines)
    child = Child("new", (episode,), as_date(facts.get("date_of_birth")))
    return Wish(lambda: Reading(pack, child, episode, calendar, now), now, {})
