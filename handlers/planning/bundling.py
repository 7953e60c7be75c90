"""Which pings of one moment share a post, and which go to one person because their thread has had its posts for the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from handlers.case import Case
from handlers.desk import Desk
from handlers.planning.plans import Planned
from policies.chairing import CHAIR, CHASES, DECLINED, HELD, MISSING
from storage import outbox
from storage.outbox import Post
from storage.pings import Ping

MOST_AT_ONCE = 3
SOFT = frozenset({"notice", "invite", "chase", "escalation"})
DAY = timedelta(hours=24)
FIRST_DAY, LATER = 12, 6  # posts of a thread in its first 24 hours, and in each 24 after (DESIGN section 5, budget)
KEPT = 2  # of these kept free of what concerns one person alone
TO_A_PERSON = frozenset({"notice", "invite", "chase"})  # what may reach them outside the thread; what is due or late stays in it
OF_ONE = frozenset({*CHASES, CHAIR, DECLINED, MISSING, HELD})  # of a meeting, whose own post shows everybody how it stands

Thread = tuple[str | None, str | None]  # a room and its platform


def bundles(desk: Desk, case: Case, send: Sequence[Planned], used: Sequence[Ping]) -> list[list[Planned]]:
    """The pings of each addressee; what several in one room are told, invited to or asked to see to is one post for all of them."""
    left = _left(desk, case, send, used)
    by_person: dict[tuple[str | None, ...], list[Planned]] = {}
    for planned in (_placed(p, left) for p in send):
        place = planned.target
        by_person.setdefault((place.place, place.room, place.platform, place.person or place.role), []).append(planned)
    found: dict[tuple[str | None, ...], list[Planned]] = {}
    for key, bundle in by_person.items():
        soft = key[0] == "thread" and all(planned.ping.kind in SOFT for planned in bundle)
        found.setdefault((*key[:3], "several") if soft else key, []).extend(bundle)
    return _calm(list(found.values()), left)


def _calm(bundles: list[list[Planned]], left: Mapping[Thread, int]) -> list[list[Planned]]:
    """More posts in one room at one moment than three, or than it has left, are one, in which each row says whom it is for."""
    by_room: dict[Thread | None, list[list[Planned]]] = {}
    for bundle in bundles:
        by_room.setdefault(_thread(bundle[0]), []).append(bundle)
    crowded = [room for room, posts in by_room.items() if room and len(posts) > min(MOST_AT_ONCE, max(left.get(room, MOST_AT_ONCE), 1))]
    kept = [bundle for room, posts in by_room.items() if room not in crowded for bundle in posts]
    return kept + [[planned for bundle in by_room[room] for planned in bundle] for room in crowded]


def _thread(planned: Planned) -> Thread | None:
    place = planned.target
    return (place.room, place.platform) if place.place == "thread" else None


def _left(desk: Desk, case: Case, send: Iterable[Planned], used: Iterable[Ping]) -> dict[Thread, int]:
    """How many posts each thread may still get today; of those that cannot have had too many nothing is looked up or said."""
    threads = dict.fromkeys(thread for planned in send if (thread := _thread(planned)))
    if not threads or len({ping.post_id for ping in used if ping.post_id}) < LATER - KEPT:
        return {}
    posts = outbox.of_episode(desk.session, case.row.id)
    return {thread: _today(desk, [p for p in posts if _counts(p, thread)]) for thread in threads}


def _counts(post: Post, thread: Thread) -> bool:
    room, platform = thread
    there = post.place == "thread" and post.room == room and platform in {None, post.platform}  # None: there is one only
    return there and post.kind not in {"card", "answer", "digest"} and post.state != "superseded"


def _today(desk: Desk, posts: Sequence[Post]) -> int:
    """Days of a thread begin at the time of its first post."""
    if not posts:
        return FIRST_DAY
    day = (desk.now - posts[0].queued_at) // DAY
    return (LATER if day else FIRST_DAY) - sum((post.queued_at - posts[0].queued_at) // DAY == day for post in posts)


def _placed(planned: Planned, left: Mapping[Thread, int]) -> Planned:
    """In its thread, or, when that has had enough for today, to the one person it is for: at once, and everybody else is spared."""
    thread, target = _thread(planned), planned.target
    wanted = 1 + (KEPT if planned.ping.rung.partition("/")[0] in OF_ONE else 0)
    alone = bool(target.people) and (len(target.people) == 1 or not planned.again)
    if thread is None or left.get(thread, wanted) >= wanted or not alone or planned.ping.kind not in TO_A_PERSON:
        return planned
    return planned._replace(target=replace(target, place="direct", room=None, platform=None))
