"""The interview of a return as it stands: kept to be counted, and said with both clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.case import Case
from handlers.desk import Desk
from policies import words
from policies.interviews import INTERVIEW, OFFER, Interview, interview_of
from policies.obligations import Derived
from policies.worktime import lasting, said
from storage import interviews
from storage.interviews import InterviewRow

_STEPS = (
    ("offered", "offered_at"),
    ("accepted", "accepted_at"),
    ("declined", "declined_at"),
    ("held", "conducted_at"),
    ("not done, accepted", "not_done_at"),
    ("written up", "recorded_at"),
    ("signed off", "signed_off_at"),
    ("shared with police", "shared_at"),
)


def keep(desk: Desk, case: Case, derived: Derived) -> None:
    """Bring the stored row of the episode's interview up to what was recorded. A return taken back leaves a void row."""
    if not any(h.kind == "found" for h in case.told[case.row.id]):
        return
    before = interviews.of_episode(desk.session, case.row.id)
    now = interview_of(case.episode, derived.obligations)
    after = _row(case, now) if now else _void(before)
    if after and after != before:
        interviews.keep(desk.session, after)


def _row(case: Case, of: Interview) -> InterviewRow:
    team = case.episode.latest("team")
    row = case.row
    known: dict[str, Any] = {**vars(of), "in_time": of.in_time, "team": str(team) if team else None, "person": case.episode.interviewer}
    return InterviewRow(episode_id=row.id, authority=row.authority, child_id=row.child_id, **known)


def _void(before: InterviewRow | None) -> InterviewRow | None:
    return InterviewRow(**{**vars(before), "state": "void"}) if before else None


def standing(desk: Desk, case: Case) -> tuple[str, ...]:
    """Where the interview stands, in a few lines: who holds it, both clocks, each step and when."""
    of = interview_of(case.episode, case.derived(desk).obligations)
    if of is None:
        return (f"No return interview is owed in {case.row.reference} so far.",)
    lines = [f"Return interview of {case.row.reference}, back since {said(of.returned_at)}.", _holder(desk, case, of), _clocks(of, desk)]
    steps = [(name, at) for name, field in _STEPS if (at := getattr(of, field))] + [("offered again", at) for at in offered_again(case, of)]
    taken = [f"{name} {said(at)}" for name, at in sorted(steps, key=lambda step: step[1])]
    lines.append(f"So far: {', '.join(taken)}." if taken else "Nothing is recorded yet: it has not been offered.")
    return (*lines, *_again(case))


def offered_again(case: Case, of: Interview) -> list[datetime]:
    """When it was offered after a no."""
    no = of.declined_at
    offers = [d.at for d in case.episode.done if d.kind == "interviewed" and d.action == OFFER and d.outcome != "accepted"]
    return [at for at in offers if no and at > no]


def _holder(desk: Desk, case: Case, of: Interview) -> str:
    person = desk.directory.person(case.episode.interviewer or "")
    named = f", {person.name}" if person else ""
    chosen = case.episode.latest("interviewer_choice")
    wish = f" The child asked for: {words.label(str(chosen))}." if chosen else ""
    whose = "Held by" if of.conducted_at else "To be held by"
    return f"{whose}: {words.label(of.provider or 'whoever the child accepts')}{named}.{wish}"


def _clocks(of: Interview, desk: Desk) -> str:
    """The protocol's own limit, and 72 hours by the clock on the wall."""
    if of.conducted_at:
        over = of.conducted_at - of.statutory
        return "It took place within 72 hours." if of.in_time else f"It took place {lasting(over)} after the 72 hours were over."
    own = f"Due {said(of.due)} by this protocol; " if of.due and of.due != of.statutory else ""
    if desk.now > of.statutory:
        return f"{own}72 hours after the return were over {said(of.statutory)}, {lasting(desk.now - of.statutory)} ago."
    return f"{own}72 hours after the return are over {said(of.statutory)}, in {lasting(of.statutory - desk.now)}."


def _again(case: Case) -> list[str]:
    """Missing again before it, and other returns that wait for theirs."""
    later = [e for e in case.child.episodes if e.number > case.episode.number and e.found_at is None and e.status == "open"]
    names = {row.id: row.reference for row in case.rows}
    again = [f"The child is missing again ({names[e.id]}): one interview may be about both, once they are back." for e in later]
    return again + [f"{reference} waits for its interview as well: one conversation may be about both." for reference in waiting(case)]


def waiting(case: Case) -> list[str]:
    """References of the child's other returns whose interview is still owed by the record."""
    names = {row.id: row.reference for row in case.rows if not row.restricted}
    others = [e for e in case.child.episodes if e.id != case.episode.id and e.id in names and e.tracked and e.found_at and not e.voided_at]
    return [names[e.id] for e in others if not any(d.action == "return_interview" and not d.decision for d in e.done)]


def declined_before(case: Case, desk: Desk, by: str | None) -> str:
    """What to say to the same no once more, while nothing was offered since: it asks for nothing a second time."""
    told = [d for d in case.episode.done if d.kind == "interviewed" and d.action in {OFFER, INTERVIEW}]
    if not told or told[-1].outcome != "declined" or (by or told[-1].said_by) != told[-1].said_by:
        return ""
    person = desk.directory.person(told[-1].actor)
    who = f" by {person.name}" if person else ""
    return f"That it was declined is recorded already{who}, {said(told[-1].recorded_at)}. If it was offered again since, record that first."
