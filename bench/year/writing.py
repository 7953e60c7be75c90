"""A generated year into a database: sealed and chained as the bot does it, with what the protocol derives from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from bench.year.episodes import Planned, planned
from bench.year.happened import entries
from bench.year.people import Year, Young, young
from handlers.reconcile import new_row
from handlers.record import happening
from handlers.reports.tally import stored
from policies.figures import figure
from policies.folding import fold
from policies.history import Child, Happening
from policies.load import digest, edition, load
from policies.obligations import derive
from policies.pack import Pack
from policies.worktime import Calendar
from storage import children, figures, journal, packs, settings
from storage.db import Session
from storage.episodes import EpisodeRow
from storage.ids import new_id
from storage.journal import Entry, NewEntry
from storage.obligations import ObligationRow
from storage.pings import Ping
from storage.records import insert_all
from storage.sealing import Vault
from storage.tables import EPISODES, OBLIGATIONS, PINGS

LATE = timedelta(hours=4)
LARGE = 5000  # episodes, from which on only what reports count is derived: deriving all of it takes minutes
COUNTED = ("return_interview", "strategy_meeting", "strategy_discussion", "police_notification")
_LETTERS = "23456789CDFGHJKMNPQRTVWXY"


@dataclass(frozen=True)
class Place:
    """Where a year is written: one authority under one edition, as of a moment after the year."""

    authority: str
    pack_name: str
    vault: Vault
    now: datetime
    thin: bool = False


def plan(episodes: int, year: Year, seed: int, categories: frozenset[str]) -> Iterator[tuple[Young, list[Planned]]]:
    """Children with their episodes until there are so many; the third child has 400 where that leaves half for the others."""
    random, made = Random(seed), 0
    for number in count(1):
        if made >= episodes:
            return
        many = 400 if number == 3 and episodes >= 800 else random.choices((1, 2, 3, 5, 9), (40, 24, 16, 14, 6))[0]
        child = young(number, year, random)
        if many == 400:
            child = replace(child, kind="home", placements=())
        theirs = list(planned(child, min(many, episodes - made), year, random, categories))
        made += len(theirs)
        yield child, theirs


def write(session: Session, place: Place, children_of_year: Iterable[tuple[Young, list[Planned]]], number: int = 1) -> dict[str, Planned]:
    """Write them all, references from a number on; gives each plan by the reference of its episode, to count again without us."""
    name, text = edition(place.pack_name)
    pack = load(text, name)
    known = digest(text)
    if place.thin:
        pack = pack.model_copy(
            update={"duties": tuple(d for d in pack.duties if d.action.startswith(COUNTED)), "notices": (), "thresholds": ()}
        )
    packs.keep(session, hash=known, area=pack.area, effective=pack.effective, format=1, text=text, now=place.now)
    numbers = count(number)
    by_reference: dict[str, Planned] = {}
    for child, theirs in children_of_year:
        rows = [_row(place, known, one, n, _reference(next(numbers))) for n, one in enumerate(theirs, 1)]
        if rows:
            _child(session, place, pack, child, list(zip(rows, theirs, strict=True)))
            by_reference |= {row.reference: one for row, one in zip(rows, theirs, strict=True)}
    return by_reference


def _reference(n: int) -> str:
    letters = ""
    for _ in range(5):
        n, rest = divmod(n, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return f"HW-{letters}"


def _row(place: Place, known: str, one: Planned, number: int, reference: str) -> EpisodeRow:
    status = "void" if one.void else "closed" if one.closed else "returned" if one.found else "open"
    return EpisodeRow(
        id=new_id(),
        authority=place.authority,
        child_id="",
        reference=reference,
        pack_hash=known,
        number=number,
        status=status,
        category="missing" if one.turned_missing else one.category,
        notified_at=one.notified,
        risk_level=one.risk,
        missing_since=one.start,
        found_at=one.found,
        returned_at=one.returned,
        closed_at=one.closed,
        restricted=one.restricted,
    )


def _child(session: Session, place: Place, pack: Pack, child: Young, theirs: Sequence[tuple[EpisodeRow, Planned]]) -> None:
    identity = {"case_reference": child.case_reference, "date_of_birth": child.born.isoformat(), "initials": "YY"}
    if child.kind == "home" and child.number % 9 == 0:
        identity = {"initials": "YY"}  # nobody knew more, and the returns say so
    child_id = children.add(session, place.vault, place.authority, identity, place.now)
    rows = [(replace(row, child_id=child_id), one) for row, one in theirs]
    insert_all(session, EPISODES, (vars(row) for row, _ in rows))
    new = [(row.id, entry) for row, one in rows for entry in entries(one, place.authority, child_id, row.id)]
    ids = journal.append_all(session, place.vault, [entry for _, entry in new])
    told: dict[str, list[Happening]] = {}
    for entry_id, (episode_id, entry) in zip(ids, new, strict=True):
        told.setdefault(episode_id, []).append(_read_back(entry, entry_id))
    _derived(session, place, pack, child, [row for row, _ in rows], told)


def _read_back(entry: NewEntry, entry_id: str) -> Happening:
    return happening(Entry(**vars(entry), id=entry_id))


def _derived(
    session: Session, place: Place, pack: Pack, child: Young, rows: Sequence[EpisodeRow], told: dict[str, list[Happening]]
) -> None:
    """What the protocol asks in each episode, and the pings that went out about what was late."""
    folded = tuple(fold(row.id, told[row.id], number=row.number) for row in rows)
    obligations: list[ObligationRow] = []
    many = len(rows) > 100  # of a child with hundreds of episodes each is derived as if it were alone
    for row, episode in zip(rows, folded, strict=True):
        whole = Child(row.child_id, (episode,) if many else folded, child.born)
        found = [o for o in derive(pack, whole, episode, Calendar(), place.now).obligations if o.arises_at <= place.now]
        obligations += [new_row(row.id, o, o.arises_at) for o in found]
    insert_all(session, OBLIGATIONS, map(vars, obligations))
    insert_all(session, PINGS, map(vars, _pings(obligations, place.now)))
    made = [stored(figure(pack, child.born, row.id, told[row.id])) for row in rows]
    figures.write(session, made)


def _pings(obligations: Iterable[ObligationRow], now: datetime) -> Iterator[Ping]:
    """Due when it was not done in time, and an escalation four hours later."""
    for o in obligations:
        if o.due_at is None or o.status == "void" or o.due_at > now or (o.completed_at and o.completed_at <= o.due_at):
            continue
        for rung, at in (("due", o.due_at), ("escalate", o.due_at + LATE)):
            if at <= now and not (o.completed_at and o.completed_at <= at):
                kind = "due" if rung == "due" else "escalation"
                yield Ping(new_id(), o.episode_id, o.rule, o.nth, rung, o.owner, 1, kind, at, o.id)


def settle_figures(session: Session, place: Place) -> None:
    """Say that the figures are as new as the journal, which they are."""
    reached = figures.read_after(session, place.authority, 0, 10_000_000)[0]
    settings.put(session, f"figures:{place.authority}", str(reached))
