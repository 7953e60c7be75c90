"""What an exercise came to: which goals were met, what was due, what was missed and under which clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.case import Case, look
from handlers.desk import Desk
from policies import words
from policies.timeline import Lane, Span, State, timeline
from policies.worktime import lasting, said
from storage import episodes


@dataclass(frozen=True)
class Goal:
    """Something to get done: an action, of one rule or of any; that a meeting is `fixed`; that an agency gave its `answer`."""

    says: str
    action: str
    rule: str | None = None
    fixed: bool = False
    answer: str | None = None


@dataclass(frozen=True)
class Reached:
    """A goal and how it stands; `how` says it in words."""

    says: str
    state: State | Literal["not yet"]
    how: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Point:
    """One thing that was asked, and how it ended."""

    reference: str
    says: str
    owner: str
    clauses: tuple[str, ...]
    due: datetime | None
    state: State
    how: str


@dataclass(frozen=True)
class Debrief:
    """`verdict` in a sentence; `points` by due time, those without a time last."""

    verdict: str
    goals: tuple[Reached, ...]
    points: tuple[Point, ...]

    def of(self, *states: State) -> tuple[Point, ...]:
        """The points that ended so."""
        return tuple(point for point in self.points if point.state in states)


def debrief(desk: Desk, authority: str, goals: Sequence[Goal] = ()) -> Debrief:
    """Over every episode of the authority that the bot has followed; restricted ones are never listed."""
    cases = [look(desk, row) for row in episodes.of_authority(desk.session, authority) if not row.restricted]
    followed = [(case, timeline(case.derived(desk), desk.now).lanes) for case in cases if case.episode.tracked]
    points = [_point(case, lane, span, desk.now) for case, lanes in followed for lane in lanes for span in lane.spans]
    points = [p for p in points if p.state != "ahead"]
    points.sort(key=lambda p: (p.due is None, p.due or desk.now))
    reached = tuple(_reached(goal, followed, desk.now) for goal in goals)
    return Debrief(_verdict(reached, points), reached, tuple(points))


def _point(case: Case, lane: Lane, span: Span, now: datetime) -> Point:
    owner = words.label(lane.owner)
    return Point(case.row.reference, lane.says, owner, lane.clauses, span.due, span.state, how(span, now))


def how(span: Span, now: datetime) -> str:
    """How one obligation stands, in words."""
    if span.state in {"done", "done_late"} and span.ended:
        late = f", {lasting(span.ended - span.due)} late" if span.state == "done_late" and span.due else ""
        return f"done {said(span.ended)}{late}"
    if span.state == "late" and span.due:
        return f"not done, {lasting(now - span.due)} late"
    if span.state == "open":
        return "not done, no time is given" if span.due is None else f"still open, due {said(span.due)}"
    return span.note or ("waived" if span.state == "waived" else "no longer needed")


def _reached(goal: Goal, followed: list[tuple[Case, tuple[Lane, ...]]], now: datetime) -> Reached:
    if goal.action == "report":
        return Reached(goal.says, "done" if followed else "not yet", "reported" if followed else "nothing is reported yet")
    if goal.fixed or goal.answer:
        return _about_meeting(goal, [case for case, _ in followed])
    spans = [(span, lane) for _, lanes in followed for lane in lanes for span in lane.spans if _meant(goal, lane)]
    standing = [s for s in spans if s[0].state != "over"] or spans
    if not standing:
        return Reached(goal.says, "not yet", "not asked for yet")
    span, lane = min(standing, key=lambda s: (s[0].due is None, s[0].due or s[0].begins))
    told = f"due {said(span.due)} if still missing" if span.state == "ahead" and span.due else how(span, now)
    return Reached(goal.says, span.state, told, lane.clauses)


def _meant(goal: Goal, lane: Lane) -> bool:
    return lane.action == goal.action and goal.rule in {None, lane.rule}


def _about_meeting(goal: Goal, cases: list[Case]) -> Reached:
    fixed = [case.episode for case in cases if case.episode.fixed(goal.action) or _held(goal, case)]
    told = [r for case in cases for r in (*case.episode.earlier, *case.episode.responses)]
    answers = [r for r in told if r.action == goal.action and r.agency == goal.answer]
    if goal.answer:
        return Reached(goal.says, "done" if answers else "not yet", f"{answers[-1].answer}" if answers else "no answer yet")
    return Reached(goal.says, "done" if fixed else "not yet", "fixed" if fixed else "no time yet")


def _held(goal: Goal, case: Case) -> bool:
    return any(done.action == goal.action and not done.decision for done in case.episode.done)


def _verdict(goals: Sequence[Reached], points: Sequence[Point]) -> str:
    return " ".join([*_of_goals(goals), *_of_points(points)])


def _of_goals(goals: Sequence[Reached]) -> Iterator[str]:
    met = sum(goal.state == "done" for goal in goals)
    if goals:
        yield "Every goal was met." if met == len(goals) else f"{met} of {len(goals)} goals are met."


def _of_points(points: Sequence[Point]) -> Iterator[str]:
    dated = [p for p in points if p.due and p.state not in {"over", "waived"}]
    late, missed = (sum(p.state == state for p in dated) for state in ("done_late", "late"))
    if not dated:
        yield "Nothing with a time has been due yet."
    elif not late and not missed:
        yield "Nothing was late."
    else:
        counted = [f"{n} {what}" for n, what in ((missed, "not done in time"), (late, "done late")) if n]
        yield f"Of {len(dated)} things with a time {' and '.join(counted)}."
