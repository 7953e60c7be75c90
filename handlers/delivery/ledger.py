"""Writing down what came of every load: delivered, to be tried again, to be looked for, to go another way, or given up."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import alarms
from handlers.delivery.alone import unreached
from handlers.delivery.outcomes import Apart, Arrived, InDoubt, Never, NotFound, NotNeeded, NotTaken
from handlers.delivery.rerouting import alone, another_way, by_mail, reach
from handlers.delivery.under_way import Came, Load, UnderWay
from handlers.delivery.ways import Way, along
from handlers.desk import Desk
from policies import words
from storage import outbox
from storage.outbox import Delivered, Post

log = logging.getLogger(__name__)
LONGEST = timedelta(minutes=1)  # between two tries of one post


def record(desk: Desk, came: Sequence[Came], under_way: UnderWay) -> None:
    """Write all of it in this transaction."""
    arrived = [(c.load, c.outcome.sent) for c in came if isinstance(c.outcome, Arrived)]
    rows = [_delivered(load, sent.reference, sent.at, sent.channel) for load, sent in arrived]
    if outbox.sent_all(desk.session, rows) < len(rows):
        log.warning("a delivery was recorded by another process first, or was of an edit that another process has")
    outbox.supersede(desk.session, [c.load.parcel.post for c in came if isinstance(c.outcome, NotNeeded)])
    _in_doubt(desk, came, under_way)
    _not_taken(desk, [(c.load, c.outcome) for c in came if isinstance(c.outcome, NotTaken)], under_way)
    for c in came:
        if isinstance(c.outcome, Never):
            _refused(desk, c.load, c.outcome.why, under_way)
        elif isinstance(c.outcome, Apart):
            _apart(desk, c.load, under_way)
        elif isinstance(c.outcome, Arrived):
            _also_told(desk, c.load, c.outcome.sent.missed, under_way)


def _delivered(load: Load, reference: str, at: datetime, channel: str | None) -> Delivered:
    post = load.parcel.post
    return Delivered(post.id, reference, at, post.edition, load.way.platform, channel, post.attempt)


def _in_doubt(desk: Desk, came: Sequence[Came], under_way: UnderWay) -> None:
    patience, doubtful = under_way.patience, []
    for c in came:
        post = c.load.parcel.post
        if isinstance(c.outcome, InDoubt) and by_mail(desk, c.load, under_way):
            continue  # it may be in chat as well; rather twice, by two ways, than an hour late
        if isinstance(c.outcome, InDoubt):
            tried = replace(post, looked=0, tried_at=c.at) if c.outcome.sent else post
            doubtful.append((tried, desk.now + _longer(patience.first, post)))
        elif isinstance(c.outcome, NotFound):
            doubtful.append((replace(post, looked=post.looked + 1), desk.now + patience.again))
    outbox.doubt(desk.session, doubtful)


def _longer(first: timedelta, post: Post) -> timedelta:
    """Twice as long after every try, up to a minute."""
    times: int = 2 ** min(post.attempt - 1, 10)
    return min(first * times, max(LONGEST, first))


def _not_taken(desk: Desk, tries: Sequence[tuple[Load, NotTaken]], under_way: UnderWay) -> None:
    waiting = []
    for load, outcome in tries:
        if not by_mail(desk, load, under_way):
            waiting.append((load.parcel.post, desk.now + timedelta(seconds=outcome.seconds)))
    outbox.requeue(desk.session, waiting)


def _apart(desk: Desk, load: Load, under_way: UnderWay) -> None:
    """Nobody whom it mentions is in that room: the first gets the post itself, each other one a copy, in this transaction."""
    post = load.parcel.post
    ways = reach(desk, post, under_way).ways(post, load.parcel.body)
    first = next((way for way in ways if way.person and way.name not in post.refused), None)
    if first is None:
        _refused(desk, load, "nobody of it is in that room", under_way)
    else:
        another_way(desk, post, along(post, first))


def _also_told(desk: Desk, load: Load, missed: Sequence[str], under_way: UnderWay) -> None:
    """The room has it, and whom it mentions there without reaching them is written to alone."""
    post = load.parcel.post
    if post.place == "thread" and not post.reference:
        alone(desk, post, unreached(load.parcel.people, load.way.platform, missed, under_way.serving))


def _refused(desk: Desk, load: Load, why: str, under_way: UnderWay) -> None:
    """By another way, if there is one; else the management room hears whom to ring. Nothing is dropped silently."""
    post = load.parcel.post
    log.warning("post %s was refused by way of %s: %s", post.id, load.way.platform, why)
    if post.reference:  # a message is gone: it comes again while there is something to do in it
        (outbox.post_again if load.parcel.is_live else outbox.drop)(desk.session, post)
        return
    refused = [*post.refused, load.way.name]
    left = [way for way in reach(desk, post, under_way).ways(post, load.parcel.body) if way.name not in refused]
    if left:
        changed = replace(along(post, left[0]), refused=refused)
        another_way(desk, post, changed)
        alarms.raise_alarm(desk, post.authority, f"refused:{load.way.name}:{desk.today}", _turned_away(load.way))
        return
    give_up(desk, post)


def give_up(desk: Desk, post: Post) -> None:
    """No way is left. An edit is only dropped; of anything else the management room hears whom to ring."""
    if post.reference:
        outbox.drop(desk.session, post)
        return
    outbox.undeliverable(desk.session, post)
    if post.kind == "alarm":
        log.error("alarm %s reached nobody", post.id)
    else:
        reference = post.body.get("reference") or "A post"
        person = desk.directory.person(post.person) if post.person else None
        to = words.label(post.addressee) if post.addressee else person.name if person else "its room"
        sentence = f"{reference}: {to} could not be reached. Please ring them."
        alarms.raise_alarm(desk, post.authority, f"undeliverable:{post.id}", sentence, reference=post.body.get("reference"))


def _turned_away(way: Way) -> str:
    return f"Posts for {way.said()} are refused there, and go another way until that is put right; `homeward doctor` shows more."
