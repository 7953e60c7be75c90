"""A restricted episode from outside: ask its approver, or break the glass, say why, and have it reviewed."""

from __future__ import annotations

from datetime import timedelta

from handlers import checks, people, record, seeing
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.fields import SEALED
from handlers.outgoing import Answer, Body, Field, Form
from handlers.sent_in import Values
from handlers.verbs import show
from policies.pack import Pack
from policies.worktime import said
from storage import episodes, permits
from storage.episodes import EpisodeRow
from storage.ids import new_id
from storage.permits import Permit

HOLDS = timedelta(hours=4)  # (house)
VERDICTS = (("justified", "It was right"), ("not_justified", "It was not right"))


def request_form(desk: Desk, actor: Actor, reference: str = "") -> Form:
    """Which episode, and why."""
    actor.check("request")
    return _form(
        "request", "Ask to see it", "Ask", actor, reference, "Its approver is asked. If it cannot wait and a child is at risk: 'glass'."
    )


def glass_form(desk: Desk, actor: Actor, reference: str = "") -> Form:
    """The same, for whoever cannot wait."""
    actor.check("glass")
    note = "It opens for four hours. The approver hears of it at once, and reviews why."
    return _form("glass", "Break the glass", "Open it now", actor, reference, note)


def request(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """Ask the approver. The answer is the same whether there is such an episode or not."""
    actor.check("request")
    reason, reference = checks.reason_given(v.text("reason")), checks.one_line(v.needed("reference"), "reference").upper()
    row = _restricted(desk, reference, actor)
    if row and not seeing.may_know(desk, row, actor):
        permits.add(desk.session, Permit(new_id(), "asked", row.id, actor.id, desk.now, actor.id))
        record.write(desk, actor, "requested", {"reason": reason}, child=row.child_id, episode=row.id)
        sentence = f"{actor.person.name} asks to see {row.reference}, and gave a reason. Type /missing permit {row.reference} to decide."
        _tell_approvers(desk, row, "Somebody asks to see a restricted episode", sentence, f"asked:{row.id}:{actor.id}:{desk.today}")
    return Answer(
        (
            f"If {reference[:10]} is restricted, its approver was asked, with your reason.",
            "If a child is in danger now, ring 999.",
        )
    )


def break_glass(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """See it now, for four hours. Raises Refused when there is none, and for somebody who must not see it."""
    actor.check("glass")
    reason, reference = checks.reason_given(v.text("reason")), checks.one_line(v.needed("reference"), "reference").upper()
    row = _restricted(desk, reference, actor)
    if row is None:
        raise Refused(f"There is no restricted episode {reference[:12]} here that the glass opens.", field="reference")
    until = desk.now + HOLDS
    permits.add(desk.session, Permit(new_id(), "glass", row.id, actor.id, desk.now, actor.id, until))
    record.write(desk, actor, "glass_broken", {"reason": reason, "until": until}, child=row.child_id, episode=row.id)
    seen = f"{actor.person.name} broke the glass of {row.reference} and sees it until {said(until)}."
    sentence = f"{seen} Review why: /missing review {row.reference}."
    _tell_approvers(desk, row, "Somebody broke the glass", sentence, f"glass:{row.id}:{actor.id}:{desk.now.isoformat()}", urgent=True)
    return Answer(
        (f"Open to you until {said(until)}; the approver was told.", *show.status(row.reference, desk, actor).lines), row.reference
    )


def review_form(desk: Desk, pack: Pack, case: Case | None) -> tuple[str, str, list[Field]]:
    """Whose opening, and whether it was right."""
    waiting = _unreviewed(desk, case.row) if case else []
    named = tuple((p.id, f"{_name(desk, p.who)}, {said(p.since)}") for p in waiting)
    fields = [
        Field("glass", "Which opening", "choice", named, required=True, value=named[0][0] if named else ""),
        Field("verdict", "Was it right?", "choice", VERDICTS, required=True),
        Field("reason", "What you found", "long", required=True, hint=SEALED),
    ]
    return "Review a broken glass", "Keep the review", fields


def review(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """Record it. Raises Refused for one's own opening, and for whoever is no approver."""
    case = open_case(desk, context["reference"], actor)
    if actor.id not in {p.id for p in seeing.approvers(desk, case.row)}:
        raise Refused("Only an approver reviews a broken glass.")
    chosen = next((p for p in _unreviewed(desk, case.row) if p.id == v.needed("glass")), None)
    if chosen is None:
        raise Refused("That opening was reviewed already.", field="glass")
    if chosen.who == actor.id:
        raise Refused("You opened it yourself: another approver reviews that.", field="glass")
    verdict, reason = v.needed("verdict"), checks.reason_given(v.text("reason"))
    permits.review(desk.session, chosen.id, actor.id, desk.now)
    if verdict != "justified" and chosen.on(desk.now):
        permits.end(desk.session, [chosen.id], desk.now)
    data = {"of": chosen.id, "person": chosen.who, "verdict": verdict, "reason": reason}
    record.write(desk, actor, "glass_reviewed", data, child=case.row.child_id, episode=case.row.id)
    return Answer((f"Kept: {_name(desk, chosen.who)} broke the glass of {case.row.reference}, reviewed by you.",), case.row.reference)


def remind(desk: Desk, authority: str) -> int:
    """Once a day, with the digests: openings that nobody has reviewed."""
    asked = 0
    for permit in permits.unreviewed(desk.session):
        row = episodes.by_id(desk.session, permit.episode_id)
        if row and row.authority == authority:
            broken = f"{_name(desk, permit.who)} broke the glass of {row.reference} on {said(permit.since)}."
            sentence = f"{broken} Review why: /missing review {row.reference}."
            asked += _tell_approvers(desk, row, "A broken glass waits for its review", sentence, f"review:{permit.id}:{desk.today}")
    return asked


def _form(form: str, title: str, submit: str, actor: Actor, reference: str, note: str) -> Form:
    fields = (
        Field("reference", "Episode", "text", required=True, value=reference, hint="Like HW-7F3K"),
        Field("reason", "Why", "long", required=True, hint="Kept sealed; the approver reads it"),
    )
    return Form(form, title, fields, submit, people.context(actor), note)


def _restricted(desk: Desk, reference: str, actor: Actor) -> EpisodeRow | None:
    row = episodes.by_reference(desk.session, reference)
    if row is None or not row.restricted or row.authority != actor.authority:
        return None
    live = [p for p in permits.of_episode(desk.session, row.id) if p.on(desk.now)]
    return None if actor.id in seeing.barred(live) else row


def _unreviewed(desk: Desk, row: EpisodeRow) -> list[Permit]:
    return [p for p in permits.of_episode(desk.session, row.id) if p.kind == "glass" and p.reviewed_at is None]


def _name(desk: Desk, person_id: str) -> str:
    person: Person | None = desk.directory.person(person_id)
    return person.name if person else person_id


def _tell_approvers(desk: Desk, row: EpisodeRow, headline: str, sentence: str, key: str, *, urgent: bool = False) -> int:
    told = 0
    for person in seeing.approvers(desk, row):
        body = Body(None, headline, lines=(sentence,), fallback=f"Homeward: {row.reference} needs you", urgent=urgent)
        told += people.direct(desk, row.authority, person, body, "alarm", f"{key}:{person.id}")
    return told
