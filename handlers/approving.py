"""Deciding what somebody asked for: looked at, agreed to or not, and asked again while nobody decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from handlers import approvals, asking, checks, record
from handlers.asking import Put
from handlers.desk import Actor, Desk, actor
from handlers.directory import Person
from handlers.errors import Refused
from handlers.forms import submissions
from handlers.incoming import Submitted
from handlers.outgoing import Answer
from policies import words
from policies.worktime import said
from storage import asks, episodes, journal
from storage.asks import Ask
from storage.episodes import EpisodeRow

AGAIN = timedelta(hours=24)


def look(put: Ask, desk: Desk, who: Actor) -> Answer:
    """What was filled in, and how it was decided: shown to whoever decides, and to whoever asked."""
    if who.id != put.asked_by and not set(put.about["roles"]) & who.roles:
        raise Refused("This is between whoever asked and whoever decides.")
    told = {h.id: h for h in map(record.happening, journal.of_episode(desk.session, desk.vault, put.episode_id or ""))}
    asked, decided = told.get(put.about["entry"]), told.get(str(put.about.get("decided")))
    shown = {k: v for k, v in (asked.data["values"] if asked else {}).items() if v and k != "on_behalf"}
    lines = [f"{words.label(name).capitalize()}: {words.label(str(value)) if name != 'reason' else value}" for name, value in shown.items()]
    if decided:
        lines.append(f"Not agreed by {asking.name_of(desk, decided.actor)}: {decided.data.get('reason')}")
    reference = asking.reference_of(desk, put)
    return Answer((f"{reference}: asked by {asking.name_of(desk, put.asked_by)} {said(put.asked_at)}.", *lines), reference, seen="approval")


def _mine(put: Ask, desk: Desk, who: Actor) -> None:
    """Raises Refused when it is decided already, or is not for this person to decide."""
    reference = asking.reference_of(desk, put)
    if not put.open:
        how = {"accepted": "agreed to", "refused": "not agreed to"}.get(put.state)
        by = f"by {asking.name_of(desk, put.answered_by)} at {said(put.answered_at or desk.now)} already"
        raise Refused(f"{reference}: {how} {by}." if how else f"{reference}: this is no longer needed.")
    if who.id == put.asked_by:
        raise Refused("You asked for this; somebody else decides.")
    if not set(put.about["roles"]) & who.roles:
        raise Refused(f"{' or '.join(words.label(role).capitalize() for role in put.about['roles'])} decides this. Ask one of them.")


def approve(put: Ask, desk: Desk, who: Actor) -> Answer:
    """Do it in the approver's name, with the reason it was asked with."""
    _mine(put, desk, who)
    submitted = _again(put, desk, who)
    try:
        with desk.session.begin_nested():
            answer = submissions.run(submitted, desk, who)
    except Refused as refused:
        _end(desk, put, "withdrawn", None, "no longer needed")
        return Answer((f"It cannot be done any more: {refused}",), asking.reference_of(desk, put))
    data = {"ask": put.id, "form": submitted.form, "asked_by": put.asked_by}
    _write(desk, put, who, "approved", data)
    _end(desk, put, "accepted", who, f"agreed by {who.person.name} {said(desk.now)}")
    _tell(desk, put, f"agreed to by {who.person.name}")
    return answer


def refuse(put: Ask, text: str, desk: Desk, who: Actor) -> Answer:
    """It stays as it is, and why; whoever asked hears at once."""
    _mine(put, desk, who)
    reason = checks.short_enough(text, "text")
    if not reason:
        raise Refused("Say why you do not agree.", field="text")
    entry = _write(desk, put, who, "approval_refused", {"ask": put.id, "reason": reason})
    put = replace(put, about={**put.about, "decided": entry})
    _end(desk, put, "refused", who, f"not agreed by {who.person.name} {said(desk.now)}")
    _tell(desk, put, f"not agreed to by {who.person.name}", ("read",))
    return Answer(("Recorded: it stays as it is. Whoever asked has been told.",), asking.reference_of(desk, put))


def _again(put: Ask, desk: Desk, who: Actor) -> Submitted:
    told = {h.id: h for h in map(record.happening, journal.of_episode(desk.session, desk.vault, put.episode_id or ""))}
    asked = told[put.about["entry"]]
    values: Mapping[str, str] = asked.data["values"]
    return Submitted(str(asked.data["form"]), {**values, "on_behalf": ""}, who.id, asked.data["context"], put.authority)


def _write(desk: Desk, put: Ask, who: Actor, kind: str, data: Mapping[str, object]) -> str:
    row = episodes.by_id(desk.session, put.episode_id or "")
    return record.write(desk, who, kind, data, child=row.child_id if row else None, episode=put.episode_id)


def _end(desk: Desk, put: Ask, state: str, who: Actor | None, how: str) -> None:
    at = desk.now if who else None
    after = asking.changed(desk, replace(put, state=state, answered_by=who.id if who else None, answered_at=at, next_at=None))
    asking.everywhere(desk, after, how)


def _tell(desk: Desk, put: Ask, how: str, buttons: tuple[str, ...] = ()) -> None:
    """Whoever asked hears how it was decided; why not can be read."""
    person = desk.directory.person(put.asked_by)
    if person:
        line = asking.row(put, f"{asking.reference_of(desk, put)}: what you asked for was {how}", "", buttons)._replace(over=True)
        asking.queue(
            desk, put.authority, person, Put("Decided", (line,), "Homeward: what you asked for is decided", kind="answer", urgent=False)
        )


def chase(desk: Desk, found: Sequence[Ask]) -> int:
    """Ask again, then also the one next up; what cannot be done any more is taken back. Silence decides nothing."""
    for put in found:
        row, approver = episodes.by_id(desk.session, put.episode_id or ""), desk.directory.person(put.person or "")
        if row is None or approver is None:
            asks.update(desk.session, [replace(put, next_at=None)])
            continue
        if not _stands(desk, put, approver, row):
            _end(desk, put, "withdrawn", None, "no longer needed")
            continue
        _asked_again(desk, put, row, approver)
    return len(found)


def _stands(desk: Desk, put: Ask, approver: Person, row: EpisodeRow) -> bool:
    try:
        approvals.would_stand(_again(put, desk, actor(desk, approver.id, row.authority)), desk, approver, row)
    except Refused:
        return False
    return True


def _asked_again(desk: Desk, put: Ask, row: EpisodeRow, approver: Person) -> None:
    house = desk.pack(row.pack_hash).house
    people_now = [approver]
    if put.rung > 0:
        above = asking.manager_over(desk, put, put.role or "", put.asked_by, approver.id)
        people_now += [above] if above else []
    says = f"{row.reference}: {asking.name_of(desk, put.asked_by)} waits for a decision since {said(put.asked_at)}"
    for person in people_now:
        decides = bool(set(put.about["roles"]) & person.held(row.authority, desk.today))
        kind = "reminder" if person == approver else "escalation"
        line = asking.row(put, says, "", approvals.BUTTONS if decides else (), kind)
        put = asking.also_in(put, asking.queue(desk, row.authority, person, approvals.post(row, line)))
    following = put.asked_at + house.approval_escalate_after.exact if put.rung == 0 else desk.now + AGAIN
    asks.update(desk.session, [replace(put, rung=put.rung + 1, next_at=approvals.by_day(desk, row, following))])
