"""Posts that were sent are edited to say how things stand now; what nobody needs any more never goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers import compose, nudge
from handlers.case import Case
from handlers.desk import Desk
from handlers.gathering.rows import as_it_stands
from handlers.outgoing import Body, Row
from handlers.outgoing import body as stored_body
from handlers.planning.plans import Planned
from handlers.reconcile import Change, Reconciled
from policies.history import Ack
from policies.obligations import Derived
from policies.worktime import said
from storage import outbox
from storage.outbox import Post
from storage.pings import Ping

FOUND = "Found "


def row_of(
    desk: Desk, case: Case, derived: Derived, stored: Reconciled, ping: Ping, to: tuple[str, ...], reason: str, planned: Planned | None
) -> Row:
    """The line of one ping as things stand now, whether it is about to be sent or was sent before."""
    if case.row.restricted:
        return nudge.row(ping.kind, to, ping.obligation_id)
    if ping.obligation_id is None:
        telling = planned.telling if planned else next((t for t in derived.tellings if t.rule.id == ping.rule and t.nth == ping.nth), None)
        return compose.telling_row(ping, telling, derived, to)
    o = derived.of((ping.rule, ping.nth))
    o = o if o and o.arises_at <= desk.now else None
    row = as_it_stands(desk, case, ping, o, compose.row_for(ping, o, stored.row((ping.rule, ping.nth)), to, reason, desk.now))
    in_hand = _in_hand(case, ping, desk.directory.person)
    return row._replace(state=f"{row.state}; {in_hand}") if in_hand and o and o.status == "open" else row


def _in_hand(case: Case, ping: Ping, person: Callable[[str], object]) -> str:
    acks: list[Ack] = [a for a in case.episode.acks if (a.rule, a.nth) == (ping.rule, ping.nth)]
    if not acks:
        return ""
    name = getattr(person(acks[-1].actor), "name", acks[-1].actor)
    return f"{name} has it in hand since {said(acks[-1].at)}"


def edit(
    desk: Desk,
    case: Case,
    derived: Derived,
    stored: Reconciled,
    changed: dict[str, Change],
    affected: set[str],
    known: Sequence[Ping],
    why: str,
) -> None:
    """Posts about what changed are edited to say so; one that was not sent yet and is not needed any more never goes out.

    With the child found, or not found after all, every direct message says so, whatever it was about.
    """
    if case.row.restricted:  # what says nothing needs no edit
        return
    by_post: dict[str, list[Ping]] = {}
    for ping in known:
        if ping.post_id:
            by_post.setdefault(ping.post_id, []).append(ping)
    for post in outbox.of_episode(desk.session, case.row.id):
        mine = by_post.get(post.original, [])
        if post.state == "superseded" or not mine or not (any(p.obligation_id in affected for p in mine) or _outdated(case, post)):
            continue
        body = _edited(desk, case, derived, stored, post, mine, changed, why)
        if body == stored_body(post.body):
            continue
        over = not any(row.buttons for row in body.rows) and post.sent_edition == 0
        if not (over and outbox.withdraw(desk.session, [post.id])):
            outbox.edit(desk.session, post.id, body.stored())


def _edited(
    desk: Desk, case: Case, derived: Derived, stored: Reconciled, post: Post, mine: list[Ping], changed: dict[str, Change], why: str
) -> Body:
    before = stored_body(post.body)
    said_before = {(row.rule, row.obligation, row.kind, row.to[-1:]): row for row in before.rows}
    rows = []
    for ping in mine:
        old = said_before.get((ping.rule, ping.obligation_id, ping.kind, (ping.addressee,)))
        rows.append(row_of(desk, case, derived, stored, ping, old.to if old else (ping.addressee,), old.reason if old else "", None))
    moves = [_move(changed[p.obligation_id], why) for p in mine if p.obligation_id in changed and changed[p.obligation_id].moved]
    kept = [line for line in before.lines if not line.startswith(FOUND)]
    lines = dict.fromkeys((*kept, *moves, *_found(case, post)))
    return compose.body(
        case.row.reference, rows, before.mentions, list(lines), broadcast=before.broadcast, back=case.episode.returned_at is not None
    )


def _found(case: Case, post: Post) -> list[str]:
    """Whoever was written to is in no thread that says it."""
    return [f"{FOUND}{said(case.episode.found_at)}."] if case.episode.found_at and post.place == "direct" else []


def _outdated(case: Case, post: Post) -> bool:
    return [line for line in post.body["lines"] if line.startswith(FOUND)] != _found(case, post)


def _move(change: Change, why: str) -> str:
    old = change.before.due_at if change.before else None
    new = change.after.due_at
    moved = f"Due moved from {said(old)} to {said(new)}" if old and new else "The due time was moved"
    return f"{moved}: {why}" if why else moved
