"""After an outage: one post for each child still missing, one digest for each person, one line about the outage itself.

What fell due while nothing ran would otherwise come as a flood: every reminder, mark and rung that was passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers import alarms
from handlers.case import Case
from handlers.desk import Desk
from handlers.outgoing import Body, Row
from handlers.outgoing import body as stored_body
from handlers.planning.pings import high_risk
from handlers.planning.plans import SKIPPED, Planned, Plans
from policies.ladder import rank
from policies.obligations import Derived
from policies.worktime import said
from storage import outbox
from storage.ids import new_id
from storage.outbox import Post
from storage.pings import Ping

MOST = 20  # rows of a digest; the rest is counted
LONGEST = timedelta(minutes=10)  # that a digest waits for what else there is to say


@dataclass(frozen=True)
class Outage:
    """Nothing was looked at between these two moments."""

    began: datetime
    ended: datetime

    def said(self) -> str:
        """The outage in words."""
        return f"Homeward was down from {said(self.began)} to {said(self.ended)}"


@dataclass(frozen=True)
class Sorted:
    """The pings of one episode after an outage: those of its one post, whom that mentions, those for digests, and the overtaken."""

    together: tuple[Planned, ...]
    mentions: tuple[str, ...]
    apart: tuple[Planned, ...]
    skipped: tuple[Ping, ...]


def sort(plans: Plans, case: Case, derived: Derived, now: datetime) -> Sorted:
    """Of a child still missing, what is for the coordination room is one post at the highest rung passed; all else is for digests."""
    missing = case.episode.found_at is None and any(s.missing and s.at(now) for s in derived.reading.stretches)
    latest = [p for p in plans.send if not _overtaken(p, plans.send)]
    here = [p for p in latest if missing and p.target.place == "thread" and p.target.room == "coordination"]
    top = [p for p in here if all(_rank(p) >= _rank(other) for other in here if _about(other) == _about(p))]
    mentions = dict.fromkeys(p.target.people[0].id for p in here if p.target.people)
    lower = [p.ping for p in plans.send if p not in latest] + [p.ping for p in here if p not in top]
    return Sorted(
        tuple(top), tuple(mentions), tuple(p for p in latest if p not in here), tuple(replace(ping, kind=SKIPPED) for ping in lower)
    )


def _overtaken(planned: Planned, others: Sequence[Planned]) -> bool:
    """Of the coordinator's marks only the last one passed is said."""
    marks = [p.telling.at for p in others if p.telling and p.telling.rule.id.startswith("coordinator-")]
    mine = planned.telling
    return mine is not None and mine.rule.id.startswith("coordinator-") and mine.at < max(marks)


def _about(planned: Planned) -> tuple[str, int]:
    return planned.ping.rule, planned.ping.nth


def _rank(planned: Planned) -> int:
    return rank(planned.ping.rung)


def tell(desk: Desk, case: Case, derived: Derived, outage: Outage, apart: Sequence[tuple[Planned, Row]]) -> list[Ping]:
    """Add rows to the digests of whom they are for; gives the pings with the posts that carry them."""
    calm = case.episode.found_at is not None and not high_risk(derived, desk.now)
    found: list[Ping] = []
    for planned, row in apart:
        line = row._replace(says=f"{case.row.reference}: {row.says}", buttons=())
        found.append(replace(planned.ping, post_id=_added(desk, case, planned, line, outage, calm=calm)))
    return found


def _added(desk: Desk, case: Case, planned: Planned, row: Row, outage: Outage, *, calm: bool) -> str:
    """The id of the digest that now has the row."""
    target = planned.target
    whom = target.person or f"{target.room}:{target.role}"
    # About children who are back, and by night, there is time until the office opens; about others there is none.
    key = f"catchup:{outage.began.isoformat()}:{case.row.authority}:{whom}{':calm' if calm else ''}"
    post = _digest(desk, case, planned, row, key, outage, calm=calm)
    if outbox.queue(desk.session, post):
        return post.id
    there = outbox.by_key(desk.session, key, lock=True)
    if there is None or there.sent_at or there.state == "superseded":
        later = replace(post, id=new_id(), key=None)
        outbox.queue(desk.session, later)
        return later.id
    outbox.edit(desk.session, there.id, _with(stored_body(there.body), row).stored())
    return there.id


def _digest(desk: Desk, case: Case, planned: Planned, row: Row, key: str, outage: Outage, *, calm: bool) -> Post:
    target = planned.target
    goes = case.calendar.office_time(desk.now) if calm else desk.now
    body = Body(
        reference=None,
        headline=_headline(1),
        rows=(row,),
        lines=(f"{outage.said()}; this is what came due for you meanwhile.",),
        mentions=(target.person,) if target.person else (),
        fallback=f"Homeward: {_headline(1)}",
        urgent=not calm,
    )
    return Post(
        id=new_id(),
        authority=case.row.authority,
        kind="digest",
        place="direct" if target.person else "room",
        room=None if target.person else target.room,
        addressee=target.role or None,
        person=target.person,
        body=body.stored(),
        queued_at=desk.now,
        send_after=max(goes, desk.now + LONGEST),
        key=key,
        urgent=not calm,
    )


def _with(body: Body, row: Row) -> Body:
    """One row more; beyond twenty they are only counted."""
    *rows, last = body.rows
    count = len(body.rows) if last.rule != "more" else MOST + int(last.action or 0)
    more = Row(rule="more", says=f"and {count + 1 - MOST} more: type 'mine'", kind="digest", to=(), action=str(count + 1 - MOST))
    kept = (*body.rows, row) if count < MOST else (*(body.rows if count == MOST else rows), more)
    return replace(body, rows=kept, headline=_headline(count + 1), fallback=f"Homeward: {_headline(count + 1)}")


def _headline(count: int) -> str:
    return f"While Homeward was down: {count} thing{'s' if count > 1 else ''} for you"


def announce(desk: Desk, outage: Outage) -> None:
    """One line to every management room."""
    sentence = f"{outage.said()}. What came due meanwhile: one post for each child still missing, one message a person for everything else."
    for authority in desk.office.directory.authorities:
        alarms.raise_alarm(desk, authority.id, f"outage:{outage.began.isoformat()}:{authority.id}", sentence)
