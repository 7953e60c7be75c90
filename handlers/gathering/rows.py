"""What an invitation and a word to the chair say, as the answers stand now."""

from __future__ import annotations

from dataclasses import replace

from handlers.case import Case
from handlers.compose import invites
from handlers.desk import Desk
from handlers.gathering.attendance import Gathering, gathered, line
from handlers.outgoing import Row
from policies import words
from policies.inviting import DECLINED, HELD, MISSING
from policies.obligations import Obligation
from policies.worktime import said
from storage.pings import Ping

TO_CHAIR = ("go_ahead", "move", "find_another", "agenda_and_place")
CHAIRING = frozenset({DECLINED, MISSING, HELD})


def as_it_stands(desk: Desk, case: Case, ping: Ping, o: Obligation | None, row: Row) -> Row:
    """The row of an invitation or of a word to the chair; every other row as it was."""
    base = ping.rung.partition("/")[0]
    if o is None or (base not in CHAIRING and not invites(ping)):
        return row
    if _passed(ping, o):
        return replace(row, state=_became(o), reason="", buttons=(), over=True)
    if base == HELD:
        return _was_it_held(row, o)
    if base in CHAIRING:
        return _who_is_missing(desk, case, row, o)
    answered = o.status == "open" and any(r.action == o.duty.action for r in case.episode.responses)
    return _invitation(desk, gathered(desk, case, o), ping, row) if answered else row


def _passed(ping: Ping, o: Obligation) -> bool:
    """Whether the ping was about answers that have been asked for anew since."""
    last = ping.rung.rpartition("/")[2]
    return o.status == "open" and (int(last) if last.isdecimal() else 0) < o.asked


def _became(o: Obligation) -> str:
    if o.meeting:
        return f"the time is now {said(o.meeting.starts)}; answer the newer invitation"
    return "this time no longer holds; you hear when another is fixed"


def _invitation(desk: Desk, found: Gathering, ping: Ping, row: Row) -> Row:
    """Under it stands what the agency has answered so far."""
    mine = next((s for s in found.standings if ping.addressee in s.roles), None)
    reason = row.reason if ping.kind == "notice" else ""
    return replace(row, state=line(desk, mine, found.named), reason=reason) if mine and mine.answer else row


def _who_is_missing(desk: Desk, case: Case, row: Row, o: Obligation) -> Row:
    found = gathered(desk, case, o)
    absent = [line(desk, s, found.named) for s in found.standings if s.required and s.missing]
    starts = f" on {said(o.meeting.starts)}" if o.meeting else ""
    says = f"{words.label(o.duty.action).capitalize()}{starts}: an agency that must come is missing"
    if o.status != "open" or o.meeting is None:
        return replace(row, says=says, buttons=(), over=True)
    if not absent:
        return replace(row, says=says, state="all that must come have answered since", buttons=(), over=True)
    goes = "; it goes ahead all the same" if o.meeting.goes_ahead else ""
    buttons = tuple(b for b in TO_CHAIR if b != "go_ahead" or not o.meeting.goes_ahead)
    return replace(row, says=says, state="; ".join(absent) + goes, buttons=buttons, house=True)


def _was_it_held(row: Row, o: Obligation) -> Row:
    starts = f" of {said(o.meeting.starts)}" if o.meeting else ""
    says = f"Was the {words.label(o.duty.action)}{starts} held? Say who came, what was agreed and when the next one is"
    over = o.status != "open"
    return replace(row, says=says, state=row.state if over else "", buttons=() if over else ("held", "move"), house=True)
