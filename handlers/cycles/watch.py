"""The watch: says when a post is stuck, when an episode was not looked at in time, when a second look finds a difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import alarms
from handlers.case import worked_out
from handlers.cycles.catch_up import catching_up
from handlers.desk import Desk, Desks
from policies.worktime import lasting
from storage import episodes, obligations, outbox
from storage.outbox import Post

STUCK_AFTER = timedelta(minutes=5)
AGAIN = timedelta(minutes=30)  # from one alarm about posts that are stuck to the next
NAMED = 5  # references in one alarm; the rest is counted
PAGE = 20  # episodes derived in one transaction, so that nobody waits for the sweep


@dataclass(frozen=True)
class Behind:
    """What we owe ourselves: posts that are not out, and episodes nobody looked at, with since when."""

    posts: int
    oldest_post: datetime | None
    episodes: int
    oldest_episode: datetime | None

    def late(self, now: datetime) -> bool:
        """Whether anything has waited for longer than a post may."""
        return any(since and now - since > STUCK_AFTER for since in (self.oldest_post, self.oldest_episode))


def behind(desk: Desk) -> Behind:
    """How far behind we are now."""
    return Behind(*outbox.oldest_waiting(desk.session, desk.now), *episodes.overdue(desk.session, desk.now))


def watch(desks: Desks, worries: Sequence[str] = ()) -> list[str]:
    """Raise an alarm for posts that should be out, for episodes not looked at, and for what the process worries about itself.

    Gives the sentences raised; none is raised again within half an hour.
    """
    with desks() as desk:
        raised = _about_posts(desk) + _about_looks(desk)
        for sentence in worries:
            raised += _everywhere(desk, sentence)
        return raised


def clock_was_set_back(desks: Desks) -> None:
    """What was queued by the old clock waits no longer for a moment that is past."""
    with desks() as desk:
        outbox.bring_forward(desk.session, desk.now)


def _about_posts(desk: Desk) -> list[str]:
    by_authority: dict[str, list[Post]] = {}
    for post in outbox.stuck(desk.session, desk.now - STUCK_AFTER):
        if post.kind != "alarm":
            by_authority.setdefault(post.authority, []).append(post)
    return [
        sentence
        for authority, posts in by_authority.items()
        if alarms.raise_alarm(desk, authority, f"stuck:{authority}:{_slot(desk)}", sentence := _stuck(posts, desk.now))
    ]


def _stuck(posts: list[Post], now: datetime) -> str:
    references = list(dict.fromkeys(str(post.body.get("reference") or "a digest") for post in posts))
    named = ", ".join(references[:NAMED]) + (f" and {len(references) - NAMED} more" if len(references) > NAMED else "")
    count = "A post has" if len(posts) == 1 else f"{len(posts)} posts have"
    return f"{count} not gone out for {lasting(now - (posts[0].wanted_at or now))}: {named}. Ring the people they are for."


def _about_looks(desk: Desk) -> list[str]:
    count, since = episodes.overdue(desk.session, desk.now - STUCK_AFTER)
    if not count or since is None or catching_up(desk):
        return []
    which = "One episode has" if count == 1 else f"{count} episodes have"
    return _everywhere(
        desk, f"{which} not been looked at for {lasting(desk.now - since)}, so reminders are late. Tell the administrator.", "looks"
    )


def _everywhere(desk: Desk, sentence: str, about: str = "") -> list[str]:
    """To every management room; said again no sooner than in half an hour."""
    key = f"watch:{about or sentence[:60]}:{_slot(desk)}"
    told = [alarms.raise_alarm(desk, authority.id, f"{key}:{authority.id}", sentence) for authority in desk.office.directory.authorities]
    return [sentence] if any(told) else []


def _slot(desk: Desk) -> str:
    return str(int(desk.now.timestamp() // AGAIN.total_seconds()))


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
    found = worked_out(desk, row)
    if found is None:
        return None  # nobody can: whoever looks at it raises that
    wanted = {(o.duty.id, o.nth): (o.status, o.due) for o in found[1]}
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
