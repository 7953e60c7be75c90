"""What everybody has to know at once: found, or not found after all. One post a room, one to each who was asked something directly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers import nudge
from handlers.addressing import Book, Target
from handlers.card import cards_shown
from handlers.case import Case
from handlers.delivery.ways import MAIL
from handlers.desk import Desk
from handlers.directory import in_the_room
from handlers.outgoing import Body, Row
from handlers.settle import Settled
from storage import outbox, pings
from storage.ids import new_id
from storage.outbox import Post

AWAKE = ("social_worker", "edt", "police")  # who must look again when a child is not found after all
NEWS = "news"


def tell(desk: Desk, settled: Settled, says: str, *, wake: bool = False) -> None:
    """Say a sentence in each room that has the episode's card, and to people whom no room tells. `wake`: mention who must act again."""
    case = settled.case
    posts = outbox.of_episode(desk.session, case.row.id)
    cards = [] if case.row.restricted else cards_shown(desk, case)
    rooms = {card.room for card in cards}
    outside = {post.person for post in posts if post.place == "direct" and post.parent_id}  # their room does not reach them
    alone = [p for p in _asked_directly(desk, settled, posts) if p in outside or not _reads(desk, case, p, rooms)]
    told = [*_to_rooms(desk, case, says, cards, wake=wake), *(_to_person(desk, case, says, person, wake=wake) for person in alone)]
    outbox.queue_all(desk.session, told)


def _to_rooms(desk: Desk, case: Case, says: str, cards: Iterable[Post], *, wake: bool) -> list[Post]:
    book = Book(desk, case.row, case.pack)
    targets = [book.target(role) for role in (*AWAKE, case.pack.coordinator)] if wake else []
    return [_in_thread(desk, case, says, card, [t for t in targets if _is_in(t, card)], wake=wake) for card in cards]


def _is_in(target: Target, card: Post) -> bool:
    return target.place == "thread" and target.room == card.room and target.platform in {None, card.platform} and bool(target.people)


def _in_thread(desk: Desk, case: Case, says: str, card: Post, here: list[Target], *, wake: bool) -> Post:
    mentions = tuple(dict.fromkeys(t.people[0].id for t in here))
    body = _body(case, says, tuple(t.role for t in here), mentions, wake=wake)
    return _post(desk, case, body, card=card, wake=wake)


def _to_person(desk: Desk, case: Case, says: str, person: str, *, wake: bool) -> Post:
    return _post(desk, case, _body(case, says, (), (person,), wake=wake), person=person, wake=wake)


def _asked_directly(desk: Desk, settled: Settled, posts: Iterable[Post]) -> list[str]:
    """Who has a direct message about something that is open or ended just now, a letter (which cannot be edited), or such news before.

    Whoever is asked for the first time in the same moment was never told otherwise.
    """
    ended = {change.after.id for change in settled.stored.changes if change.ended}
    asked = ended | {row.id for row in settled.stored.rows if row.status == "open"}
    about = {p.post_id for p in pings.of_episode(desk.session, settled.case.row.id) if p.obligation_id in asked}
    direct = [p for p in posts if p.place == "direct" and p.person and p.state not in {"superseded", "undeliverable"}]
    direct = [p for p in direct if p.state != "queued" or p.reference or p.queued_at < desk.now]
    return list(dict.fromkeys(str(p.person) for p in direct if p.original in about or p.platform == MAIL or _is_news(p)))


def _is_news(post: Post) -> bool:
    return any(row["rule"] == NEWS for row in post.body["rows"])


def _reads(desk: Desk, case: Case, person_id: str, rooms: Iterable[str | None]) -> bool:
    """Whether somebody is in one of the rooms that are told."""
    person = desk.directory.person(person_id)
    return person is None or any(in_the_room(role) in rooms for role in person.held(case.row.authority, desk.today))


def _body(case: Case, says: str, to: tuple[str, ...], mentions: tuple[str, ...], *, wake: bool) -> Body:
    reference, kind = case.row.reference, _kind(wake=wake)
    if case.row.restricted:
        return replace(nudge.body(reference, urgent=wake), mentions=mentions)
    row = Row(rule=NEWS, says=says, kind=kind, to=to)
    return Body(reference, f"{reference} · {says}", (row,), mentions=mentions, fallback=f"Homeward: {reference}", urgent=wake)


def _kind(*, wake: bool) -> str:
    return "notice" if wake else "card"  # found is news of the card; who must act again is pinged


def _post(desk: Desk, case: Case, body: Body, *, card: Post | None = None, person: str | None = None, wake: bool) -> Post:
    """In the thread of a card, or to a person."""
    several = card and desk.authority(case.row.authority).platforms(card.room or "")
    return Post(
        id=new_id(),
        authority=case.row.authority,
        kind=_kind(wake=wake),
        place="thread" if card else "direct",
        room=card.room if card else None,
        platform=card.platform if card and several else None,
        person=person,
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        episode_id=case.row.id,
        urgent=wake,
        parent_id=card.id if card else None,
    )
