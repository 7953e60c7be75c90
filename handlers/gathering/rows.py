"""What an invitation and a word to the chair say, as the answers stand now."""

from __future__ import annotations

from handlers.case import Case
from handlers.compose import INVITED, invites
from handlers.desk import Desk
from handlers.gathering.attendance import Gathering, gathered, line
from handlers.gathering.summing import everybody
from handlers.outgoing import Row
from policies import words
from policies.answers import sent_instead
from policies.chairing import CHAIR, DECLINED, HELD, MISSING, who_chairs
from policies.inviting import FIXED
from policies.meeting import Meeting
from policies.obligations import Obligation
from policies.worktime import said
from storage.pings import Ping

CHANGE = "change_answer"
ANSWERED = (CHANGE, "agenda_and_place")
TO_CHAIR = ("go_ahead", "move", "find_another", "agenda_and_place")
LEADING = ("agenda_and_place", "move", "call_off")
CHAIRING = frozenset({CHAIR, DECLINED, MISSING, HELD})


def as_it_stands(desk: Desk, case: Case, ping: Ping, o: Obligation | None, row: Row) -> Row:
    """The row of an invitation or of a word to the chair; every other row as it was."""
    base = ping.rung.partition("/")[0]
    if o is None or (base not in CHAIRING and not invites(ping)):
        return row
    if gone := _superseded(desk, case, ping, o):
        says = words.label(o.duty.action).capitalize() if base in CHAIRING else row.says
        return row._replace(says=says, state=gone, reason="", due=None, buttons=(), over=True)
    row = row._replace(due=None)  # a word about a meeting is never late, whatever asks for the meeting
    if base == CHAIR or (o.meeting and o.status == "open" and ping.addressee == o.chair and base in {"invite", FIXED}):
        return _yours_to_chair(desk, case, ping, row, o)
    if base == HELD:
        return _was_it_held(row, o)
    if base in CHAIRING:
        return _who_is_missing(desk, case, ping, row, o)
    answered = o.status == "open" and any(r.action == o.duty.action for r in case.episode.responses)
    return _invitation(desk, case, gathered(desk, case, o), ping, row) if answered else row


def _superseded(desk: Desk, case: Case, ping: Ping, o: Obligation) -> str:
    """What has become of it when its answers have been asked for anew, or its time was said in a newer one; else nothing."""
    last = ping.rung.rpartition("/")[2]
    sent = ping.addressee.startswith("@") and ping.addressee not in o.attendees  # in another's place, who is asked anew
    newer = "" if not invites(ping) else "; whoever sent you is asked again" if sent else "; answer the newer invitation"
    if o.status == "open" and (int(last) if last.isdecimal() else 0) < o.asked:
        return _became(o, newer)
    fixed = o.meeting if o.meeting and invites(ping) and _told_since(desk, case, ping, o, o.meeting) else None
    return f"the time is fixed now: {said(fixed.starts)}{newer}" if fixed else ""


def _told_since(desk: Desk, case: Case, ping: Ping, o: Obligation, meeting: Meeting) -> bool:
    """Whether it was sent before there was a time, and a newer one says the time: to everybody who had not declined by then."""
    if o.status != "open" or ping.at >= meeting.fixed_at:
        return False
    back = case.episode.found_at is not None
    if desk.now < (case.calendar.office_time(meeting.fixed_at) if back else meeting.fixed_at):
        return False
    mine = next((s for s in gathered(desk, case, o).standings if ping.addressee in s.roles), None)
    return mine is not None and not (mine.answer and mine.answer.answer == "declined" and mine.answer.at <= meeting.fixed_at)


def _became(o: Obligation, newer: str) -> str:
    if o.meeting:
        return f"the time is now {said(o.meeting.starts)}{newer or '; everybody is asked again'}"
    return "this time no longer holds; you hear when another is fixed"


def _sent(desk: Desk, case: Case, found: Gathering, who: str, row: Row) -> Row:
    """Somebody who was sent in another's place: what they answered themselves, or that they need not come any more."""
    responses = [r for r in case.episode.responses if r.action == found.action]
    agency = next((r.agency for r in reversed(responses) if r.to == who), None)
    mine = next((s for s in found.standings if agency in {s.agency, *s.roles}), None)
    if mine is None or mine.answer is None:
        return row
    if who not in sent_instead(found.action, responses):
        return row._replace(state=f"you need not come: {line(desk, mine, found.named)}", reason="", buttons=(), over=True)
    own = mine.answer.actor == who[1:]
    return row._replace(state=line(desk, mine, found.named), buttons=ANSWERED) if own else row


def _invitation(desk: Desk, case: Case, found: Gathering, ping: Ping, row: Row) -> Row:
    """What the agency has answered takes the place of the buttons that answer."""
    mine = next((s for s in found.standings if ping.addressee in s.roles), None)
    if mine is None:
        return _sent(desk, case, found, ping.addressee, row)
    if mine.answer is None:
        return row
    reason = row.reason if ping.kind == "notice" else ""
    return row._replace(state=line(desk, mine, found.named), reason=reason, buttons=ANSWERED)


def _yours_to_chair(desk: Desk, case: Case, ping: Ping, row: Row, o: Obligation) -> Row:
    """Whoever chairs: when it is, whether a place is given, who is invited and who of them must come."""
    name, starts = words.label(o.duty.action), f" on {said(o.meeting.starts)}" if o.meeting else ""
    says = (
        f"You chair the {name}{starts}"
        if o.chair == ping.addressee
        else f"The {name} is fixed{starts.replace(' on', ' for')}; nobody is named to chair it"
    )
    if o.status != "open" or o.meeting is None:
        return row._replace(says=says, buttons=(), over=True)
    if who_chairs(o) != ping.addressee:
        return row._replace(says=f"The {name}{starts}", state=f"now chaired by the {words.label(who_chairs(o))}", buttons=(), over=True)
    found = gathered(desk, case, o)
    place = "where: under 'Agenda and place'" if o.meeting.place else "online" if o.meeting.link else "no place is given yet"
    return row._replace(says=says, state=f"{place}; {everybody(desk, found)}", buttons=_leading(found, ping.addressee))


def _leading(found: Gathering, role: str) -> tuple[str, ...]:
    """One who chairs and is invited as well hears both in one line, and answers there."""
    mine = next((s for s in found.standings if role in s.roles), None)
    if mine is None:
        return LEADING
    return (CHANGE, *LEADING) if mine.answer else (*INVITED, LEADING[1])


def _who_is_missing(desk: Desk, case: Case, ping: Ping, row: Row, o: Obligation) -> Row:
    """Who of those that must come has declined, or has not answered; of a decline only that one is told."""
    found = gathered(desk, case, o)
    about = ping.rung.split("/")[1] if ping.rung.startswith(DECLINED) else None
    absent = [s for s in found.standings if s.required and s.missing and about in {None, s.agency}]
    starts = f" on {said(o.meeting.starts)}" if o.meeting else ""
    name = f"{words.label(o.duty.action).capitalize()}{starts}"
    if o.status != "open" or o.meeting is None:
        return row._replace(says=name, buttons=(), over=True)
    if not absent:
        return row._replace(says=name, state="all that must come have answered since", buttons=(), over=True)
    says = "; ".join(f"{words.label(s.agency)} {'cannot come' if s.answer else 'has not answered'}" for s in absent)
    goes = "; it goes ahead all the same" if o.meeting.goes_ahead else ""
    buttons = tuple(b for b in TO_CHAIR if b != "go_ahead" or not o.meeting.goes_ahead)
    state = "; ".join(line(desk, s, found.named) for s in absent) + goes
    return row._replace(says=f"{name}: {says}", state=state, buttons=buttons)


def _was_it_held(row: Row, o: Obligation) -> Row:
    starts = f" of {said(o.meeting.starts)}" if o.meeting else ""
    says = f"Was the {words.label(o.duty.action)}{starts} held? Say who came, what was agreed and when the next one is"
    over = o.status != "open"
    return row._replace(says=says, state=row.state if over else "", buttons=() if over else ("held", "move"))
