"""The end of an episode: closed when the protocol allows it, or void because it never was one."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import checks, record
from handlers.case import open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.settle import settle


@dataclass(frozen=True)
class Close:
    """Close the episode; what is still owed stays owed (MATRIX G7)."""

    reference: str
    reason: str = ""


@dataclass(frozen=True)
class Void:
    """It was no episode: entered twice, wrong child, training."""

    reference: str
    reason: str = ""


def close(command: Close, desk: Desk, actor: Actor) -> Answer:
    """Record the closing. Raises Refused without return time, or while the pack forbids it."""
    actor.check("close")
    case = open_case(desk, command.reference, actor)
    if case.episode.status in {"closed", "void"}:
        raise Refused(f"{case.row.reference} is {case.episode.status} already.")
    if case.episode.found_at is None:
        raise Refused(f"{case.row.reference} has no return time. Record 'found' first; an episode closes when the child is back.")
    checks.blocked("close", case.pack, checks.wish(case, desk, {}), roles=actor.roles)
    record.write(
        desk, actor, "closed", {"reason": checks.short_enough(command.reason, "reason")}, child=case.row.child_id, episode=case.row.id
    )
    settled = settle(desk, case.reread(desk))
    still = [o.duty.says for o in settled.derived.open_at(desk.now)]
    lines = [f"{case.row.reference} is closed."] + ([f"Still owed: {'; '.join(still)}."] if still else [])
    return Answer(tuple(lines), case.row.reference)


def void(command: Void, desk: Desk, actor: Actor) -> Answer:
    """Record that it never was an episode; counts and thresholds follow."""
    actor.check("void")
    case = open_case(desk, command.reference, actor)
    checks.still_counts(case)
    data = {"reason": checks.reason_given(command.reason)}
    record.write(desk, actor, "voided", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk), why=f"voided by {actor.person.name}")
    return Answer((f"{case.row.reference} is void. Counts were made again without it.",), case.row.reference)
