"""Share: another authority sees an episode, because the child is placed there or comes from there."""

from __future__ import annotations

from handlers import checks, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import SEALED
from handlers.outgoing import Answer, Body, Field, Row
from handlers.sent_in import Values
from policies import words
from policies.pack import Pack
from storage import outbox, permits
from storage.ids import new_id
from storage.outbox import Post
from storage.permits import Permit


def form(desk: Desk, pack: Pack, case: Case | None) -> tuple[str, str, list[Field]]:
    """With whom, and why."""
    others = tuple((a.id, a.name) for a in desk.office.directory.authorities if case and a.id != case.row.authority)
    fields = [
        Field("authority", "With which authority", "choice", others, required=True, value=others[0][0] if len(others) == 1 else ""),
        Field(
            "share", "What", "choice", (("share", "They may see it"), ("stop", "They may see it no longer")), required=True, value="share"
        ),
        Field("reason", "Why", "long", required=True, hint=f"Such as: placed there. {SEALED}"),
    ]
    return "Share with another authority", "Save", fields


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    other, stop = v.needed("authority"), v.text("share") == "stop"
    return share(context["reference"], other, v.text("reason"), desk, actor, stop=stop)


def share(reference: str, other: str, reason: str, desk: Desk, actor: Actor, *, stop: bool = False) -> Answer:
    """Record it; their coordination room gets one post. Raises Refused for a restricted episode, or an authority nobody knows."""
    actor.check("share")
    case = open_case(desk, reference, actor)
    known = {a.id: a.name for a in desk.office.directory.authorities if a.id != case.row.authority}
    if other not in known:
        raise Refused(f"'{other[:40]}' is not another authority here{words.nearest(other, known) or '.'}", field="authority")
    given, name = checks.reason_given(reason), known[other]
    live = [p.id for p in permits.of_episode(desk.session, case.row.id) if p.kind == "shared" and p.who == other and p.on(desk.now)]
    if case.row.restricted and not stop:
        raise Refused(f"{case.row.reference} is restricted, so it is not shared: let a named person see it with 'permit'.")
    if stop != bool(live):
        raise Refused(
            f"{name} {'does not see' if stop else 'sees'} {case.row.reference} {'anyway' if stop else 'already'}.", field="authority"
        )
    if stop:
        permits.end(desk.session, live, desk.now)
    else:
        permits.add(desk.session, Permit(new_id(), "shared", case.row.id, other, desk.now, actor.id))
        _tell(desk, case, other)
    kind = "unshared" if stop else "shared"
    record.write(desk, actor, kind, {"authority": other, "reason": given}, child=case.row.child_id, episode=case.row.id)
    return Answer((f"{name} {'no longer sees' if stop else 'sees'} {case.row.reference}.",), case.row.reference)


def _tell(desk: Desk, case: Case, other: str) -> None:
    reference, owner = case.row.reference, desk.authority(case.row.authority).name
    says = f"{owner} shares {reference} with you: a child it looks for is placed with you, or comes from you. {owner} leads"
    row = Row(rule="shared", says=says, kind="notice", to=(), house=True)
    body = Body(
        reference, f"{reference} · shared by {owner}", (row,), buttons=("status", "note", "found"), fallback=f"Homeward: {reference}"
    )
    room = "coordination" if desk.authority(other).has_room("coordination") else "management"
    post = Post(
        id=new_id(),
        authority=other,
        kind="notice",
        place="room",
        room=room,
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        episode_id=case.row.id,
    )
    outbox.queue(desk.session, post)
