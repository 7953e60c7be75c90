"""Those who were invited hear that a meeting is called off: one post a room, one message to each who is not in a room."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.addressing import Book, Target
from handlers.card import card_in
from handlers.case import Case
from handlers.desk import Desk
from handlers.gathering.attendance import Gathering
from handlers.outgoing import Body, Row
from policies import words
from policies.meeting import Meeting
from policies.worktime import said
from storage import outbox
from storage.ids import new_id
from storage.outbox import Post


def called_off(desk: Desk, case: Case, found: Gathering, meeting: Meeting) -> None:
    """Tell everybody who was asked and has not declined."""
    says = f"Called off: {words.label(meeting.action)} on {said(meeting.starts)}"
    book = Book(desk, case.row, case.pack)
    roles = [role for s in found.standings if not s.answer or s.answer.answer != "declined" for role in s.roles]
    targets = [book.target(role) for role in (*roles, *([found.obligation.chair] if found.obligation.chair else []))]
    for place in _places(targets):
        outbox.queue(desk.session, _post(desk, case, says, meeting, place))


def _places(targets: list[Target]) -> Iterator[list[Target]]:
    """Targets that are told in one post."""
    places: dict[tuple[str | None, ...], list[Target]] = {}
    for target in targets:
        alone = target.person if target.place == "direct" else None
        places.setdefault((target.place, target.room, target.platform, alone), []).append(target)
    yield from places.values()


def _post(desk: Desk, case: Case, says: str, meeting: Meeting, here: list[Target]) -> Post:
    first, reference = here[0], case.row.reference
    card = card_in(desk, case, first.room, first.platform) if first.place == "thread" else None
    row = Row(rule="called-off", says=says, kind="notice", to=tuple(dict.fromkeys(t.role for t in here)), action=meeting.action, house=True)
    people = dict.fromkeys(t.people[0].id for t in here if t.people)
    return Post(
        id=new_id(),
        authority=case.row.authority,
        kind="notice",
        place=first.place,
        room=first.room,
        platform=first.platform,
        addressee=first.role if len(here) == 1 else None,
        person=first.person if len(people) == 1 else None,
        body=Body(reference, f"{reference} · {says}", (row,), mentions=tuple(people), fallback=f"Homeward: {reference}").stored(),
        queued_at=desk.now,
        send_after=desk.now,
        episode_id=case.row.id,
        key=f"called-off:{meeting.id}:{first.place}:{first.room}:{first.platform}:{first.person if first.place == 'direct' else ''}",
        parent_id=card.id if card else None,
    )
