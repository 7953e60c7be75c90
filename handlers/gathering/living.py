"""The meeting's own post: when it is, who is invited, who has answered; edited with every answer, to its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from handlers import card
from handlers.card import Where
from handlers.case import Case
from handlers.desk import Desk
from handlers.gathering.attendance import gathered, line
from handlers.gathering.summing import cited, count
from handlers.outgoing import Body, Row
from handlers.outgoing import body as stored_body
from policies import words
from policies.behind import behind
from policies.meeting import Meeting
from policies.obligations import Derived, Obligation
from policies.worktime import said
from storage import outbox
from storage.obligations import ObligationRow

BUTTONS = ("agenda_and_place", "held", "move", "call_off")
OF_PARTNERS = ("agenda_and_place",)  # who arranges it is in the coordination room


def show(desk: Desk, case: Case, derived: Derived, stored: Mapping[tuple[str, int], ObligationRow], cards: Mapping[Where, str]) -> None:
    """Edit the posts of the episode's meetings, and make those that are not there, in each room that has its card."""
    wanted = {key: (m, where) for m in case.episode.meetings for key, where in _places(m, cards)}
    if not wanted:
        return
    there = {post.key: post for post in outbox.by_keys(desk.session, list(wanted))}
    for key, (meeting, where) in wanted.items():
        post = there.get(key)
        if post is None and meeting.state != "fixed":
            continue
        asking = behind(derived.obligations, meeting)
        o = asking[0] if asking and meeting.state == "fixed" else None
        body = _body(desk, case, meeting, asking, stored.get(o.key) if o else None, BUTTONS if where[0] != "partners" else OF_PARTNERS)
        if post is None:
            outbox.queue(desk.session, card.living(desk, case, key, where, body, under=cards[where]))
        elif body != stored_body(post.body):
            outbox.edit(desk.session, post.id, body.stored())


def _places(meeting: Meeting, cards: Mapping[Where, str]) -> Iterator[tuple[str, Where]]:
    """The key of the post in each room; the first platform of a room keeps the key it has while there is only one."""
    first: dict[str | None, Where] = {}
    for where in cards:
        named = "" if first.setdefault(where[0], where) == where else f":{where[1]}"
        yield f"meeting:{meeting.id}:{where[0]}{named}", where


def _body(
    desk: Desk, case: Case, meeting: Meeting, asking: Sequence[Obligation], row: ObligationRow | None, buttons: tuple[str, ...]
) -> Body:
    o = asking[0] if asking and meeting.state == "fixed" else None
    found = gathered(desk, case, o) if o else None
    name = words.label(meeting.action)
    chair = f", chaired by the {words.label(o.chair)}" if o and o.chair else ""
    says = f"{name.capitalize()} on {said(meeting.starts)}{chair}"
    shown = Row(
        rule="meeting",
        says=says,
        kind="card",
        to=(),
        state=count(desk, found) if found else _ended(meeting),
        obligation=row.id if row else None,
        version=row.version if row else 0,
        buttons=buttons if found and row else (),
        clauses=tuple(dict.fromkeys(clause for o in asking for clause in o.duty.clauses)),
        over=found is None,
    )
    lines = (*(line(desk, s, found.named) for s in found.standings), cited(case.pack, o)) if found and o else ()
    reference = case.row.reference
    return Body(
        reference,
        f"{reference} · {name} {said(meeting.starts)}",
        (shown,),
        lines,
        fallback=f"Homeward: {reference}",
        join=meeting.link if found else "",
    )


def _ended(meeting: Meeting) -> str:
    came = f"; there were {', '.join(words.label(a) for a in meeting.came)}" if meeting.came else ""
    at = f" {said(meeting.ended_at)}" if meeting.ended_at else ""
    ends = {"held": f"held{at}{came}", "not_held": "not held; what asked for it stays open", "cancelled": "called off"}
    return ends.get(meeting.state, "it takes no more answers")
