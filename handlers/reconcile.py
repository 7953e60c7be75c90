"""Stored obligations are made to say what derivation says; history (pings, acknowledgements) stays where it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from handlers import away
from handlers.case import Case
from handlers.desk import Desk
from policies.obligations import Derived, Obligation
from storage import crossings, episodes, obligations
from storage.crossings import Crossing
from storage.episodes import EpisodeRow
from storage.ids import new_id
from storage.obligations import ObligationRow
from storage.records import changed

MOVED = timedelta(minutes=15)  # a smaller move sends nothing again (house)


@dataclass(frozen=True)
class Change:
    """What one row was and what it is now; `before` None when it is new."""

    before: ObligationRow | None
    after: ObligationRow

    @property
    def moved(self) -> bool:
        """Whether its due time moved enough to be said."""
        return self.before is not None and self.after.arming != self.before.arming

    @property
    def ended(self) -> bool:
        """Whether it was open and is not any more."""
        return self.before is not None and self.before.status == "open" != self.after.status


@dataclass(frozen=True)
class Reconciled:
    """Every stored row of the episode as it is now, and what changed."""

    rows: tuple[ObligationRow, ...]
    changes: tuple[Change, ...]

    def row(self, key: tuple[str, int]) -> ObligationRow | None:
        """The row of (rule, nth)."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[tuple[str, int], ObligationRow]:
        return {(row.rule, row.nth): row for row in self.rows}


def reconcile(desk: Desk, case: Case, derived: Derived) -> Reconciled:
    """Write the differences between `derived` and the stored rows of the episode."""
    known = case.stored.obligations if case.stored else obligations.of_episode(desk.session, case.row.id)
    stored = {(r.rule, r.nth): r for r in known}
    wanted = {o.key: o for o in derived.arisen(desk.now)}
    changes = [*_wanted(desk, case, stored, wanted.values()), *_gone(stored, wanted.keys())]
    obligations.insert(desk.session, [c.after for c in changes if c.before is None])
    obligations.update(desk.session, [c.after for c in changes if c.before is not None])
    fresh = {(c.after.rule, c.after.nth): _as_stored(c) for c in changes}
    _raise_crossings(desk, case, derived)
    after = tuple(c if c.before is None else replace(c, after=_as_stored(c)) for c in changes)
    return Reconciled(tuple({**stored, **fresh}.values()), after)


def _as_stored(change: Change) -> ObligationRow:
    return change.after if change.before is None else replace(change.after, version=change.after.version + 1)


def _wanted(desk: Desk, case: Case, stored: dict[tuple[str, int], ObligationRow], wanted: Iterable[Obligation]) -> Iterable[Change]:
    for o in wanted:
        before = stored.get(o.key)
        after = _row(desk, case, o, before)
        if before != after:
            yield Change(before, after)


def _row(desk: Desk, case: Case, o: Obligation, before: ObligationRow | None) -> ObligationRow:
    if before is None:
        return new_row(case.row.id, o, desk.now)
    moved = before.due_at is not None and o.due is not None and abs(before.due_at - o.due) >= MOVED
    return replace(
        before,
        owner=o.owner,
        status=o.status,
        arises_at=o.arises_at,
        due_at=o.due,
        completed_at=o.completed_at,
        arming=before.arming + moved,
    )


def new_row(episode_id: str, o: Obligation, known_at: datetime) -> ObligationRow:
    """What is stored of an obligation that was not known before."""
    return ObligationRow(
        id=new_id(),
        episode_id=episode_id,
        rule=o.duty.id,
        nth=o.nth,
        action=o.duty.action,
        owner=o.owner,
        status=o.status,
        arises_at=o.arises_at,
        known_at=known_at,
        due_at=o.due,
        completed_at=o.completed_at,
    )


def _gone(stored: dict[tuple[str, int], ObligationRow], wanted: Iterable[tuple[str, int]]) -> Iterable[Change]:
    """A row nothing asks for any more stays listed, as void."""
    kept = set(wanted)
    for key, row in stored.items():
        if key not in kept and row.status != "void":
            yield Change(row, replace(row, status="void", completed_at=None))


def _raise_crossings(desk: Desk, case: Case, derived: Derived) -> None:
    for c in derived.crossings:
        row = Crossing(new_id(), case.row.child_id, c.rule, c.arming, case.row.id, c.at, c.count)
        crossings.add(desk.session, row)


def show_state(desk: Desk, case: Case, derived: Derived, next_change_at: object) -> EpisodeRow:
    """The episode's row brought up to what happened, and when it is to be looked at next."""
    e = case.episode
    now = derived.reading.at(desk.now)
    after = changed(
        case.row,
        status=e.status,
        category=now.value("category") or case.row.category,
        risk_level=now.value("risk_level"),
        missing_since=e.missing_since,
        since=away.began(case, derived, desk.now),
        found_at=e.found_at,
        returned_at=e.returned_at,
        closed_at=e.closed_at,
        next_change_at=next_change_at,
    )
    return episodes.update(desk.session, after) if after != case.row else case.row
