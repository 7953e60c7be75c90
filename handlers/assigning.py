"""Work given to a named person: whose it is now, and the post that says so with the buttons that answer it."""

from __future__ import annotations

from dataclasses import replace

from handlers import compose
from handlers.addressing import Book
from handlers.card import card_in
from handlers.desk import Desk
from handlers.directory import Person
from handlers.editing import row_of
from handlers.settle import Settled
from policies.interviews import INTERVIEW, OFFER
from policies.obligations import Obligation
from storage import outbox, pings
from storage.ids import new_id
from storage.outbox import Post
from storage.pings import Ping


def tell_new_holder(desk: Desk, settled: Settled, person: Person) -> list[Obligation]:
    """Post what is open of the interview to the person who now holds it; gives what that is."""
    mine = [o for o in settled.derived.open_at(desk.now) if o.duty.action in {OFFER, INTERVIEW}]
    if mine:
        _post(desk, settled, mine, person)
    return mine


def _post(desk: Desk, settled: Settled, mine: list[Obligation], person: Person) -> None:
    case = settled.case
    target = Book(desk, case.row, case.pack).given(person.id, mine[0].owner)
    there = card_in(desk, case, target.room, target.platform) if target else None
    made = [_ping(desk, settled, o, person) for o in mine]
    rows = [
        row_of(desk, case, settled.derived, settled.stored, p, (o.owner,), "given to you", None) for p, o in zip(made, mine, strict=True)
    ]
    post = Post(
        id=new_id(),
        authority=case.row.authority,
        kind="notice",
        place="thread" if there else "direct",  # in the room when they and the episode are in it, else directly; never both
        room=there.room if there else None,
        platform=target.platform if target else None,
        addressee=mine[0].owner,
        person=person.id,
        body=compose.body(case.row.reference, rows, [person.id], [], back=case.episode.returned_at is not None).stored(),
        queued_at=desk.now,
        send_after=desk.now,
        episode_id=case.row.id,
        parent_id=there.id if there else None,
    )
    outbox.queue(desk.session, post)
    pings.add_all(desk.session, [replace(ping, post_id=post.id) for ping in made])


def _ping(desk: Desk, settled: Settled, o: Obligation, person: Person) -> Ping:
    """The ping that keeps the post in step with what becomes of it; another time it is given is another one."""
    row = settled.stored.row(o.key)
    before = sum(p.rung.startswith("given") for p in pings.of_episode(desk.session, settled.case.row.id))
    return Ping(
        id=new_id(),
        episode_id=settled.case.row.id,
        rule=o.duty.id,
        nth=o.nth,
        rung=f"given-{before + 1}",
        addressee=o.owner,
        arming=row.arming if row else 1,
        kind="notice",
        at=desk.now,
        obligation_id=row.id if row else None,
    )
