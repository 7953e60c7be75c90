"""Another way for a post: by mail while its platform is down, with a copy for each whom a room would have reached at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from handlers.delivery.alone import copies
from handlers.delivery.under_way import Load, UnderWay
from handlers.delivery.ways import MAIL, Reach, along
from handlers.desk import Desk
from handlers.outgoing import body as stored_body
from storage import outbox
from storage.outbox import Post

# While a platform is down, what is urgent goes by mail at once, the rest when it lasts; cards and digests wait.
CAN_WAIT = timedelta(minutes=15)
WAITS_FOR_CHAT = frozenset({"answer", "digest"})


def by_mail(desk: Desk, load: Load, under_way: UnderWay) -> bool:
    """With a platform down, a ping goes by mail to those who have an address; whether this one does now.

    What waits behind it in its thread waits for nothing there, and goes as well.
    """
    post, platform = load.parcel.post, load.way.platform
    if not under_way.is_down(platform) or post.reference:
        return False
    for reply in outbox.behind(desk.session, post):
        changed = _mailed(desk, reply, platform, under_way)
        if changed and outbox.redirect(desk.session, changed, desk.now):
            _and_the_others(desk, reply, changed)
    changed = _mailed(desk, post, platform, under_way)
    if changed:
        another_way(desk, post, changed)
    return changed is not None


def _mailed(desk: Desk, post: Post, platform: str, under_way: UnderWay) -> Post | None:
    """The post as it goes by mail; None when it waits for chat, or nobody it is for has an address."""
    waits = post.kind in WAITS_FOR_CHAT or (post.kind == "card" and post.place != "direct")  # a direct one is news
    if waits or not (post.urgent or desk.now - post.queued_at > CAN_WAIT):
        return None
    ways = list(reach(desk, post, under_way).ways(post, stored_body(post.body)))
    mail = next((way for way in ways if way.platform == MAIL and way.name not in post.refused), None)
    refused = [*post.refused, *(way.name for way in ways if way.platform == platform)]
    if all(way.name in refused for way in ways):  # mail is down as well: by whichever works first
        return replace(post, refused=[]) if post.refused else None
    return replace(along(post, mail), refused=refused) if mail else None


def another_way(desk: Desk, post: Post, changed: Post) -> None:
    """Let a claimed post go another way. Of those whom it mentioned in a room everybody gets a message of their own."""
    if outbox.reroute(desk.session, post, changed, desk.now):
        _and_the_others(desk, post, changed)


def _and_the_others(desk: Desk, post: Post, changed: Post) -> None:
    if changed.place == "direct" and post.place != "direct":
        alone(desk, changed, stored_body(post.body).mentions)


def alone(desk: Desk, post: Post, people: Iterable[str]) -> None:
    """To each of these people alone what a post says by now: it may have been edited since it was claimed."""
    people = tuple(people)
    latest = outbox.by_id(desk.session, post.id) if people else None
    if latest:
        outbox.queue_all(desk.session, copies(replace(post, body=latest.body), people, desk.now))


def reach(desk: Desk, post: Post, under_way: UnderWay) -> Reach:
    """Who and what can be reached of a post's authority."""
    return Reach(desk.authority(post.authority), desk.directory, under_way.serving)
