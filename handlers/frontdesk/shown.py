"""Whatever is shown privately about an episode is written down: who saw what, when."""

from __future__ import annotations

from handlers import record
from handlers.desk import Desk, actor
from handlers.frontdesk.speaking import authority_for
from handlers.outgoing import Answer, Form, Reply
from storage import episodes


def shown(reply: Reply, desk: Desk, by: str, authority: str | None) -> Reply:
    """The reply, after it was written down."""
    what, reference = ("form", dict(reply.context).get("reference")) if isinstance(reply, Form) else ("answer", None)
    if isinstance(reply, Answer) and reply.seen:
        what, reference = reply.seen, reply.reference
    row = episodes.by_reference(desk.session, reference) if reference else None
    if row or (isinstance(reply, Answer) and reply.seen):
        who = actor(desk, by, authority_for(desk, reference, by) if row else authority)
        child, data = row.child_id if row else None, {"what": what, "reference": reference}
        desk.keep(lambda at: record.write(at, who, "shown", data, child=child, episode=None))
    return reply
