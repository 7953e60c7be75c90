"""Merge: two episodes turn out to be about one child, and perhaps about one absence; counts are made again."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import checks, joining, overlaps, record
from handlers.away import since
from handlers.case import Case, known_row, nothing_there, take
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import SEALED
from handlers.outgoing import Answer, Field
from handlers.sent_in import Values
from handlers.settle import settle
from policies import words
from policies.pack import Pack
from storage import children, episodes, settings
from storage.episodes import EpisodeRow

SAME, TWO = "same", "two"
MOST = 99


@dataclass(frozen=True)
class Merge:
    """`reference` becomes `into`'s child. `same`: it is the same absence, so this one is void; else both count."""

    reference: str
    into: str
    same: bool
    reason: str


def form(desk: Desk, pack: Pack, case: Case | None) -> tuple[str, str, list[Field]]:
    """With which episode, and what becomes of this one. The one a reporter was not sure about stands first."""
    likely = settings.get(desk.session, f"{LIKELY}{case.row.reference}") if case else None
    rows = [r for r in episodes.open_of(desk.session, case.row.authority) if not r.restricted and r.id != case.row.id] if case else []
    ordered = sorted(rows, key=lambda r: r.reference != likely)[:MOST]
    options = tuple((r.reference, f"{r.reference}, {words.label(r.category)} {since(r)}") for r in ordered)
    what = ((SAME, "The same child and the same time: make this one void"), (TWO, "The same child, two times: both count"))
    fields = [
        Field("into", "The same child as in", "choice", options, required=True, value=options[0][0] if likely and options else ""),
        Field("what", "What becomes of this one", "choice", what, required=True, value=SAME),
        Field("reason", "Why you are sure", "long", required=True, hint=SEALED),
        Field("agreed", "This cannot be undone. Merge them?", "yesno", required=True, hint="Not sure? Answer no, and nothing changes"),
    ]
    return "The same child", "Merge", fields


LIKELY = "likely same:"


def remember(desk: Desk, new: str, old: str) -> None:
    """A reporter was not sure whether these two are one child."""
    settings.put(desk.session, f"{LIKELY}{new}", old)


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in. Raises Refused unless somebody says that they know it to be for good."""
    if v.yes("agreed") is not True:
        raise Refused(
            "Nothing was merged: two children made one cannot be taken apart again. Answer yes only if you are sure.", field="agreed"
        )
    return merge(Merge(context["reference"], v.needed("into"), v.needed("what") == SAME, v.text("reason")), desk, actor)


def merge(command: Merge, desk: Desk, actor: Actor) -> Answer:
    """Record it in both. Raises Refused for an episode nobody may know of, one that is void, and for one child already."""
    actor.check("merge")
    reason = checks.reason_given(command.reason)
    this, other = (_row(desk, reference, actor) for reference in (command.reference, command.into))
    if this.id == other.id:
        raise Refused(f"{this.reference} is the same episode: choose another one.", field="into")
    for row in sorted((this, other), key=lambda r: r.child_id):  # one order, so that two merges do not wait for each other
        checks.still_counts(take(desk, row.child_id, row.id))
    if children.survivor(desk.session, this.child_id) == children.survivor(desk.session, other.child_id) and not command.same:
        raise Refused(f"{this.reference} and {other.reference} are one child already.", field="into")
    joining.know_together(desk, this.child_id, other.child_id)
    work = joining.work_together(desk, actor, this, other, same=command.same)
    children.merge(desk.session, this.child_id, other.child_id)
    data = {"reason": reason, "this": this.reference, "into": other.reference, "same": command.same}
    for row in (this, other):
        record.write(desk, actor, "merged", data, child=row.child_id, episode=row.id)
    if command.same:
        record.write(desk, actor, "voided", {"reason": reason}, child=this.child_id, episode=this.id)
    settled = settle(desk, take(desk, other.child_id, other.id), why=f"merged by {actor.person.name}")
    count = sum(e.voided_at is None for e in settled.case.child.episodes)
    twice = not command.same and overlaps.at_once(this, other)
    slip = (f"They overlap in time: correct one of them, or make it void with 'void {this.reference}'.",) if twice else ()
    fate = f"{this.reference} is void" if command.same else f"{this.reference} and {other.reference} both count"
    lines = (f"One child now: {fate}. Counts were made again: {count} episode{'s' if count != 1 else ''} of this child.", *work, *slip)
    return Answer(lines, other.reference)


def _row(desk: Desk, reference: str, actor: Actor) -> EpisodeRow:
    row = known_row(desk, reference, actor)
    if row is None or row.authority != actor.authority:
        raise Refused(nothing_there(reference))
    return row
