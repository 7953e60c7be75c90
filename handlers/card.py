"""The episode's card: one living post a room, rendered from what is known, never patched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.addressing import Book
from handlers.away import away_as, since
from handlers.case import Case
from handlers.compose import fixed_for
from handlers.desk import Desk
from handlers.outgoing import Body, Row
from handlers.outgoing import body as stored_body
from handlers.reconcile import Reconciled
from policies import words
from policies.behind import once
from policies.obligation import UNRECORDED
from policies.obligations import Derived, Obligation
from policies.worktime import said
from storage import outbox
from storage.ids import new_id
from storage.outbox import Post

MOST = 12  # rows of work on a card; the rest is counted
STATES = {"open": "not found yet", "located": "located, not back yet", "returned": "back", "closed": "closed", "void": "void"}

Where = tuple[str | None, str | None]


@dataclass(frozen=True)
class Cards:
    """The id of the card's post by room, which is the thread everything else is posted to; `new` are yet to be queued.

    A room is a purpose, with its platform where several have one.
    """

    ids: dict[Where, str]
    new: tuple[Post, ...]


def show(desk: Desk, case: Case, derived: Derived, stored: Reconciled, meets: Mapping[tuple[str, int], str], *, partners: bool) -> Cards:
    """Edit the cards that are there, and make those that are not; a restricted episode has none.

    `meets`: where everybody stands who is invited to a meeting that is fixed, by what it is fixed for.
    """
    if case.row.restricted:
        return Cards({}, ())
    ids: dict[Where, str] = {}
    new: list[Post] = []
    for where, key, there in _places(desk, case):
        if there is None and where[0] == "partners" and not partners:
            continue
        body = _body(case, derived, stored, desk.now, meets, reduced=where[0] == "partners")
        post = there or living(desk, case, key, where, body)
        if there is None:
            new.append(post)
        elif body != stored_body(there.body):
            outbox.edit(desk.session, there.id, body.stored())
        ids[where] = post.id
    return Cards(ids, tuple(new))


def card_in(desk: Desk, case: Case, room: str | None, platform: str | None) -> Post | None:
    """The card in a room, if it is there."""
    return next((post for where, _, post in _places(desk, case) if where == (room, platform)), None)


def cards_shown(desk: Desk, case: Case) -> list[Post]:
    """The cards that are there."""
    return [post for _, _, post in _places(desk, case) if post]


def _places(desk: Desk, case: Case) -> list[tuple[Where, str, Post | None]]:
    """Every room that may have a card, with the card's key, and the card if there is one."""
    keys = {where: _key(case, where, first=first) for where, first in _rooms(desk, case)}
    cards = case.stored.cards if case.stored else outbox.by_keys(desk.session, list(keys.values()))
    there = {post.key: post for post in cards}
    return [(where, key, there.get(key)) for where, key in keys.items()]


def _rooms(desk: Desk, case: Case) -> Iterator[tuple[Where, bool]]:
    authority = desk.authority(case.row.authority)
    for room in ("coordination", "partners"):
        for n, platform in enumerate(authority.platforms(room) or (None,)):
            yield (room, platform), n == 0


def _key(case: Case, where: Where, *, first: bool) -> str:
    """The first room's card keeps the key it has while there is only one."""
    return f"card:{case.row.id}:{where[0]}" + ("" if first else f":{where[1]}")


def living(desk: Desk, case: Case, key: str, where: Where, body: Body, under: str | None = None) -> Post:
    """A post that is edited as long as the episode lives: the card itself, or one under it in its thread."""
    return Post(
        id=new_id(),
        authority=case.row.authority,
        kind="card",
        place="thread" if under else "room",
        room=where[0],
        platform=where[1],
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        key=key,
        episode_id=case.row.id,
        urgent=under is None,
        parent_id=under,
    )


def _body(case: Case, derived: Derived, stored: Reconciled, now: datetime, meets: Mapping[tuple[str, int], str], *, reduced: bool) -> Body:
    e = case.episode
    category = away_as(case, derived, now)
    back = f" · found {said(e.found_at)}" if e.found_at else ""
    headline = f"{case.row.reference} · {category} {since(case.row)} · {STATES[e.status]}{back}"
    rows = () if reduced else tuple(_rows(derived, stored, now, meets))
    lines = [] if reduced else [_known_line(derived), f"Protocol: {case.pack.name} ({case.pack.effective:%-d %B %Y})"]
    buttons = ("found", "note", "risk", "status", "more") if e.status in {"open", "located"} else ("note", "status", "more")
    return Body(
        case.row.reference,
        headline,
        rows,
        tuple(line for line in lines if line),
        buttons=buttons if not reduced else ("note", "found"),
        fallback=f"Homeward: {case.row.reference}",
    )


def _known_line(derived: Derived) -> str:
    """Whether police were told: the one thing everybody asks first."""
    told = next((o for o in derived.obligations if o.duty.action == "police_notification"), None)
    if told is None:
        return ""
    return f"Police told {said(told.completed_at)}" if told.completed_at else "Police not recorded as told"


def _rows(derived: Derived, stored: Reconciled, now: datetime, meets: Mapping[tuple[str, int], str]) -> list[Row]:
    """What is open and has a date, or is a meeting that is fixed, by due time; what the protocol gives no time for is one line."""
    still = [o for o in once(derived.obligations, now) if o.status == "open"]
    dated = sorted((o for o in still if o.due or o.meets_at), key=lambda o: o.due or o.meets_at or now)
    rows = [_row(o, stored, now, meets.get(o.key, "")) for o in dated[:MOST]]
    if len(dated) > MOST:
        rows.append(Row(rule="more", says=f"and {len(dated) - MOST} more with a date", kind="card", to=()))
    undated = [o.duty.says for o in still if not o.due and not o.meets_at and o.arises_at <= now]
    if undated:
        rows.append(Row(rule="to-do", says="To do, no time given: " + "; ".join(undated), kind="card", to=()))
    return rows


def _row(o: Obligation, stored: Reconciled, now: datetime, meets: str) -> Row:
    kept = stored.row(o.key)
    late = o.due is not None and o.due < now
    due = f", {'was due' if late else 'due'} {said(o.due)}" + (" if still missing" if o.arises_at > now else "") if o.due else ""
    state = "; ".join(part for part in (f"{words.label(o.owner)}{due}", fixed_for(o), meets) if part)
    return Row(
        rule=o.duty.id,
        says=o.duty.says,
        kind="card",
        to=(),
        action=o.duty.action,
        clauses=o.duty.clauses,
        owner=words.label(o.owner),
        due=o.due.isoformat() if o.due else None,
        state=("late: " if late else "") + state,
        obligation=kept.id if kept else None,
        version=kept.version if kept else 0,
        house=o.duty.house,
    )


def standing_lines(desk: Desk, case: Case, derived: Derived) -> list[str]:
    """What is late, what is open, who has not answered, what was never recorded: the coordinator's view of one episode."""
    book = Book(desk, case.row, case.pack, case.allocated)
    arisen = [o for o in once(derived.obligations, desk.now) if o.status == "open" and o.arises_at <= desk.now]
    late = [o for o in arisen if o.late_at(desk.now)]
    waiting = [o for o in arisen if o not in late]
    taken = {(a.rule, a.nth) for a in case.episode.acks}
    silent = dict.fromkeys(_named(book, o.owner) for o in late if o.key not in taken and not o.meeting)
    missed = [o.duty.says for o in derived.obligations if o.status == "void" and o.note == UNRECORDED]
    lines = [f"Late: {_list(late)}" if late else "Nothing is late."]
    lines += [f"Open: {_list(waiting)}"] if waiting else []
    lines += [f"No answer from: {', '.join(silent)}"] if silent else []
    counted = [f"{says} ({missed.count(says)} times)" for says in dict.fromkeys(missed)]
    return lines + ([f"Not recorded in its time: {'; '.join(counted)}"] if counted else [])


def _named(book: Book, role: str) -> str:
    people = book.target(role).people
    return f"{people[0].name} ({words.label(role)})" if people else words.label(role)


def _list(obligations: list[Obligation]) -> str:
    return "; ".join(f"{o.duty.says} ({words.label(o.owner)}{', ' + said(o.due) if o.due else ''})" for o in obligations)
