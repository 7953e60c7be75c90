"""What somebody else has to agree to: asked of them with what was filled in, done in their name, never decided by silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers import access, asking, checks, record
from handlers.addressing import Book
from handlers.asking import Put
from handlers.desk import Actor, Desk, actor
from handlers.directory import Person
from handlers.errors import NeedsApproval, Refused
from handlers.forms import submissions
from handlers.incoming import Submitted
from handlers.outgoing import Answer, Row
from policies import words
from storage import asks, episodes, obligations
from storage.asks import Ask
from storage.episodes import EpisodeRow
from storage.ids import new_id

ASKABLE = frozenset({"waive", "extend"})  # words that staff may type who need somebody's agreement
FALLBACK = "Homeward: a decision waits for you"
BUTTONS = ("approve", "refuse", "read")
WHAT = {
    "waive": "not to do {about}",
    "extend": "more time for {about}",
    "reclassify": "another category",
    "interview_not_done": "that there was no return interview",
    "interview": "that there was no return interview",
    "risk": "another risk",
    "close": "to close the episode",
    "decide": "a decision: {about}",
    "meeting": "to call a meeting",
}


class _TakenBack(Exception):
    """It would stand; what it wrote is taken back."""


def may_ask(who: Actor) -> bool:
    """Council staff may ask for what they may not decide."""
    return any(access.group_of(role) in access.STAFF for role in who.roles)


def ask(submitted: Submitted, needs: NeedsApproval, desk: Desk, who: Actor) -> Answer:
    """Put it to whoever may agree, exactly as it was filled in. Raises Refused when it could not be done with their agreement either."""
    row = episodes.by_reference(desk.session, submitted.context.get("reference") or "")
    if row is None or row.restricted or not may_ask(who):  # of a restricted one they are asked in person
        raise needs
    if "reason" in submitted.values and not checks.short_enough(submitted.values["reason"], "reason"):
        raise Refused(f"{needs} Say why, and they are asked.", field="reason")
    approver, role = _approver(desk, row, needs, who)
    if any(a.kind == "approval" and a.open and a.about.get("form") == submitted.form and a.asked_by == who.id for a in _of(desk, row)):
        raise Refused(f"You asked for this already; {approver.name} has not decided yet.")
    would_stand(submitted, desk, approver, row)
    put = _put(submitted, needs, desk, who, row, (approver, role))
    says = f"{who.person.name} asks you to agree: {_what(desk, submitted)}"
    line = asking.row(put, f"{row.reference}: {says}", "", BUTTONS)
    asks.add_all(desk.session, [replace(put, post_id=asking.queue(desk, row.authority, approver, post(row, line)))])
    return Answer((f"{needs} {approver.name} has been asked. It stays as it is until they decide.",), row.reference)


def _of(desk: Desk, row: EpisodeRow) -> list[Ask]:
    return asks.of_episode(desk.session, row.id)


def _approver(desk: Desk, row: EpisodeRow, needs: NeedsApproval, who: Actor) -> tuple[Person, str]:
    """The first who holds one of the roles now, and is not the one who asks."""
    book = Book(desk, row, desk.pack(row.pack_hash))
    for role in needs.roles:
        target = book.target(role)
        person = next((p for p in target.people if p.id != who.id), None)
        if person and target.role == role:
            return person, role
    raise Refused(f"{needs} Nobody holds that role now: ring the coordinator.")


def would_stand(submitted: Submitted, desk: Desk, approver: Person, row: EpisodeRow) -> None:
    """Whether it could be done in the approver's name now. Raises Refused when not; writes nothing."""
    try:
        with desk.session.begin_nested():
            submissions.run(submitted, desk, actor(desk, approver.id, row.authority))
            raise _TakenBack
    except _TakenBack:
        return


def _put(submitted: Submitted, needs: NeedsApproval, desk: Desk, who: Actor, row: EpisodeRow, to: tuple[Person, str]) -> Ask:
    """What was filled in is in the journal, sealed; the table has ids, words and moments."""
    put_id, (approver, role) = new_id(), to
    context = {name: value for name, value in submitted.context.items() if name != "nonce"}
    data = {
        "ask": put_id,
        "form": submitted.form,
        "values": dict(submitted.values),
        "context": context,
        "of": approver.id,
    }
    entry = record.write(desk, who, "approval_asked", data, child=row.child_id, episode=row.id)
    about = {"form": submitted.form, "entry": entry, "roles": list(needs.roles), "since": desk.now.isoformat()}
    first = desk.now + desk.pack(row.pack_hash).house.approval_remind_after.exact
    following = by_day(desk, row, first)
    return Ask(put_id, row.authority, "approval", put_id, who.id, desk.now, row.id, about, role=role, person=approver.id, next_at=following)


def by_day(desk: Desk, row: EpisodeRow, moment: datetime) -> datetime:
    """About a child who is back, it waits for office hours."""
    return moment if row.status in {"open", "located"} else desk.authority(row.authority).calendar.office_time(moment)


def _what(desk: Desk, submitted: Submitted) -> str:
    """What is asked for, as a room may read it: never a reason, a risk or a category."""
    owed = obligations.by_id(desk.session, submitted.context.get("obligation") or "")
    about = owed.action if owed else submitted.values.get("action") or submitted.values.get("decision") or ""
    return WHAT.get(submitted.form, words.label(submitted.form)).format(about=words.label(str(about)[:60]))


def post(row: EpisodeRow, line: Row) -> Put:
    """The post that asks."""
    return Put(f"{row.reference} · a decision is yours", (line,), FALLBACK, kind=line.kind)
