"""What everybody in the thread has to know at once: found, or not found after all. One post a room, by whom it was said."""

from __future__ import annotations

from handlers.addressing import Book
from handlers.case import Case
from handlers.desk import Desk
from handlers.outgoing import Body, Row
from storage import outbox
from storage.ids import new_id
from storage.outbox import Post

AWAKE = ("social_worker", "edt", "police")  # who must look again when a child is not found after all


def tell_rooms(desk: Desk, case: Case, says: str, *, wake: bool = False) -> None:
    """Post a sentence in each room that has the episode's card. `wake`: mention who must act again."""
    reference = case.row.reference
    cards = outbox.by_keys(desk.session, [f"card:{case.row.id}:{room}" for room in ("coordination", "partners")])
    book = Book(desk, case.row, case.pack)
    kind = "notice" if wake else "card"  # found is news of the card; who must act again is pinged
    targets = [book.target(role) for role in (*AWAKE, case.pack.coordinator)] if wake else []
    for card in cards:
        here = [t for t in targets if t.place == "thread" and t.room == card.room and t.people]
        row = Row(rule="news", says=says, kind=kind, to=tuple(t.role for t in here), house=True)
        mentions = tuple(dict.fromkeys(t.people[0].id for t in here))
        body = Body(reference, f"{reference} · {says}", (row,), mentions=mentions, fallback=f"Homeward: {reference}", urgent=wake)
        post = Post(
            id=new_id(),
            authority=case.row.authority,
            kind=kind,
            place="thread",
            room=card.room,
            body=body.stored(),
            queued_at=desk.now,
            send_after=desk.now,
            episode_id=case.row.id,
            urgent=wake,
            parent_id=card.id,
        )
        outbox.queue(desk.session, post)
