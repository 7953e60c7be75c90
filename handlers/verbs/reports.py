"""Reports on demand: a small one is answered at once; one that takes longer is made by the cycle and sent to whoever asked."""

from __future__ import annotations

import json
from dataclasses import dataclass

from handlers import record
from handlers.desk import Actor, Desk
from handlers.errors import NotUnderstood, Refused
from handlers.outgoing import Answer
from handlers.reports import catalogue, periods, posting, report, say
from handlers.reports.design import Design
from handlers.reports.periods import Period
from handlers.reports.posting import To
from handlers.reports.report import Report
from handlers.verbs.show import staff
from policies import words
from policies.worktime import Length
from storage import figures, settings
from storage.ids import new_id

AT_ONCE = 3000  # episodes that are counted in well under a second
WANTED, SHARE = "wanted report:", "share"
LISTED = (
    "Reports you can ask for, with a month or day after the word (2027-03) for an earlier one, and 'share' last to show it to the room:"
)


@dataclass(frozen=True)
class Asked:
    """A report that somebody asked for. `whole`: they may see every figure; `share`: it goes into the room as well."""

    authority: str
    person: str
    word: str
    starts: str
    whole: bool
    share: bool = False


def reports(desk: Desk, actor: Actor, typed: str) -> Answer:
    """`reports` lists them; `reports monthly 2027-03` makes one; `share` after it shows it to the room. Raises NotUnderstood."""
    actor.check("reports")
    word, _, named = typed.strip().partition(" ")
    if not word:
        listed = [f"reports {one.word}: {one.title.lower()}, {often(one.every)}." for one in catalogue.DESIGNS]
        return Answer((LISTED, *listed))
    design = catalogue.design(word)
    if design is None:
        near = words.nearest(word, catalogue.BY_WORD) or "."
        raise NotUnderstood(f"'{word[:30]}' is not a report here{near} Type 'reports' to see them all.")
    named, share = named.strip().removesuffix(SHARE).strip(), named.strip().endswith(SHARE)
    if share and not staff(actor):
        raise Refused("Whoever works for the council shares a report with the room. Ask the coordinator to do it.")
    period = _period(desk, design, named)
    asked = Asked(actor.authority, actor.id, design.word, period.starts.isoformat(), staff(actor), share)
    if figures.many(desk.session, actor.authority, AT_ONCE):
        return _later(desk, asked, design, period)
    made = report.make(desk, actor.authority, design, period)
    given = give(desk, asked, made, f"asked:{new_id()}")
    return Answer((say.headline(made), *say.lines(made, whole=asked.whole), given), seen=f"report {design.word}, {period.name}")


def give(desk: Desk, asked: Asked, made: Report, key: str, *, text: bool = False) -> str:
    """Its pictures to whoever asked, its workbook to those who may see all, and where they share it the whole to the room; says so."""
    to = To(key, asked.whole, person=asked.person)
    posting.queue(desk, asked.authority, made, to, workbook=asked.whole, text=text)
    if asked.whole:
        record.taken_out(
            desk,
            asked.authority,
            asked.person,
            {"what": f"workbook {asked.word}", "period": made.period.name, "episodes": len(made.listing)},
        )
    if asked.share:
        posting.queue(desk, asked.authority, made, room_of(desk, asked.authority, f"{key}:room"))
    what = "Its picture and its workbook come" if asked.whole else "Its picture comes"
    return f"{what} to you as a direct message." + (" The room has it as well." if asked.share else "")


def room_of(desk: Desk, authority: str, key: str) -> To:
    """The management room with figures under five hidden; where there is none, the coordination room with all of them."""
    room = "management" if desk.authority(authority).has_room("management") else "coordination"
    return To(key, room == "coordination", room=room)


def _period(desk: Desk, design: Design, named: str) -> Period:
    try:
        period = periods.named(named, design.every) if named else periods.before(design.every, periods.holding(design.every, desk.today))
    except ValueError as error:
        raise NotUnderstood(str(error)) from None
    if period.starts > desk.today:
        raise NotUnderstood(f"{period.name[0].upper()}{period.name[1:]} has not begun; nothing can be counted yet.")
    return period


def _later(desk: Desk, asked: Asked, design: Design, period: Period) -> Answer:
    settings.put(desk.session, f"{WANTED}{new_id()}", json.dumps(vars(asked)))
    told = f"{design.title}, {period.name}: this takes some seconds. It comes to you as a direct message."
    return Answer((told,), seen=f"report {design.word}, {period.name}")


def often(every: Length) -> str:
    """How often a report covers its time."""
    return {0: "by the week", 1: "by the month", 2: "by two months", 3: "by the quarter"}.get(every.months, "by the year")
