"""Reports on demand: a small one is answered at once; one that takes longer is made by the cycle and sent to whoever asked."""

from __future__ import annotations

import json

from handlers.desk import Actor, Desk
from handlers.errors import NotUnderstood
from handlers.outgoing import Answer
from handlers.reports import catalogue, periods, report, say
from handlers.reports.design import Design
from handlers.reports.periods import Period
from handlers.verbs.show import staff
from policies import words
from policies.worktime import Length
from storage import figures, settings
from storage.ids import new_id

AT_ONCE = 3000  # episodes that are counted in well under a second
WANTED = "wanted report:"


def reports(desk: Desk, actor: Actor, typed: str) -> Answer:
    """`reports` lists them; `reports monthly 2027-03` makes one. Raises NotUnderstood."""
    actor.check("reports")
    word, _, named = typed.strip().partition(" ")
    if not word:
        listed = [f"reports {one.word}: {one.title.lower()}, {often(one.every)}." for one in catalogue.DESIGNS]
        return Answer(("Reports you can ask for, with a month or day after the word (2027-03) for an earlier one:", *listed))
    design = catalogue.design(word)
    if design is None:
        near = words.nearest(word, catalogue.BY_WORD) or "."
        raise NotUnderstood(f"'{word[:30]}' is not a report here{near} Type 'reports' to see them all.")
    period = _period(desk, design, named.strip())
    if figures.many(desk.session, actor.authority, AT_ONCE):
        return _later(desk, actor, design, period)
    made = report.make(desk, actor.authority, design, period)
    return Answer((say.headline(made), *say.lines(made, whole=staff(actor))), seen=f"report {design.word}, {period.name}")


def _period(desk: Desk, design: Design, named: str) -> Period:
    try:
        period = periods.named(named, design.every) if named else periods.before(design.every, periods.holding(design.every, desk.today))
    except ValueError as error:
        raise NotUnderstood(str(error)) from None
    if period.starts > desk.today:
        raise NotUnderstood(f"{period.name[0].upper()}{period.name[1:]} has not begun; nothing can be counted yet.")
    return period


def _later(desk: Desk, actor: Actor, design: Design, period: Period) -> Answer:
    wanted = {"authority": actor.authority, "person": actor.id, "word": design.word, "starts": period.starts.isoformat()}
    settings.put(desk.session, f"{WANTED}{new_id()}", json.dumps(wanted | {"whole": staff(actor)}))
    told = f"{design.title}, {period.name}: this takes some seconds. It comes to you as a direct message."
    return Answer((told,), seen=f"report {design.word}, {period.name}")


def often(every: Length) -> str:
    """How often a report covers its time."""
    return {0: "by the week", 1: "by the month", 2: "by two months", 3: "by the quarter"}.get(every.months, "by the year")
