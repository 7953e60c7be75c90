"""The morning digest: at 08:30 on working days everybody hears once what they still owe, over all episodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from handlers import nudge
from handlers.addressing import Book
from handlers.case import worked_out
from handlers.compose import standing
from handlers.desk import Desk, Desks
from handlers.gathering import today
from handlers.outgoing import Body, Row
from handlers.verbs import glass
from policies import words
from policies.behind import once
from policies.interviews import holder
from policies.obligations import Obligation
from policies.worktime import LONDON, at_local
from storage import episodes, outbox, settings
from storage.episodes import EpisodeRow
from storage.ids import new_id
from storage.outbox import Post

AT = time(8, 30)
MOST = 100  # rows of one digest; the rest is counted
PAGE = 20  # episodes worked out in one transaction


@dataclass(frozen=True)
class Item:
    """One thing somebody still owes, or a meeting they chair: then `says` and `state` are of that."""

    person: str
    role: str
    reference: str
    obligation: Obligation
    restricted: bool = False
    says: str = ""
    state: str = ""


def digest(desks: Desks) -> int:
    """Queue today's digests if it is time and they are not out yet; gives how many were queued."""
    with desks() as desk:
        waiting = [authority.id for authority in desk.office.directory.authorities if _is_time(desk, authority.id)]
    return sum(_of_authority(desks, authority) for authority in waiting)


def skip_today(desk: Desk) -> None:
    """After an outage everybody has a digest of its own; the morning's, if it is late by now, would be the second."""
    for authority in desk.office.directory.authorities:
        if _is_time(desk, authority.id):
            settings.put(desk.session, _done(authority.id), desk.today.isoformat())


def next_digest(desk: Desk) -> datetime | None:
    """The next digest of any authority, while anything is open."""
    return min((t for a in desk.office.directory.authorities if (t := _next(desk, a.id))), default=None)


def _is_time(desk: Desk, authority: str) -> bool:
    """A working day, half past eight or later, and not done yet today."""
    works = desk.authority(authority).calendar.works(desk.today)
    return works and desk.now >= at_local(desk.today, AT) and settings.get(desk.session, _done(authority)) != desk.today.isoformat()


def _done(authority: str) -> str:
    return f"digest:{authority}"


def _next(desk: Desk, authority: str) -> datetime | None:
    if not episodes.open_page(desk.session, authority, "", 1):
        return None
    day = desk.now.astimezone(LONDON).date()
    calendar = desk.authority(authority).calendar
    if calendar.works(day) and desk.now < at_local(day, AT):
        return at_local(day, AT)
    return _after(desk, authority)


def _after(desk: Desk, authority: str) -> datetime:
    """The digest of the next working day."""
    return at_local(desk.authority(authority).calendar.next_working(desk.today), AT)


def _of_authority(desks: Desks, authority: str) -> int:
    """Gathered page by page, so that nobody waits for it; then queued at once, so that a kill leaves all or nothing to do."""
    by_person: dict[str, list[Item]] = {}
    after: str | None = ""
    while after is not None:
        with desks() as desk:
            page = episodes.open_page(desk.session, authority, after, PAGE)
            for item in _items(desk, page):
                by_person.setdefault(item.person, []).append(item)
        after = page[-1].id if len(page) == PAGE else None
    with desks() as desk:
        if not _is_time(desk, authority):  # another process was quicker
            return 0
        settings.put(desk.session, _done(authority), desk.today.isoformat())
        glass.remind(desk, authority)
        return len(outbox.queue_all(desk.session, [_post(desk, authority, person, items) for person, items in by_person.items()]))


def _items(desk: Desk, rows: Iterable[EpisodeRow]) -> Iterator[Item]:
    """Meetings that begin before the next digest; open duties without a time, and late ones, that had arisen before today's."""
    morning = at_local(desk.today, AT) - timedelta(hours=1)
    for row in rows:
        found = worked_out(desk, row)
        if found is None:
            continue
        book = Book(desk, row, found[0].pack)
        for o, role, says, state in today.beginning(desk, *found, _after(desk, row.authority)):
            chair = book.target(role)
            if chair.person:
                yield Item(chair.person, chair.role, row.reference, o, row.restricted, says, state)
        for o in once(found[1], desk.now):
            if o.status == "open" and o.arises_at <= morning and (o.due is None or o.late_at(desk.now)):
                given_to = holder(found[0].episode, o)
                target = (book.given(given_to, o.owner) if given_to else None) or book.target(o.owner)
                if target.person:
                    yield Item(target.person, target.role, row.reference, o, row.restricted)


def _row(desk: Desk, of: Item) -> Row:
    if of.restricted:
        return nudge.row("digest", (of.role,), None)._replace(says=f"{of.reference}: {nudge.SAYS[0].lower()}{nudge.SAYS[1:]}")
    duty = of.obligation.duty
    return Row(
        rule=duty.id,
        says=f"{of.reference}: {of.says or duty.says}",
        kind="digest",
        to=(of.role,),
        action=duty.action,
        clauses=duty.clauses,
        owner=words.label(of.obligation.owner),
        state=of.state or standing(of.obligation, desk.now),
    )


def _post(desk: Desk, authority: str, person: str, items: list[Item]) -> Post:
    rows = list(dict.fromkeys(_row(desk, item) for item in items[:MOST]))  # a restricted one says the same of everything
    if len(items) > MOST:
        rows.append(Row(rule="more", says=f"and {len(items) - MOST} more: type 'mine'", kind="digest", to=()))
    count = f"{len(items)} thing{'s' if len(items) > 1 else ''} to do"
    body = Body(reference=None, headline=f"Good morning: {count}", rows=tuple(rows), fallback=f"Homeward: {count}")
    return Post(
        id=new_id(),
        authority=authority,
        kind="digest",
        place="direct",
        addressee=items[0].role,
        person=person,
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        key=f"digest:{authority}:{person}:{desk.today.isoformat()}",
    )
