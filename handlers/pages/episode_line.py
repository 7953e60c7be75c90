"""One episode's line of time, as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import record, seeing
from handlers.away import since
from handlers.case import look
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.verbs.show import concerned, may_see
from policies import words
from policies.timeline import Timeline, timeline
from policies.worktime import lasting
from storage import episodes
from storage.episodes import EpisodeRow


@dataclass(frozen=True)
class EpisodeLine:
    """An episode: what it is called, how it stands in a sentence, and its line."""

    reference: str
    says: str
    protocol: str
    line: Timeline


def episode_line(reference: str, desk: Desk, actor: Actor) -> EpisodeLine:
    """The line of an episode. Raises Refused for one that is not there, or that the actor is no part of."""
    actor.check("status")
    row = _known(reference, desk, actor)
    case = look(desk, row)
    line = timeline(case.derived(desk), desk.now, lambda o: may_see(o, actor))
    if not line.lanes and not concerned(case, desk, actor):
        raise Refused(seeing.uninvited(row.reference))
    return EpisodeLine(row.reference, _says(row, desk), case.pack.id, line)


def opened(reference: str, desk: Desk, actor: Actor) -> None:
    """Write down that somebody looks at it; the page then shows it anew without asking."""
    row = _known(reference, desk, actor)
    record.write(desk, actor, "shown", {"what": "timeline", "reference": row.reference}, child=row.child_id, episode=None)


def _known(reference: str, desk: Desk, actor: Actor) -> EpisodeRow:
    row = episodes.by_reference(desk.session, reference)
    if row is None or row.authority != actor.authority or row.restricted:
        raise Refused(f"There is no episode {reference.strip().upper()[:12]} here. Type 'list' to see those that are open.")
    return row


def _says(row: EpisodeRow, desk: Desk) -> str:
    end = row.found_at or desk.now
    away = f"{'for' if row.found_at is None else 'found after'} {lasting(end - row.began)}"
    return f"{words.label(row.category).capitalize()} {since(row)}, {away}. Now: {row.status}."
