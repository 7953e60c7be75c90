"""A second report of a child: kept with the episode that is open, and whoever looks after it hears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlers import alarms, people, record, seeing
from handlers.case import Case, take
from handlers.desk import Actor, Desk
from handlers.outgoing import Answer
from handlers.settle import settle
from handlers.summary import NOT_POLICE, after_report
from policies.worktime import said
from storage import episodes
from storage.episodes import EpisodeRow


def hidden(desk: Desk, child: str) -> EpisodeRow | None:
    """An open episode of the child that only some may know of."""
    return next((r for r in episodes.of_child(desk.session, child) if r.restricted and r.status in {"open", "located"}), None)


def added(desk: Desk, actor: Actor, case: Case, data: Mapping[str, Any], also: Iterable[tuple[str, dict[str, Any]]]) -> Answer:
    """Of a child who is being looked for: kept whole with what the journal says `also`, and the managers hear of it."""
    note = record.write(desk, actor, "noted", dict(data), child=case.row.child_id, episode=case.row.id)
    for kind, more in (*also, ("completed", {"action": "duplicate_report_append"})):
        record.write(desk, actor, kind, more, child=case.row.child_id, episode=case.row.id)
    settled = settle(desk, case.reread(desk))
    again = f"{case.row.reference} was reported a second time, by {actor.person.name}. What they said is kept with it."
    alarms.raise_alarm(desk, actor.authority, f"again:{note}", again, reference=case.row.reference)
    since = said(case.row.notified_at)
    first = f"{case.row.reference} is open for this child since {since}. Your report was added to it."
    return Answer((first, *after_report(desk, settled, actor).lines[1:]), case.row.reference)


def added_unseen(desk: Desk, actor: Actor, row: EpisodeRow, data: Mapping[str, Any]) -> Answer:
    """Kept with an episode that only some may know of, and its people hear; whoever reported learns no reference."""
    case = take(desk, row.child_id, row.id)
    record.write(desk, actor, "noted", dict(data), child=row.child_id, episode=row.id)
    settle(desk, case.reread(desk))
    for person in seeing.approvers(desk, row):
        people.tell(desk, row.authority, person, "A report was added", f"{row.reference} was reported again, by {actor.person.name}.")
    return Answer(("Your report was kept and added to what is known of this child. Those who look after it have been told.", NOT_POLICE))
