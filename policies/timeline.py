"""An episode on a line of time: its marks, each obligation's window and how it ended, the thresholds of the child. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from policies import words
from policies.history import Episode
from policies.obligations import Derived, Obligation
from policies.pack import Notice, Threshold
from policies.reading import Reading
from policies.worktime import add

State = Literal["done", "done_late", "late", "open", "ahead", "waived", "over"]
AHEAD_AT_LEAST = timedelta(hours=24)  # of what is to come, this much is shown, or three quarters of what has passed


@dataclass(frozen=True)
class Mark:
    """A moment of the episode. `kind`: what happened, or a mark the protocol names."""

    at: datetime
    says: str
    kind: Literal["happened", "named"]
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """One obligation's window, from when it arose to when it is due; `ended` when it was done. No `due`: no time is given."""

    key: tuple[str, int]
    state: State
    begins: datetime
    due: datetime | None
    ended: datetime | None
    note: str


@dataclass(frozen=True)
class Lane:
    """Everything that one rule asked for, one after the other."""

    rule: str
    says: str
    action: str
    owner: str
    clauses: tuple[str, ...]
    house: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Window:
    """A threshold of the child: the episodes that count at this one, and since when they would."""

    says: str
    clauses: tuple[str, ...]
    needed: int
    counted: tuple[datetime, ...]
    since: datetime | None
    until: datetime

    @property
    def reached(self) -> bool:
        """Whether the count is full."""
        return len(self.counted) >= self.needed


@dataclass(frozen=True)
class Timeline:
    """Everything, from `begins` to `ends`, as it stands `now`."""

    begins: datetime
    ends: datetime
    now: datetime
    marks: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    windows: tuple[Window, ...]


def timeline(derived: Derived, now: datetime, seen: Callable[[Obligation], bool] = lambda _: True) -> Timeline:
    """The line of one episode; `seen` says which obligations somebody may know of."""
    reading = derived.reading
    lanes = tuple(_lanes([o for o in derived.obligations if seen(o)], now))
    found = tuple(sorted({*_happened(reading), *marks(derived)}, key=lambda m: (m.at, m.kind, m.says)))
    spans = [span for lane in lanes for span in lane.spans if span.state != "over"]
    begins = min([reading.episode.missing_since or now, *(s.begins for s in spans)])
    at_most = now + max((now - begins) * 0.75, AHEAD_AT_LEAST)
    ends = max([now + (now - begins) / 12, *(s.due for s in spans if s.due and s.due <= at_most)])
    return Timeline(begins, ends, now, found, lanes, tuple(_windows(reading)))


def state_of(o: Obligation, now: datetime) -> State:
    """How an obligation stands, in one word."""
    if o.status == "met":
        return "done_late" if o.late_at(now) else "done"
    if o.status == "waived":
        return "waived"
    if o.status == "void":
        return "over"
    return "ahead" if o.arises_at > now else "late" if o.late_at(now) else "open"


def marks(derived: Derived) -> Iterator[Mark]:
    """The moments the protocol names for this child while missing, those to come among them; one a moment."""
    found: dict[datetime, dict[str, None]] = {}
    cited: dict[datetime, dict[str, None]] = {}
    for at, says, clauses in _named(derived):
        found.setdefault(at, {})[says] = None
        cited.setdefault(at, {}).update(dict.fromkeys(clauses))
    for at, said in found.items():
        yield Mark(at, " = ".join(said), "named", tuple(cited[at]))


def _named(derived: Derived) -> Iterator[tuple[datetime, str, tuple[str, ...]]]:
    for o in derived.obligations:
        length = o.duty.opens or (o.duty.due if o.duty.basis == "mark" else None)
        if length and _while_away(o.duty.anchors) and o.status != "void" and length.exact > timedelta():
            yield add(o.anchor_at, length), str(length), o.duty.clauses
    for telling in derived.tellings:
        if isinstance(telling.rule, Notice) and telling.rule.opens and _while_away(telling.rule.anchors):
            yield telling.at, str(telling.rule.opens), telling.rule.clauses
    for stretch in derived.reading.missing:
        for length in derived.reading.pack.house.coordinator_marks:
            at = add(stretch.clock_start, length)
            if stretch.end is None or stretch.end > at:
                yield at, str(length), ()


def _while_away(anchors: tuple[object, ...]) -> bool:
    return bool({"missing_since", "absent_since"} & {a for a in anchors if isinstance(a, str)})


def _happened(reading: Reading) -> Iterator[Mark]:
    episode = reading.episode
    told = {
        "Missing since" if reading.missing_from(episode) == episode.missing_since else "Away since": episode.missing_since,
        "Reported": episode.notified_at,
        "Found": episode.found_at,
        "Back": episode.returned_at if episode.returned_at != episode.found_at else None,
        "Closed": episode.closed_at,
        "Void": episode.voided_at,
    }
    for says, at in told.items():
        if at:
            yield Mark(at, says, "happened")
    for stretch in reading.stretches[1:]:
        lapsed = "The agreed limit passed: " if stretch.lapsed else ""
        yield Mark(stretch.start, f"{lapsed}{words.label(stretch.category)}", "happened")


def _lanes(obligations: list[Obligation], now: datetime) -> Iterator[Lane]:
    """Dated ones first, by when they fall due; then those without a time."""
    by_rule: dict[str, list[Obligation]] = {}
    for o in sorted(obligations, key=lambda o: (o.due is None, o.due or o.arises_at)):
        by_rule.setdefault(o.duty.id, []).append(o)
    for rule, found in by_rule.items():
        duty = found[0].duty
        spans = tuple(_span(o, now) for o in sorted(found, key=lambda o: o.arises_at))
        yield Lane(rule, duty.says, duty.action, found[0].owner, duty.clauses, duty.house, spans)


def _span(o: Obligation, now: datetime) -> Span:
    return Span(o.key, state_of(o, now), o.arises_at, o.due, o.completed_at or o.ends, o.note)


def _windows(reading: Reading) -> Iterator[Window]:
    """Thresholds that look back from this episode, and to which it belongs."""
    for rule in reading.pack.thresholds:
        counted = reading.counted(rule)
        end = _start(rule, reading.episode, reading)
        if end is None or not counted:
            continue
        since = add(end, rule.window.back) if rule.window else None
        starts = tuple(sorted(at for e in counted if (at := _start(rule, e, reading))))
        yield Window(rule.says, rule.clauses, rule.count, starts, since, end)


def _start(rule: Threshold, episode: Episode, reading: Reading) -> datetime | None:
    """From when a threshold counts an episode: a missing one from when it was that."""
    return (reading.missing_from(episode) if rule.of == "missing" else None) or episode.missing_since
