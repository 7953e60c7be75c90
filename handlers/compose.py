"""Pings → what a post says: what is owed, by whom, by when or how late, under which clause, with the buttons that answer it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.outgoing import Body, Row
from policies import words
from policies.answers import is_meeting
from policies.arranged import FOLLOW_UP
from policies.interviews import INTERVIEW, OFFER, second_clock
from policies.inviting import FIXED
from policies.obligations import Derived, Obligation, Telling
from policies.worktime import lasting, said
from storage.obligations import ObligationRow
from storage.pings import Ping

NO_LONGER = "no longer needed"
INVITED = ("accept", "tentative", "decline", "delegate", "agenda_and_place")
TOLD = "told"


def row_for(ping: Ping, o: Obligation | None, stored: ObligationRow | None, to: tuple[str, ...], reason: str, now: datetime) -> Row:
    """The line of one ping about an obligation, as it stands now."""
    if o is None or stored is None:
        says = words.label(stored.action if stored else ping.rule)
        return Row(rule=ping.rule, says=says, kind=ping.kind, to=to, state=NO_LONGER, obligation=ping.obligation_id, over=True)
    telling = ping.rung == TOLD
    return Row(
        rule=o.duty.id,
        says=_says(ping, o),
        kind=ping.kind,
        to=to,
        action=o.duty.action,
        clauses=o.duty.clauses,
        owner=words.label(o.owner),
        due=o.due.isoformat() if o.due and not invites(ping) else None,  # whoever is invited is not late
        state="" if invites(ping) and o.status == "open" else standing(o, now, _ower(o, to)),
        reason="" if invites(ping) and o.status != "open" else reason,
        obligation=stored.id,
        version=stored.version,
        buttons=_buttons(ping, o, telling=telling),
        house=o.duty.house,
        over=o.status != "open",
    )


def _says(ping: Ping, o: Obligation) -> str:
    if invites(ping):
        return invitation(o)
    return _for_you(o) if ping.rung == TOLD else o.duty.says


def invites(ping: Ping) -> bool:
    """Whether it asks for an answer to an invitation, or says the time of what was answered."""
    return ping.kind in {"invite", "chase"} or ping.rung.partition("/")[0] == FIXED


def invitation(o: Obligation) -> str:
    """What an invitation says: to what, when, chaired by whom."""
    if o.status != "open":
        return f"You were invited: {words.label(o.duty.action)}"
    return f"You are invited: {words.label(o.duty.action)}{_meeting_time(o)}"


def _meeting_time(o: Obligation) -> str:
    chair = f", chaired by the {words.label(o.chair)}" if o.chair else ""
    if o.meets_at:
        return f" on {said(o.meets_at)}{chair}"
    return f", the time is not fixed yet, to be held by {said(o.due)}{chair}" if o.due else f", the time is not fixed yet{chair}"


def _for_you(o: Obligation) -> str:
    """What one who is told hears: whose duty it is, so that the bot does not jump the chain."""
    if words.actions()[o.duty.action] == "notification":
        return f"{o.duty.says}: you are the one to be told"
    return f"For you to know: {o.duty.says[0].lower()}{o.duty.says[1:]}"


def _ower(o: Obligation, to: tuple[str, ...]) -> str:
    """Who owes it; somebody outside the workspace through whoever speaks for them."""
    spoken_for = len(to) > 1 and to[-1] == o.owner and to[0] != o.owner
    return f"{words.label(to[0])} for the {words.label(o.owner)}" if spoken_for else words.label(o.owner)


def standing(o: Obligation, now: datetime, who: str = "") -> str:
    """How an obligation stands, in words: who owes it by when, how late it is, or how it ended."""
    if o.status == "met" and o.completed_at:
        done = o.note if o.note.startswith("decided") else "done"
        late = f", {lasting(o.completed_at - o.due)} late" if o.due and o.completed_at > o.due else ""
        return f"{done} {said(o.completed_at)}{late}"
    if o.status != "open":
        return o.note or NO_LONGER
    who, fixed = who or words.label(o.owner), f"; {fixed_for(o)}" if o.meeting else ""
    if o.due is None:
        return f"{who} owes it; the protocol gives no time{fixed}"
    other = second_clock(o.duty, o.anchor_at, o.due)
    second = f"; {other}" if other else ""
    if now > o.due:
        return f"{who} owes it, was due {said(o.due)}, {lasting(now - o.due)} late{second}{fixed}"
    return f"{who} owes it, due {said(o.due)}{second}{fixed}"


def fixed_for(o: Obligation) -> str:
    """When the meeting is that was fixed for it, and who chairs it; nothing while no time is fixed, or once it is over."""
    if o.meeting is None or o.status != "open":
        return ""
    return f"fixed for {said(o.meeting.starts)}, " + (
        f"chaired by the {words.label(o.chair)}" if o.chair else "nobody is named to chair it"
    )


def _buttons(ping: Ping, o: Obligation, *, telling: bool) -> tuple[str, ...]:
    if o.status != "open":
        return ()
    if invites(ping):
        return INVITED
    if telling:
        notification = words.actions()[o.duty.action] == "notification" and not o.duty.in_writing
        return ("told",) if notification else ()
    if ping.rung == "ring":
        return ("phoned", "acknowledge")
    return ("acknowledge", *how_it_ends(o))


def how_it_ends(o: Obligation) -> tuple[str, ...]:
    """The buttons by which an obligation is brought to its end: a meeting is fixed first, an interview has steps, a decision an outcome."""
    if o.duty.action in {OFFER, INTERVIEW}:
        return ("interview", "prompts")
    if is_meeting(o.duty.action):
        return ("held", "move") if o.meeting else ("fix_a_time", "held")
    if o.duty.action == FOLLOW_UP and o.duty.house:
        return ("complete", "what_was_agreed")
    return ("decide", "complete") if words.actions()[o.duty.action] == "decision" else ("complete",)


def telling_row(ping: Ping, telling: Telling | None, derived: Derived, to: tuple[str, ...]) -> Row:
    """The line of a notice, of a threshold, or of the coordinator's mark."""
    if telling is None:
        return Row(rule=ping.rule, says=words.label(ping.rule), kind=ping.kind, to=to, state=NO_LONGER)
    state = ""
    if telling.kind == "threshold":
        crossing = next((c for c in derived.crossings if c.rule == telling.rule.id), None)
        state = f"{crossing.count} episodes" if crossing else ""
    rule = telling.rule
    return Row(
        rule=rule.id, says=rule.says, kind=ping.kind, to=to, action=telling.action, clauses=rule.clauses, state=state, house=rule.house
    )


def body(
    reference: str, rows: Sequence[Row], mentions: Sequence[str], lines: Sequence[str], *, broadcast: bool = False, back: bool = False
) -> Body:
    """The whole post. The fallback says no more than that somebody is needed, and by when. `back`: then found is no news."""
    open_rows = [row for row in rows if row.buttons]
    due = min((row.due for row in open_rows if row.due), default=None)
    by = f", due {said(datetime.fromisoformat(due))}" if due else ""
    return Body(
        reference=reference,
        headline=f"{reference} · {_headline(rows)}",
        rows=tuple(rows),
        lines=tuple(lines),
        mentions=tuple(mentions),
        buttons=(("status",) if back else ("found", "status")) if open_rows else (),
        fallback=f"Homeward: {reference} needs you{by}" if open_rows else f"Homeward: {reference}",
        urgent=any(row.kind in {"due", "escalation"} for row in open_rows),
        broadcast=broadcast,
    )


def _headline(rows: Sequence[Row]) -> str:
    if all(row.obligation and row.over for row in rows):
        return "nothing more to do here"
    still = [row for row in rows if not row.over]
    kind, says = next(((kind, says) for kind, says in _HEADLINES if any(row.kind == kind for row in still)), ("", "for you to know"))
    if any("phoned" in row.buttons for row in still):
        return "nobody has answered, please ring" if all("phoned" in row.buttons for row in still) else "nobody has answered"
    same, others = sum(row.kind == kind for row in still), sum(row.kind != kind for row in still)
    counted = f"{same} {says}" if kind in {"due", "reminder"} and same > 1 else says
    return f"{counted}, and {others} more" if kind in {"due", "reminder"} and others else counted


_HEADLINES = (
    ("escalation", "not done yet, and now with you"),
    ("due", "due now"),
    ("threshold", "a threshold was reached"),
    ("invite", "you are invited"),
    ("chase", "no answer yet"),
    ("reminder", "due soon"),
    ("notice", "for you"),
)
