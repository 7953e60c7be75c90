"""Found: where and when the child was located, whether back safe, whether wellbeing is established. Can be undone for ten minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers import checks, owed, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import PAST, SEALED, UNSEEN, Built, filled
from handlers.news import tell
from handlers.outgoing import Answer, Field
from handlers.settle import settle
from handlers.summary import TRAINING
from policies.history import Episode
from policies.pack import Pack
from policies.worktime import said


@dataclass(frozen=True)
class Found:
    """`found_at` None: now. `returned_at` when it differs; `back_safe` False: located, and not back yet.

    `wellbeing` True, False, or None when not known yet.
    """

    reference: str
    found_at: datetime | None = None
    returned_at: datetime | None = None
    back_safe: bool | None = None
    wellbeing: bool | None = None
    seen_by: str = ""
    note: str = ""


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """When, back safe or not, and what is known of the child's wellbeing."""
    return (
        "Found",
        "Record found",
        [
            Field("found_at", "Found at", "time", required=True, value=filled(desk.now), hint=PAST),
            Field("back_safe", "Back at a safe place?", "yesno", value="yes"),
            Field("returned_at", "Back since, if later", "time", hint=PAST),
            Field("wellbeing", "Wellbeing established?", "yesno"),
            Field("seen_by", "Seen by", "text", hint="Role or agency"),
            Field("note", "Note", "long", hint=SEALED),
            UNSEEN,
        ],
    )


def found(command: Found, desk: Desk, actor: Actor) -> Answer:
    """Record it; marks end, and what is owed after a return begins."""
    actor.check("found")
    case = open_case(desk, command.reference, actor, shared=True)
    checks.still_counts(case)
    if case.episode.found_at and case.episode.returned_at:
        raise Refused(
            f"{case.row.reference} was recorded as found {said(case.episode.found_at)}. Use 'correct' to change the time.", "found_at"
        )
    at, back = _times(command, desk, case.episode)
    data = {
        "found_at": at,
        "returned_at": back,
        "back_safe": command.back_safe,
        "wellbeing_established": command.wellbeing,
        "seen_by": checks.one_line(command.seen_by, "seen_by"),
        "note": checks.short_enough(command.note, "note"),
    }
    record.write(desk, replace(actor, authority=case.row.authority), "found", data, child=case.row.child_id, episode=case.row.id)
    settled = settle(desk, case.reread(desk))
    tell(desk, settled, f"found {said(at)}, " + ("back" if settled.case.episode.returned_at else "not back yet"))
    open_now = settled.derived.open_at(desk.now)
    theirs = [o for o in open_now if actor.authority == case.row.authority and owed.concerns(o, actor)]
    next_due = min((o for o in theirs if o.due and o.due > desk.now), key=lambda o: o.due or at, default=None)
    happened = f"found {said(at)}" if not back else f"found {said(at)}, back {said(back)}"
    lines = [f"{case.row.reference}: {happened}. Undo within ten minutes with 'undo {case.row.reference} found'."]
    if next_due and next_due.due:
        lines.append(f"Next: {next_due.duty.says}, due {said(next_due.due)}.")
    return Answer((*lines, *([TRAINING] if desk.office.training else [])), case.row.reference)


def _times(command: Found, desk: Desk, episode: Episode) -> tuple[datetime, datetime | None]:
    """When found, and when back if that is another moment: of a child located before, the time given is the return."""
    located, back = episode.found_at, command.returned_at
    at = located or command.found_at or desk.now
    if located and command.back_safe is not False:
        back = back or command.found_at or desk.now
    checks.not_in_future(desk, at, "Found at", "found_at")
    checks.not_in_future(desk, back, "Back at", "returned_at")
    checks.not_before(at, episode.missing_since, "Found at", "found_at")
    checks.not_before(back, at, "Back at", "returned_at", "the child was found")
    return at, back
