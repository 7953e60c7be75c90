"""How long what is over stays, what must be kept, and what becomes of a child's record that is erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from handlers import asking, checks, record, seeing
from handlers.case import known_row, nothing_there
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer, Body
from policies.worktime import Length, add, said
from storage import children, episodes, journal, obligations, outbox, permits, retention
from storage.episodes import EpisodeRow
from storage.ids import new_id
from storage.permits import Permit
from storage.retention import ERASED, Ended, Unblanked

_STATES = {"sent": "refused", "queued": "being tried", "sending": "being tried", "uncertain": "in doubt"}


def due(desk: Desk, authority: str) -> list[Ended]:
    """Whose time is over by the authority's rule, the longest first; those on which a legal hold lies are among them."""
    kept = Length.parse(f"P{desk.authority(authority).keep_months}M")
    return [one for one in retention.ended(desk.session, authority, desk.now) if add(one.at, kept) <= desk.now]


def run(desk: Desk, actor: Actor, reason: str) -> list[Ended]:
    """Erase all of them that no legal hold keeps; gives them."""
    actor.check("records")
    given = checks.reason_given(reason)
    over = [one for one in due(desk, actor.authority) if not one.held]
    for one in over:
        _erase(desk, actor, one.child_id, one.references, given)
    return over


def erase(desk: Desk, actor: Actor, reference: str, reason: str) -> Answer:
    """Erase one child before its time. Raises Refused while an episode is open, or a legal hold lies on one."""
    actor.check("records")
    given, row = checks.reason_given(reason), _row(desk, reference, actor)
    rows = episodes.of_child(desk.session, row.child_id)
    if still := [r.reference for r in rows if r.status not in {"closed", "void"}]:
        raise Refused(f"{' and '.join(_named(desk, actor, still))} of this child is not closed: close it first, or make it void.")
    if retention.held(desk.session, desk.now) & {r.id for r in rows}:
        raise Refused("A legal hold lies on this child's record. Release it first.")
    if row.child_id not in children.identities(desk.session, desk.vault, [row.child_id]):
        raise Refused(f"{row.reference} is erased already.")
    survivor = children.survivor(desk.session, row.child_id)
    count = _erase(desk, actor, survivor, tuple(r.reference for r in rows), given)
    named = ", ".join(_named(desk, actor, [r.reference for r in rows]))
    return Answer((f"Erased: {named}. {count} posts are being blanked; 'records refused' lists those that stay.",))


def refused(desk: Desk, actor: Actor) -> list[str]:
    """Where posts of erased records can still be read, a line each, for those who can have them deleted by hand."""
    actor.check("records")
    return [_where(desk, post) for post in retention.not_blanked(desk.session, actor.authority)]


def _where(desk: Desk, post: Unblanked) -> str:
    names = {a.id: a.name for a in desk.office.directory.authorities}
    message = f"message {post.reference}" if post.reference else "sent, and its message not known yet"
    where = f"{post.platform or '-'}, {names.get(post.authority, post.authority)}, {post.channel or '-'}"
    return f"{where}, {message}: {_STATES.get(post.state, post.state)}"


def hold(desk: Desk, actor: Actor, reference: str, reason: str, *, release: bool = False) -> Answer:
    """Put a legal hold on a child's record, or release it."""
    actor.check("records")
    given, row = checks.reason_given(reason), _row(desk, reference, actor)
    live = [p.id for p in permits.of_episode(desk.session, row.id) if p.kind == "hold" and p.on(desk.now)]
    if release != bool(live):
        raise Refused(f"{'No' if release else 'A'} legal hold lies on {row.reference}{'' if release else ' already'}.")
    if release:
        permits.end(desk.session, live, desk.now)
    else:
        permits.add(desk.session, Permit(new_id(), "hold", row.id, "", desk.now, actor.id))
    record.write(desk, actor, "released" if release else "held_back", {"reason": given}, child=row.child_id, episode=row.id)
    return Answer(
        (f"{row.reference}: {'the legal hold is released' if release else 'nothing of this child is erased until you release it'}.",)
    )


def everything(desk: Desk, actor: Actor, reference: str, reason: str) -> dict[str, Any]:
    """All that is kept about a child, for a subject access request: who it is, every episode, who saw and did what, every post.

    Restricted episodes only for those who may open them: an approver answers the request of such a child.
    """
    actor.check("records")
    given, row = checks.reason_given(reason), _row(desk, reference, actor)
    rows = [one for one in episodes.of_child(desk.session, row.child_id) if seeing.may_know(desk, one, actor)]
    ids = dict.fromkeys((children.survivor(desk.session, row.child_id), *(one.child_id for one in rows)))
    who, *also = (children.identity(desk.session, desk.vault, one) for one in ids)  # of each record that was merged
    record.write(desk, actor, "exported", {"reason": given, "what": "subject access"}, child=row.child_id, episode=row.id)
    return {
        "made_at": desk.now.isoformat(),
        "who": who,
        "also_recorded_as": also,
        "episodes": [_episode(desk, one) for one in rows],
    }


def _named(desk: Desk, actor: Actor, references: Sequence[str]) -> list[str]:
    """References as somebody may read them."""
    rows = ((one, episodes.by_reference(desk.session, one)) for one in references)
    return [one if row and seeing.may_know(desk, row, actor) else seeing.RESTRICTED for one, row in rows]


def _row(desk: Desk, reference: str, actor: Actor) -> EpisodeRow:
    row = known_row(desk, reference, actor)
    if row is None or row.authority != actor.authority:
        raise Refused(nothing_there(reference))
    return row


def _erase(desk: Desk, actor: Actor, child_id: str, references: tuple[str, ...], reason: str) -> int:
    ids = retention.erase(desk.session, child_id, desk.now)
    for one in ids:
        asking.take_back(desk, one)  # a handover's post is about several children: only the lines of this one go
    posts = retention.posts_of(desk.session, ids)
    waiting = set(outbox.withdraw(desk.session, posts))
    blank = Body(reference=None, headline=ERASED, fallback="Homeward").stored()
    for post in posts:
        if post not in waiting:
            outbox.edit(desk.session, post, blank)
    tomb = {"child": child_id, "references": list(references), "reason": reason, "posts": len(posts)}
    record.write(desk, actor, "erased", tomb, child=None, episode=None)
    return len(posts) - len(waiting)


def _episode(desk: Desk, row: EpisodeRow) -> Mapping[str, Any]:
    entries = journal.of_episode(desk.session, desk.vault, row.id)
    return {
        "reference": row.reference,
        "state": {name: _plain(value) for name, value in asdict(row).items() if name not in {"id", "child_id", "pack_hash", "version"}},
        "asked": [
            {n: _plain(v) for n, v in asdict(o).items() if n not in {"id", "episode_id"}}
            for o in obligations.of_episode(desk.session, row.id)
        ],
        "happened": [
            {
                "at": _plain(e.at),
                "recorded_at": _plain(e.recorded_at),
                "kind": e.kind,
                "by": e.actor,
                "on_behalf": e.on_behalf,
                "what": e.payload,
            }
            for e in entries
        ],
        "posts": [
            {"at": _plain(p.queued_at), "place": p.place, "person": p.person, "said": p.body}
            for p in outbox.of_episode(desk.session, row.id)
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def line(desk: Desk, actor: Actor, one: Ended) -> str:
    """One child in a line: references only, and of a restricted episode only to those who may know of it."""
    return f"{', '.join(_named(desk, actor, one.references))}: over since {said(one.at)} {one.at.year}" + (
        "; a legal hold keeps it" if one.held else ""
    )
