"""Outbox → platform: claim, check that it is still owed, send outside any transaction, record what came of it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from handlers import initials, nudge
from handlers.delivery.ledger import give_up, record
from handlers.delivery.under_way import Load, UnderWay
from handlers.delivery.ways import Reach, Way, along
from handlers.desk import Desk, Desks
from handlers.outgoing import Body, body
from handlers.ports import Parcel, Platform
from storage import episodes, outbox, pings
from storage.outbox import Message, Post

AT_ONCE = 200
OVER = frozenset({"all"})  # stands for every obligation of a post
EVERY = 1 / 12  # of a lease, from one look for leases that are over to the next


def deliver(desks: Desks, platforms: Mapping[str, Platform], under_way: UnderWay | None = None, limit: int = AT_ONCE) -> int:
    """One turn: send what is waiting and may go now; gives how many posts were taken from the outbox.

    `under_way` is what the process remembers from turn to turn; without it everything is sent and recorded in this one.
    """
    under_way = under_way or UnderWay()
    under_way.serving = platforms.keys()
    write_down(desks, under_way)
    if not platforms:
        return 0
    claimed_at = under_way.clock()
    with desks() as desk:
        if under_way.time_for("leases", EVERY * under_way.lease):
            outbox.free_expired(desk.session)
        lease = timedelta(seconds=under_way.lease)
        claimed = outbox.claim(desk.session, desk.now, limit, lease, besides=under_way.closed(), a_lane=under_way.a_lane)
        ended = _ended(desk, claimed)
        hidden = episodes.restricted(desk.session, [post.episode_id for post in claimed if post.episode_id])
        never = [post for post in claimed if _never(post, ended, hidden) and post.state == "sending"]
        outbox.supersede(desk.session, never)
        lanes = _lanes(desk, [post for post in claimed if post not in never], ended, hidden, platforms, under_way)
        now = desk.now
    under_way.tally.superseded(len(never))
    under_way.hand_over(lanes, now, claimed_at)
    write_down(desks, under_way)
    return len(claimed)


def write_down(desks: Desks, under_way: UnderWay, patience: float = 0.0) -> None:
    """Record what has come of the errands; what cannot be recorded now is kept and recorded next time."""
    came = under_way.collect(patience)
    if not came:
        return
    with desks() as desk:
        record(desk, came, under_way)
    under_way.forget(came)
    under_way.tally.count((c.load.parcel, c.outcome) for c in came)


def _ended(desk: Desk, claimed: Sequence[Post]) -> dict[str, frozenset[str]]:
    """Of new posts all of whose pings are about obligations: which of these have ended meanwhile, and whether any is left."""
    new = [post for post in claimed if post.reference is None]
    asked = pings.asked_by(desk.session, list({post.original for post in new})) if new else {}
    found: dict[str, frozenset[str]] = {}
    for post in new:
        about = asked[post.original]
        if about and None not in about:
            ended = frozenset(i for i, status in about.items() if i and status not in {"open", None})
            found[post.id] = ended if len(ended) < len(about) else OVER
    return found


def _never(post: Post, ended: Mapping[str, frozenset[str]], hidden: Container[str]) -> bool:
    """What it was about has ended, or a room would learn of a restricted episode."""
    return ended.get(post.id) is OVER or (post.episode_id in hidden and post.place != "direct" and not post.reference)


def _lanes(
    desk: Desk,
    posts: Sequence[Post],
    ended: Mapping[str, frozenset[str]],
    hidden: Container[str],
    platforms: Mapping[str, Platform],
    under_way: UnderWay,
) -> dict[str, list[Load]]:
    """The loads that may go now, by lane; what the pace does not let go yet is put back."""
    parents = outbox.messages(desk.session, list({post.parent_id for post in posts if post.parent_id and not post.reference}))
    lanes: dict[str, list[Load]] = {}
    back: list[Post] = []
    closed = set(under_way.closed())
    for post in posts:
        parent, gone = parents.get(post.parent_id or ""), ended.get(post.id, frozenset())
        load = _load(desk, post, parent, gone, platforms, quiet=post.episode_id in hidden)
        if load is None:
            give_up(desk, post)
            continue
        wait = under_way.must_wait(load) if post.lane not in closed else 0.0
        if wait or post.lane in closed:
            under_way.hold(post.lane, wait)
            closed.add(post.lane)
            back.append(post)
        else:
            lanes.setdefault(post.lane, []).append(load)
    outbox.requeue(desk.session, [(post, desk.now) for post in back])
    return lanes


def _load(
    desk: Desk, post: Post, parent: Message | None, gone: frozenset[str], platforms: Mapping[str, Platform], *, quiet: bool
) -> Load | None:
    """A post with the way it goes; None when there is none, or when a room would learn of a restricted episode."""
    stored = body(post.body)
    way = _way(desk, post, stored, platforms)
    if way is None or (quiet and way.room and not post.reference):
        return None
    parcel = _parcel(desk, post, stored, way, parent, gone)
    if quiet:  # whoever composed it: only what says nothing leaves
        parcel = replace(parcel, body=nudge.quieted(post))
    return Load(parcel, way, platforms[way.platform], needed=gone is not OVER)


def _way(desk: Desk, post: Post, stored: Body, platforms: Mapping[str, Platform]) -> Way | None:
    """The way it went, for an edit; else the first that has not refused it, if any is left."""
    authority, directory = desk.authority(post.authority), desk.directory
    if post.reference and post.platform:
        rooms = [room for room in authority.rooms if room.platform == post.platform and room.purpose == post.room]
        room = next((room for room in rooms if room.channel == post.channel), rooms[0] if rooms else None)
        person = directory.person(post.person) if post.person and not room else None
        return Way(post.platform, room, person) if post.platform in platforms else None
    ways = Reach(authority, directory, platforms.keys()).ways(post, stored)
    return next((way for way in ways if way.name not in post.refused), None)


def _parcel(desk: Desk, post: Post, stored: Body, way: Way, parent: Message | None, ended: frozenset[str]) -> Parcel:
    """What the platform is given. A reply is one only where its thread is; of a digest what has ended is left out."""
    post = along(post, way)
    if ended and post.kind == "digest":
        stored = replace(stored, rows=tuple(row for row in stored.rows if row.obligation not in ended))
    people = (way.person,) if way.person else tuple(filter(None, map(desk.directory.person, stored.mentions)))
    stored = initials.named(desk, stored, post.episode_id, way.room)
    same = parent and way.room and (parent.platform, parent.channel) in {(way.platform, way.room.channel), (way.platform, None)}
    return Parcel(post, stored, people, way.room, parent.reference if parent and same and post.place == "thread" else None)
