"""What a restricted episode says to people: that somebody is needed, to each alone, and nothing of what it is about."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.outgoing import Body, Row
from handlers.outgoing import body as stored_body
from storage import outbox
from storage.outbox import Post

SAYS = "Something waits for you"
RULE = "restricted"


def body(reference: str, *, urgent: bool = False) -> Body:
    """A direct message without content."""
    lines = (f"Type /missing status {reference} to open it. If it does not open, type /missing request {reference} and say why.",)
    return Body(reference, f"{reference} needs you", lines=lines, fallback=f"Homeward: {reference} needs you", urgent=urgent)


def row(kind: str, to: tuple[str, ...], obligation: str | None) -> Row:
    """A line of a digest without content."""
    return Row(rule=RULE, says=SAYS, kind=kind, to=to, obligation=obligation)


def gone() -> Body:
    """What a post in a room becomes."""
    return Body(reference=None, headline="No longer shown here", fallback="Homeward")


def quieted(post: Post) -> Body:
    """A post about an episode that is restricted by now, whatever it said before."""
    if post.place != "direct":
        return gone()
    before = stored_body(post.body)
    return body(before.reference, urgent=before.urgent) if before.reference else gone()


def take_back(desk: Desk, episode_id: str) -> None:
    """Everything that was said about an episode, in rooms and to people, is edited to say nothing; what waits is not sent."""
    for post in outbox.of_episode(desk.session, episode_id):
        if post.place != "direct" and outbox.withdraw(desk.session, [post.id]):
            continue
        outbox.edit(desk.session, post.id, quieted(post).stored())
