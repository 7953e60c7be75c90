"""A child's initials, for the rooms that are configured to show them; nothing else of who the child is ever leaves so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers.desk import Desk
from handlers.directory import Room
from handlers.outgoing import Body
from storage import children, episodes

SHOWN = "reference_initials"
MOST = 4


def named(desk: Desk, body: Body, episode_id: str | None, room: Room | None) -> Body:
    """The post with initials behind the reference of its headline, where the room is configured so; never in a partners room."""
    if room is None or room.identify != SHOWN or room.purpose == "partners" or not (episode_id and body.reference):
        return body
    row = episodes.by_id(desk.session, episode_id)
    if row is None or row.restricted:
        return body
    letters = of(children.identity(desk.session, desk.vault, row.child_id))
    return replace(body, headline=body.headline.replace(body.reference, f"{body.reference} {letters}", 1)) if letters else body


def of(identity: Mapping[str, str]) -> str:
    """At most four capitals; somebody who typed a name where initials belong gives no more than its first letters."""
    typed = "".join(letter if letter.isalpha() else " " for letter in identity.get("initials") or "")
    words = typed.split() or [identity.get(name) or "" for name in ("forename", "surname")]
    if len(words) == 1 and (len(words[0]) <= MOST and words[0].isupper()):
        return words[0]
    return "".join(word[:1] for word in words).upper()[:MOST]
