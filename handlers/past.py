"""Episodes from before the bot: they count towards thresholds and ask nothing of anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers import record
from handlers.desk import Actor, Desk
from policies import words
from storage import episodes
from storage.episodes import EpisodeRow
from storage.ids import new_id


@dataclass(frozen=True)
class PastEpisode:
    """One earlier episode, ended. `held`: meetings held about it, with when. `interview`: what was said of one (offered, accepted)."""

    category: str
    began: datetime
    ended: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    held: Sequence[tuple[str, datetime]] = ()
    interview: Mapping[str, str] = field(default_factory=dict)


def remember(past: PastEpisode, desk: Desk, actor: Actor, child_id: str) -> str:
    """Record a past episode of a child; gives its id."""
    known, pack = desk.pack_in_force(desk.authority(actor.authority))
    category = words.category_in(past.category, pack.categories)
    wanted = EpisodeRow(
        id=new_id(),
        authority=actor.authority,
        child_id=child_id,
        pack_hash=known,
        number=len(episodes.of_child(desk.session, child_id)) + 1,
        status="closed",
        category=category,
        notified_at=past.began,
        missing_since=past.began,
        found_at=past.ended,
        returned_at=past.ended,
        closed_at=past.ended,
    )
    row = episodes.add(desk.session, wanted)
    told = {"category": category, "missing_since": past.began, "facts": dict(past.facts), "interview": dict(past.interview)}
    record.write(desk, actor, "imported", told, child=child_id, episode=row.id, at=past.began)
    record.write(desk, actor, "found", {"found_at": past.ended}, child=child_id, episode=row.id, at=past.ended)
    for meeting, at in past.held:
        record.write(desk, actor, "held", {"action": meeting, "done_at": at}, child=child_id, episode=row.id, at=at)
    record.write(desk, actor, "closed", {}, child=child_id, episode=row.id, at=past.ended)
    return row.id
