"""What the bot itself is worried about: posts to the management room, each said once."""

from __future__ import annotations

from handlers import seeing
from handlers.case import Case
from handlers.desk import Desk
from handlers.outgoing import Body, Row
from policies import words
from storage import outbox
from storage.ids import new_id
from storage.outbox import Post


def nobody_in(desk: Desk, case: Case, role: str) -> None:
    """A role nobody holds is itself raised, once a day; its pings have moved on to the next one up."""
    sentence = f"Nobody holds the role {words.label(role)}. Its pings go to the next one up until somebody is named."
    raise_alarm(
        desk, case.row.authority, f"empty:{case.row.authority}:{role}:{desk.today.isoformat()}", sentence, to=(case.pack.coordinator,)
    )


def raise_alarm(
    desk: Desk,
    authority: str,
    key: str,
    sentence: str,
    to: tuple[str, ...] = (),
    reference: str | None = None,
    buttons: tuple[str, ...] = (),
) -> bool:
    """Post an alarm to the management room; False when this one was raised already."""
    plain = seeing.without_restricted(desk, sentence)
    reference = reference if plain == sentence else None
    row = Row(rule="alarm", says=plain, kind="alarm", to=to, house=True)
    body = Body(
        reference=reference,
        headline="Homeward needs attention",
        rows=(row,),
        fallback="Homeward needs attention",
        urgent=True,
        buttons=buttons if reference else (),
    )
    return to_management(desk, authority, body, f"alarm:{key}")


def to_management(desk: Desk, authority: str, body: Body, key: str) -> bool:
    """Queue a post to the management room; False when one with this key was queued already."""
    post = Post(
        id=new_id(),
        authority=authority,
        kind="alarm",
        place="room",
        room="management",
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        key=key,
        urgent=body.urgent,
    )
    return outbox.queue(desk.session, post)
