"""Outbox → platform: claim, check that it is still owed, send outside any transaction, record what came of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from handlers import alarms
from handlers.desk import Desk, Desks
from handlers.errors import Later, Uncertain, Undeliverable
from handlers.outgoing import Sent, body
from handlers.ports import Parcel, Platform
from policies import words
from storage import obligations, outbox, pings
from storage.outbox import Delivered, Post

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
LOOK_AGAIN = timedelta(seconds=30)
AT_ONCE = 50


def deliver(desks: Desks, platforms: Mapping[str, Platform], limit: int = AT_ONCE) -> int:
    """Send what is waiting; gives how many posts were taken from the outbox."""
    with desks() as desk:
        claimed = outbox.claim(desk.session, desk.now, limit, LEASE)
        needed = [post for post in claimed if _still_owed(desk, post)]
        parcels = [_parcel(desk, post, platforms) for post in needed]
    for name, parcel in parcels:
        _send(desks, platforms[name], name, parcel)
    return len(claimed)


def _still_owed(desk: Desk, post: Post) -> bool:
    """A new post whose every obligation has ended meanwhile is superseded, never sent."""
    if post.reference is not None or post.state == "uncertain":
        return True
    asked = [p.obligation_id for p in pings.of_post(desk.session, post.id)]
    if not asked or None in asked:
        return True
    if any(row.status == "open" for row in obligations.by_ids(desk.session, [i for i in asked if i])):
        return True
    outbox.supersede(desk.session, [post.id])
    return False


def _parcel(desk: Desk, post: Post, platforms: Mapping[str, Platform]) -> tuple[str, Parcel]:
    """Where it goes: the authority's room of that purpose, or the person, on a platform that we serve."""
    stored = body(post.body)
    directory = desk.office.directory
    people = tuple(p for p in (directory.person(i) for i in stored.mentions or ((post.person,) if post.person else ())) if p)
    rooms = [r for r in desk.authority(post.authority).rooms if r.purpose == (post.room or "") and r.platform in platforms]
    room = rooms[0] if rooms else None
    name = (
        room.platform if room else next((a.platform for p in people for a in p.accounts if a.platform in platforms), next(iter(platforms)))
    )
    parent = outbox.by_id(desk.session, post.parent_id) if post.parent_id else None
    return name, Parcel(post, stored, people, room, parent.reference if parent else None)


def _send(desks: Desks, platform: Platform, name: str, parcel: Parcel) -> None:
    try:
        sent = _on(platform, parcel)
    except Later as error:
        with desks() as desk:
            outbox.requeue(desk.session, parcel.post.id, desk.now + timedelta(seconds=error.seconds))
    except Undeliverable as error:
        _give_up(desks, parcel.post, str(error))
    except Uncertain:
        with desks() as desk:
            outbox.uncertain(desk.session, parcel.post.id, desk.now + LOOK_AGAIN)
    else:
        with desks() as desk:
            delivered = Delivered(parcel.post.id, sent.reference, sent.at, parcel.post.edition, name, sent.channel)
            outbox.sent(desk.session, delivered)


def _on(platform: Platform, parcel: Parcel) -> Sent:
    if parcel.post.reference:
        return platform.update(parcel)
    if parcel.post.state == "uncertain":
        there = platform.look_up(parcel)
        if there:
            return there
    return platform.send(parcel)


def _give_up(desks: Desks, post: Post, why: str) -> None:
    """Nothing is dropped silently: the management room hears whom to ring."""
    log.warning("post %s cannot be delivered: %s", post.id, why)
    with desks() as desk:
        outbox.undeliverable(desk.session, post.id)
        reference = post.body.get("reference") or "a post"
        to = words.label(post.addressee) if post.addressee else "its room"
        alarms.raise_alarm(desk, post.authority, f"undeliverable:{post.id}", f"{reference}: {to} could not be reached. Please ring them.")
