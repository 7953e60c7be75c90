"""What whoever chairs a meeting hears: that it is fixed, who declines, who has not answered though chased, and was it held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from policies import words
from policies.answers import Standing, standings
from policies.meeting import Meeting
from policies.obligations import Obligation
from policies.rung import Rung, Situation, by_day, early_enough, morning
from policies.worktime import add

CHAIR, DECLINED, MISSING, HELD = "chair", "declined", "absent", "held"
CHASES = ("chase-early", "chase")
TO_ANSWER = timedelta(hours=2)  # house: how long an agency that was chased has before the chair hears of it


def asked(name: str, o: Obligation) -> str:
    """A rung about the answers asked for now: another time asks for them again."""
    return f"{name}/{o.asked}" if o.asked else name


def who_chairs(o: Obligation) -> str:
    """Whoever the protocol or the form names, else the one who owes the meeting."""
    return o.chair if o.chair in words.roles() else o.owner


def chairing(o: Obligation, meeting: Meeting, s: Situation) -> Iterator[Rung]:
    """Fixed or moved, or a required agency declines: at once. One is still missing: a day and two hours before. Was it held: after."""
    chair = who_chairs(o)
    yield Rung(f"{CHAIR}/{o.asked}", "notice", chair, meeting.asked_at, "")
    absent = [st for st in standings(o, s.pack, s.responses) if st.required and st.missing]
    for st in absent:
        if st.answer and st.answer.at >= meeting.fixed_at:
            yield Rung(f"{DECLINED}/{st.agency}/{o.asked}", "notice", chair, st.answer.at, "")
    hears = told_at(meeting.starts, o, s) if absent and not meeting.goes_ahead else []
    for n, (before, until) in enumerate(pairwise([*hears, meeting.starts])):
        moments = [at for st in absent if (at := _heard(st, before, o, s)) and meeting.asked_at < at < until]
        if moments:
            yield Rung(f"{MISSING}/{n}/{o.asked}", "notice", chair, min(moments), "")
    yield Rung(f"{HELD}/{o.asked}", "notice", chair, morning(add(meeting.starts, s.pack.house.asked_if_held_after)), "")


def told_at(starts: datetime, o: Obligation, s: Situation) -> list[datetime]:
    """When the chair hears who is missing, the earliest first."""
    return sorted(early_enough(by_day(starts - length.exact, o), o, s) for length in s.pack.house.chair_told_before)


def _heard(st: Standing, before: datetime, o: Obligation, s: Situation) -> datetime | None:
    """When the chair hears that an agency is missing; of a silent one not before it was chased and had time to answer."""
    if st.answer:
        return before
    chased = [at for (name, to), at in s.used.items() if to in st.roles and name in {asked(chase, o) for chase in CHASES}]
    if not chased:
        return None
    return before if min(chased) < before else min(chased) + TO_ANSWER
