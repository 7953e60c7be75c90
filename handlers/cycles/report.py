"""Reports by themselves: each period of each report once, caught up after an outage, and those that somebody waits for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.desk import Desk, Desks
from handlers.reports import catalogue, periods, posting, report
from handlers.reports.catalogue import BY_ID
from handlers.reports.design import Design
from handlers.reports.periods import OPENS, Period
from handlers.reports.report import Report
from handlers.reports.tally import tally
from handlers.verbs.reports import WANTED, Asked, give, room_of
from policies import words
from policies.pack import Periodic
from policies.worktime import at_local, said
from storage import figures, settings
from storage import periods as made_periods
from storage.periods import Made

MOST = 6  # periods of one report that are caught up with; older ones are made when somebody asks
LATE = timedelta(hours=24)


def report_all(desks: Desks, readers: Desks | None = None) -> int:
    """Bring the figures up to the journal, make what is due; gives how many reports were made.

    `readers`: desks that only read, so that counting a large year keeps nobody from writing.
    """
    tally(desks)
    with desks() as desk:
        authorities = [authority.id for authority in desk.directory.authorities]
    count = _wanted(desks, readers or desks)
    for authority in authorities:
        with desks() as desk:
            waiting = list(_due(desk, authority))
        count += sum(_make(desks, readers or desks, authority, asked, period) for asked, period in waiting)
    return count


def next_report(desk: Desk) -> datetime | None:
    """The next morning on which a report is due, after now; None where there is nothing to report."""
    mornings = [
        _morning(desk, authority.id, period)
        for authority in desk.directory.authorities
        if figures.first_notified(desk.session, authority.id)
        for asked in _periodic(desk, authority.id)
        for period in _around(desk, BY_ID[asked.report])
    ]
    return min((morning for morning in mornings if morning > desk.now), default=None)


def _around(desk: Desk, design: Design) -> tuple[Period, Period]:
    """The period that is over last, whose morning may be still to come, and the one that is not over."""
    now = periods.holding(design.every, desk.today)
    return periods.before(design.every, now), now


def _periodic(desk: Desk, authority: str) -> list[Periodic]:
    _, pack = desk.pack_in_force(desk.authority(authority))
    return [asked for asked in pack.reports if asked.every is not None]


def _due(desk: Desk, authority: str) -> Iterator[tuple[Periodic, Period]]:
    """Periods that are over, whose morning has come, and that nobody reported; none of a time before the first episode."""
    first = figures.first_notified(desk.session, authority)
    if first is None:
        return
    for asked in _periodic(desk, authority):
        for period in _unreported(desk, authority, BY_ID[asked.report]):
            if period.span.until > first and desk.now >= _morning(desk, authority, period):
                yield asked, period


def _unreported(desk: Desk, authority: str, design: Design) -> Sequence[Period]:
    """From the last one reported on, or only the newest at the first time."""
    last = made_periods.latest(desk.session, authority, design.id)
    period = periods.before(design.every, periods.holding(design.every, desk.today))
    if last is None:
        return [period]
    found: list[Period] = []
    while period.starts >= last.ends and len(found) < MOST:
        found.append(period)
        period = periods.before(design.every, period)
    return found[::-1]


def _morning(desk: Desk, authority: str, period: Period) -> datetime:
    return at_local(periods.made_on(period, desk.authority(authority).calendar), OPENS)


def _make(desks: Desks, readers: Desks, authority: str, asked: Periodic, period: Period) -> int:
    """Count with a reader; then, in one transaction, say that it is made and queue the post."""
    design = BY_ID[asked.report]
    with desks() as desk:
        late, partial = _late(desk, authority, period), _partial(desk, authority, period)
    with readers() as desk:
        made = replace(report.make(desk, authority, design, period, fresh=True), late=late)
        made = replace(made, partial=made.partial or partial)
    with desks() as desk:
        known = Made(authority, design.id, period.starts, period.ends, desk.now, late, partial)
        if not made_periods.add(desk.session, known):
            return 0
        _post(desk, authority, asked, made)
    return 1


def _late(desk: Desk, authority: str, period: Period) -> str:
    due = _morning(desk, authority, period)
    return f"Late: it was due {said(due)}, and Homeward was not running then." if desk.now - due > LATE else ""


def _partial(desk: Desk, authority: str, period: Period) -> str:
    first = figures.first_notified(desk.session, authority)
    if first is None or first <= period.span.since:
        return ""
    return f"Partial: the first episode here is of {said(first)}; what was before is not known."


def _post(desk: Desk, authority: str, asked: Periodic, made: Report) -> None:
    """Of whom it is and who asked for it stand below the figures."""
    readers = ", ".join(dict.fromkeys(words.label(role) for role in (asked.owner, *asked.audience)))
    about = f"For: {readers} ({', '.join(asked.clauses)}). '{_typed(made)}' shows it again."
    posting.queue(
        desk, authority, made, room_of(desk, authority, f"report:{authority}:{made.design.id}:{made.period.starts}"), about=(about,)
    )


def _typed(made: Report) -> str:
    return f"/missing reports {made.design.word} {made.period.starts.isoformat()}"


def _wanted(desks: Desks, readers: Desks) -> int:
    """Those somebody asked for that were too large to answer at once."""
    with desks() as desk:
        waiting = settings.named(desk.session, WANTED)
    for name, text in waiting.items():
        asked = json.loads(text)
        design = catalogue.BY_WORD[asked["word"]]
        with readers() as desk:
            made = report.make(desk, asked["authority"], design, periods.named(asked["starts"], design.every), fresh=True)
        with desks() as desk:
            if settings.drop(desk.session, f"{WANTED}{name}"):  # else another process gave it meanwhile
                give(desk, Asked(**asked), made, f"{WANTED}{name}", text=True)
    return len(waiting)
