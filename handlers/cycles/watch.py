"""The watch: says when a post is stuck, when an episode was not looked at in time, when a second look finds a difference."""

from __future__ import annotations

from datetime import timedelta

from handlers import alarms
from handlers.case import look
from handlers.desk import Desk, Desks
from policies.worktime import lasting
from storage import episodes, obligations, outbox

STUCK_AFTER = timedelta(minutes=5)
PAGE = 200


def watch(desks: Desks) -> list[str]:
    """Raise an alarm for each post that should be out and is not; gives the sentences raised."""
    with desks() as desk:
        raised = []
        for post in outbox.stuck(desk.session, desk.now - STUCK_AFTER):
            if post.kind == "alarm":
                continue
            sentence = f"A post has been waiting for {lasting(desk.now - post.send_after)} and has not gone out. Ring the people it is for."
            if alarms.raise_alarm(desk, post.authority, f"stuck:{post.id}", sentence, reference=post.body.get("reference")):
                raised.append(sentence)
        return raised


def sweep(desks: Desks) -> list[str]:
    """Derive every open episode again; a difference from what is stored is a fault of ours, and is raised. Once an hour."""
    raised: list[str] = []
    after = ""
    while True:
        with desks() as desk:
            page = episodes.still_open(desk.session, after, PAGE)
            raised += [sentence for episode_id in page if (sentence := _differs(desk, episode_id))]
        if len(page) < PAGE:
            return raised
        after = page[-1]


def _differs(desk: Desk, episode_id: str) -> str | None:
    row = episodes.by_id(desk.session, episode_id)
    if row is None or (row.next_change_at and row.next_change_at <= desk.now):
        return None  # about to be looked at anyway
    case = look(desk, row)
    wanted = {(o.duty.id, o.nth): (o.status, o.due) for o in case.derived(desk).obligations if o.arises_at <= desk.now}
    stored = {(r.rule, r.nth): (r.status, r.due_at) for r in obligations.of_episode(desk.session, episode_id) if r.status != "void"}
    wrong = sorted(
        {key[0] for key, value in stored.items() if wanted.get(key) != value}
        | {k[0] for k in wanted if k not in stored and wanted[k][0] != "void"}
    )
    if not wrong:
        return None
    sentence = f"{row.reference}: what is stored differs from what the protocol asks ({', '.join(wrong[:3])}). Type 'status' to compare."
    alarms.raise_alarm(desk, row.authority, f"differs:{episode_id}:{desk.today}", sentence, reference=row.reference)
    return sentence
