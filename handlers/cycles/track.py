"""The list beside us: one row for each open episode, written when its figures change, and once more when it ends."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass

from handlers.desk import Desk, Desks
from handlers.errors import HandlerError, Later
from handlers.ports import Tracked, Tracker
from policies import words
from storage import episodes, obligations, settings
from storage.episodes import EpisodeRow

log = logging.getLogger(__name__)
KEY = "tracked:"
OPEN = frozenset({"open", "located", "returned"})
HIDDEN = "not listed"  # a restricted episode that had a row before


@dataclass(frozen=True)
class Due:
    """A row to write, and where it stands already. `hidden`: only if it stands anywhere. `last`: nothing more comes of the episode."""

    row: Tracked
    known: str | None
    hidden: bool
    last: bool


def track(desks: Desks, tracker: Tracker, going: Callable[[], bool] = lambda: True) -> int:
    """Write what has changed since the last time, for as long as it is `going`; gives how many rows that were."""
    with desks() as desk:
        waiting = list(_changed(desk))
    written = 0
    for due in waiting:
        if not going():
            break
        try:
            number = tracker.hide(due.row) if due.hidden else tracker.write(due.row, due.known)
        except HandlerError as refused:
            log.warning("a row of the tracker was not written: %s", refused)
            if isinstance(refused, Later):
                break  # the others as little; all of them the next time
            continue
        written += number is not None
        with desks() as desk:
            _remember(desk, due, number)
    return written


def _changed(desk: Desk) -> Iterator[Due]:
    before = {reference: json.loads(kept) for reference, kept in settings.named(desk.session, KEY).items()}
    rows = {row.reference: row for authority in desk.office.directory.authorities for row in episodes.open_of(desk.session, authority.id)}
    rows |= {row.reference: row for row in episodes.all_restricted(desk.session)}  # one that has ended may have a row as well
    ended = (episodes.by_reference(desk.session, reference) for reference in before.keys() - rows.keys())
    listed = [*rows.values(), *filter(None, ended)]
    figures = obligations.figures(desk.session, [row.id for row in listed], desk.now)
    for row in listed:
        kept = before.get(row.reference)
        now = _tracked(row, *figures.get(row.id, (0, 0)))
        if kept is None or kept["row"] != list(astuple(now)):
            over = row.status not in OPEN and not row.restricted
            yield Due(now, kept["id"] if kept else None, row.restricted, over)


def _tracked(row: EpisodeRow, owed: int, late: int) -> Tracked:
    if row.restricted:
        return Tracked(row.reference, "", HIDDEN, "", 0, 0)
    return Tracked(row.reference, words.label(row.category), row.status, row.began.isoformat(), owed, late)


def _remember(desk: Desk, due: Due, number: str | None) -> None:
    """Of a restricted one also that it has no row, so that it is not looked for each time."""
    key = f"{KEY}{due.row.reference}"
    if due.last:  # reopened, its row is found by its reference
        settings.drop(desk.session, key)
    else:
        settings.put(desk.session, key, json.dumps({"id": number, "row": astuple(due.row)}))
