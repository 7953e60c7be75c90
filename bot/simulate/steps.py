"""Each step of a timeline as the verb it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.simulate.scenario import Lacking, Scenario, ScenarioError, Step
from handlers.desk import Actor, Desk
from handlers.directory import Holding, Person
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.verbs.acknowledge import Acknowledge, acknowledge
from handlers.verbs.call_off import Cancel, cancel
from handlers.verbs.change import Change, change
from handlers.verbs.complete import Complete, complete
from handlers.verbs.correct import Correct, correct
from handlers.verbs.decide import Decide, decide
from handlers.verbs.end import Close, Void, close, void
from handlers.verbs.found import Found, found
from handlers.verbs.interview import Interview, interview
from handlers.verbs.meet import Meet, meet
from handlers.verbs.meeting import Schedule, schedule
from handlers.verbs.note import Note, note
from handlers.verbs.reclassify import Reclassify, reclassify
from handlers.verbs.report import Report, report
from handlers.verbs.respond import Respond, respond
from handlers.verbs.undo import Undo, undo
from handlers.verbs.waive import Extend, Waive, extend, waive
from policies import words
from policies.history import LASTING
from storage.episodes import EpisodeRow, of_child


@dataclass
class Tale:
    """A timeline on its way: the child it is about, and what is known of them so far."""

    scenario: Scenario
    child_id: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def take(tale: Tale, step: Step, desk: Desk, actor: Actor) -> Answer:
    """Run the step's verb. Raises what the verb raises, and ScenarioError when the step does not say all it needs."""
    try:
        return _VERBS[step.do](tale, step, desk, actor)
    except Lacking as error:
        raise ScenarioError(f"{tale.scenario.file}: step {step.number}, {step.do}: {error}") from None


def actor_of(desk: Desk, role: str, authority: str) -> Actor:
    """Whoever is called as the role; where nobody is, somebody made up for it."""
    person = desk.office.directory.person(role) or Person(role, words.label(role), words.agency_of(role), (Holding(role, authority),))
    return Actor(person, authority, frozenset({role}))


def _reference(tale: Tale, step: Step, desk: Desk) -> str:
    """The open episode, else the latest; or the one the step names."""
    rows = of_child(desk.session, tale.child_id)
    told = [r for r in rows if r.number > len(tale.scenario.previous)]
    named = step.fields.get("episode")
    if step.fields.get("previous"):
        return _nth(rows[: len(tale.scenario.previous)][::-1], step.fields["previous"])
    if named == "previous":
        return _nth(rows[::-1], 2)
    if named:
        return _nth(told, named)
    still = [r for r in told if r.status in {"open", "located"}]
    if not told:
        raise Refused("Nothing has been reported yet.")
    return (still or told)[-1].reference


def _nth(rows: list[EpisodeRow], number: Any) -> str:
    if not isinstance(number, int) or not 1 <= number <= len(rows):
        raise Refused(f"There is no such episode: {number}.")
    return rows[number - 1].reference


def _report(tale: Tale, step: Step, desk: Desk, actor: Actor) -> Answer:
    f = step.fields
    told = {k: v for k, v in f.items() if k in words.facts() and k not in {"category", "missing_since"}}
    facts = {**tale.facts, **(f.get("facts") or {}), **told}
    command = Report(f["category"], f.get("missing_since"), facts, narrative=str(f.get("narrative") or ""), child_id=tale.child_id)
    return report(command, desk, actor)


def _set(tale: Tale, step: Step, desk: Desk, actor: Actor) -> Answer:
    facts = step.fields.get("facts") or {}
    answer = change(Change(_reference(tale, step, desk), facts, step.fields.get("reason") or ""), desk, actor)
    tale.facts.update({k: v for k, v in facts.items() if k in LASTING})
    return answer


def _found(tale: Tale, step: Step, desk: Desk, actor: Actor) -> Answer:
    """What is said beside it is known when it is found, so that each post says all of it."""
    f, reference = step.fields, _reference(tale, step, desk)
    told = {k: v for k, v in f.items() if k in words.facts() and k not in {"found_at", "wellbeing_established", "back_safe", "safe_return"}}
    if told:
        change(Change(reference, told), desk, actor)
    wellbeing = f.get("wellbeing", f.get("wellbeing_established"))
    back_safe = f.get("back_safe", f.get("safe_return"))
    return found(Found(reference, f.get("found_at"), f.get("returned_at"), back_safe, wellbeing), desk, actor)


def _correct(tale: Tale, step: Step, desk: Desk, actor: Actor) -> Answer:
    times = tuple((k, step.fields[k]) for k in ("missing_since", "found_at", "returned_at") if k in step.fields)
    return correct(Correct(_reference(tale, step, desk), times, step.fields.get("reason") or ""), desk, actor)


Verb = Callable[[Tale, Step, Desk, Actor], Answer]


def _plain(command: Callable[..., Any], verb: Callable[[Any, Desk, Actor], Answer], **names: str) -> Verb:
    """A verb whose command takes the step's fields under other names."""

    def run(tale: Tale, step: Step, desk: Desk, actor: Actor) -> Answer:
        given = {names[k]: v for k, v in step.fields.items() if k in names and v is not None}
        try:
            asked = command(_reference(tale, step, desk), **given)
        except TypeError as error:  # dataclasses name the fields that are missing
            missing = str(error).partition("argument")[2].lstrip("s: ")
            raise Lacking(f"{missing} is not given") from None
        return verb(asked, desk, actor)

    return run


_VERBS: dict[str, Verb] = {
    "report": _report,
    "found": _found,
    "set": _set,
    "correct": _correct,
    "acknowledge": _plain(Acknowledge, acknowledge, action="action"),
    "complete": _plain(Complete, complete, action="action", done_at="done_at", told="told", note="note"),
    "note": _plain(Note, note, text="text", note="text"),
    "reclassify": _plain(Reclassify, reclassify, category="category", since="since", absence_limit_at="absence_limit_at", reason="reason"),
    "waive": _plain(Waive, waive, action="action", reason="reason"),
    "extend": _plain(Extend, extend, action="action", until="until", reason="reason"),
    "void": _plain(Void, void, reason="reason"),
    "close": _plain(Close, close, reason="reason"),
    "schedule": _plain(Schedule, schedule, meeting="meeting", chair="chair", reason="reason", **{"for": "starts"}),
    "meet": _plain(Meet, meet, meeting="meeting", held="held", held_at="held_at", reason="reason"),
    "cancel": _plain(Cancel, cancel, meeting="meeting", reason="reason"),
    "respond": _plain(Respond, respond, meeting="meeting", agency="agency", answer="answer", reason="reason", to="to"),
    "interview": _plain(Interview, interview, step="step", done_at="at", reason="reason", interviewer="interviewer"),
    "decide": _plain(Decide, decide, decision="decision", outcome="outcome", reason="reason"),
    "undo": _plain(Undo, undo, action="what", reason="reason"),
}
