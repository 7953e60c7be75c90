"""Adopt a new edition: open episodes move to it, with a reason, one post each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers import checks, record
from handlers.case import open_case, take
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Body, Row
from handlers.settle import settle
from policies.compare import differences
from storage import episodes, outbox
from storage.episodes import EpisodeRow
from storage.ids import new_id
from storage.outbox import Post


@dataclass(frozen=True)
class Adopted:
    """One episode moved, and what its protocol asks differently."""

    reference: str
    before: str
    after: str
    changes: tuple[str, ...]


def adopt(desk: Desk, actor: Actor, reason: str) -> list[Adopted]:
    """Move every open episode of the authority to the edition in force. Raises Refused without a reason, or the right to."""
    actor.check("adopt")
    why = checks.reason_given(reason)
    known, _ = desk.pack_in_force(desk.authority(actor.authority))
    rows = [row for row in episodes.open_of(desk.session, actor.authority) if row.pack_hash != known]
    if not rows:
        raise Refused("Every open episode follows this edition already.")
    return [_one(desk, actor, row, known, why) for row in rows]


def _one(desk: Desk, actor: Actor, row: EpisodeRow, known: str, why: str) -> Adopted:
    case = open_case(desk, row.reference)
    new = desk.pack(known)
    changes = tuple(differences(case.pack, new))
    episodes.update(desk.session, replace(case.row, pack_hash=known))
    data = {"before": case.pack.id, "after": new.id, "reason": why}
    record.write(desk, actor, "adopted", data, child=row.child_id, episode=row.id)
    settle(desk, take(desk, row.child_id, row.id), why=f"the protocol's edition changed to {new.id}")
    _tell(desk, row, case.pack.id, new.id, len(changes))
    return Adopted(row.reference, case.pack.id, new.id, changes)


def _tell(desk: Desk, row: EpisodeRow, before: str, after: str, changed: int) -> None:
    says = f"This episode now follows {after} instead of {before}: {changed} rule{'s' if changed != 1 else ''} changed"
    line = Row(rule="adopted", says=says, kind="notice", to=(), house=True)
    body = Body(row.reference, f"{row.reference} · another edition of the protocol", (line,), fallback=f"Homeward: {row.reference}")
    card = outbox.by_key(desk.session, f"card:{row.id}:coordination")
    post = Post(
        id=new_id(),
        authority=row.authority,
        kind="notice",
        place="thread" if card else "room",
        room="coordination",
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        episode_id=row.id,
        key=f"adopted:{row.id}:{after}:{desk.now.isoformat()}",
        parent_id=card.id if card else None,
    )
    outbox.queue(desk.session, post)
