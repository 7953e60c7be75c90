"""What is told privately about meetings: agenda and place, what was agreed, who comes, who has not answered and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from handlers import record
from handlers.case import Case, worked_out
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.gathering.attendance import Gathering, line, open_gatherings, own
from handlers.gathering.calendar import calendar_file
from handlers.gathering.summing import cited
from handlers.gathering.typed import kind_of
from handlers.outgoing import Answer
from handlers.owed import arisen, concerns
from handlers.verbs.show import may_see, open_concerned
from policies import words
from policies.answers import Standing, is_meeting
from policies.obligations import Obligation
from policies.worktime import lasting, said
from storage import episodes, pings
from storage.obligations import ObligationRow

NOBODY_SILENT = "Everybody who was invited has answered."


def agenda_and_place(desk: Desk, case: Case, action: str, actor: Actor) -> Answer:
    """When, where and what about, with a file for the calendar; that somebody looked is kept, once a person."""
    found = next((g for g in open_gatherings(desk, case, arisen(case, desk)) if g.action == action and _theirs(g, actor)), None)
    if found is None:
        raise Refused(f"No {words.label(action)} is to be held now. Type 'status {case.row.reference}' to see what is open.")
    _looked(desk, case, found, actor)
    o, m = found.obligation, found.obligation.meeting
    last = next((m for m in reversed(case.episode.meetings) if m.action == action and m.state in {"fixed", "cancelled"}), None)
    name = words.label(action).capitalize()
    lines = [f"{name} about {case.row.reference}: {f'on {said(m.starts)}' if m else 'the time is not fixed'}."]
    if last and not m:
        lines.append(f"The one on {said(last.starts)} is called off; the file takes it out of your calendar.")
    lines.append(f"Chaired by the {words.label(o.chair)}." if o.chair else "Nobody is named to chair it yet.")
    lines.append(cited(case.pack, o))
    lines.append(f"Place: {m.place}." if m and m.place else "No place is given yet.")
    lines += [f"Join: {m.link}"] if m and m.link else []
    lines += ["Agenda:", *(f"- {item}" for item in m.agenda.splitlines() if item.strip())] if m and m.agenda else []
    lines += [line(desk, s, found.named) for s in found.standings]
    files = (calendar_file(last, case.row.reference, actor.person, desk.directory.person(last.by), desk.now),) if last else ()
    return Answer(tuple(lines), case.row.reference, seen="meeting", files=files)


def agenda(desk: Desk, reference: str, typed: str, actor: Actor) -> Answer:
    """The same by word; of several meetings the first that was meant."""
    actor.check("status")
    case = open_concerned(desk, reference, actor)
    found = [g for g in open_gatherings(desk, case, arisen(case, desk)) if _theirs(g, actor)]
    mine = [g.action for g in sorted(found, key=lambda g: g.obligation.meets_at is None)]
    action = kind_of(typed, mine) or next(iter(mine), None)
    if action is None:
        raise Refused(f"No meeting about {reference} is to be held that you are invited to.")
    return agenda_and_place(desk, case, action, actor)


def _looked(desk: Desk, case: Case, found: Gathering, actor: Actor) -> None:
    mine = own(actor, found.standings)
    if mine and not any(s.actor == actor.id and s.action == found.action for s in case.episode.seen):
        data = {"action": found.action, "agency": mine.agency}
        record.write(desk, actor, "seen", data, child=case.row.child_id, episode=case.row.id)


def what_was_agreed(desk: Desk, case: Case, row: ObligationRow, actor: Actor) -> Answer:
    """The words of one action, to those whose business it is."""
    o = next((o for o in arisen(case, desk) if o.key == (row.rule, row.nth)), None)
    agreed = next((a for a in case.episode.agreed if (a.rule, a.nth) == (row.rule, row.nth)), None)
    if o is None or agreed is None or not concerns(o, actor):
        raise Refused("This was agreed by others, or is no longer so. Ask the social worker.")
    says = f"Agreed at the {words.label(agreed.meeting)}, for the {words.label(agreed.owner)} by {said(agreed.due)}: {agreed.what}"
    return Answer((says,), case.row.reference, seen="agreed")


def answers(desk: Desk, reference: str, actor: Actor) -> Answer:
    """Every meeting of one episode that is to be held: who comes, who has looked, who has said nothing since when."""
    actor.check("status")
    case = open_concerned(desk, reference, actor)
    found = [g for g in open_gatherings(desk, case, arisen(case, desk)) if _theirs(g, actor)]
    lines: list[str] = []
    for g in found:
        lines.append(f"{_named(g)}:")
        lines += [f"• {line(desk, s, g.named)}{_since(desk, case, g, s)}" for s in g.standings] or ["• nobody is invited"]
    return Answer(tuple(lines) or (f"No meeting about {case.row.reference} is to be held now.",), case.row.reference, seen="answers")


def _named(g: Gathering) -> str:
    when = f" on {said(g.obligation.meets_at)}" if g.obligation.meets_at else ", no time fixed yet"
    return f"{words.label(g.action).capitalize()}{when}"


def _since(desk: Desk, case: Case, g: Gathering, s: Standing) -> str:
    if s.answer:
        return ""
    asked = _asked(desk, case, g, s)
    looked = [seen for seen in case.episode.seen if seen.action == g.action and seen.agency == s.agency]
    opened = f", looked at {said(looked[-1].at)}" if looked else ""
    return f" since {said(asked)}, {lasting(desk.now - asked)}{opened}" if asked else f", not invited yet{opened}"


def _asked(desk: Desk, case: Case, g: Gathering, s: Standing) -> datetime | None:
    """When the agency was asked for the answer that it owes."""
    rules = {o.duty.id for o in arisen(case, desk) if o.duty.action == g.action}
    sent = [p for p in pings.of_episode(desk.session, case.row.id) if p.kind == "invite" and p.rule in rules and p.addressee in s.roles]
    since = g.obligation.meeting.asked_at if g.obligation.meeting else None
    times = [p.at for p in sent if since is None or p.at >= since]
    return min(times, default=None)


def waiting(desk: Desk, actor: Actor) -> Answer:
    """Who has not answered, for which episode, since when: over all open episodes, the longest silence first."""
    actor.check("list")
    return Answer(silent(desk, actor) or (NOBODY_SILENT,), seen="waiting")


def silent(desk: Desk, actor: Actor) -> tuple[str, ...]:
    """A line an agency that has been asked and has not answered."""
    found: list[tuple[datetime, str]] = []
    for row in episodes.open_of(desk.session, actor.authority):
        known = worked_out(desk, row) if not row.restricted else None
        if known:
            found += silent_in(desk, known[0], [o for o in known[1] if is_meeting(o.duty.action) and may_see(o, actor)])
    return tuple(text for _, text in sorted(found))


def silent_in(desk: Desk, case: Case, meetings: Iterable[Obligation]) -> Iterator[tuple[datetime, str]]:
    """Since when, and the line, of each agency that was asked about one of these meetings."""
    for g in open_gatherings(desk, case, meetings):
        for s in g.standings:
            asked = None if s.answer else _asked(desk, case, g, s)
            if asked:
                yield asked, _line(desk, case.row.reference, g, s, asked)


def _line(desk: Desk, reference: str, g: Gathering, s: Standing, at: datetime) -> str:
    who = line(desk, s, g.named).removesuffix(": no answer yet")
    return f"{reference}: {who}, no answer for {lasting(desk.now - at)}, since {said(at)} ({_named(g)[0].lower()}{_named(g)[1:]})"


def _theirs(g: Gathering, actor: Actor) -> bool:
    return may_see(g.obligation, actor) or own(actor, g.standings) is not None
