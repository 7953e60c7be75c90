"""Run as a process of its own: processes under load that are killed at random, and what people saw in the end.

python -m tests.delivery.load DATABASE FOLDER PROCESSES KILLS SEED  →  one line of JSON
"""

import json
import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from handlers.cycles.deliver import deliver, write_down
from handlers.cycles.remind import remind
from handlers.cycles.watch import sweep
from handlers.delivery.carry import Patience
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk, Desks
from handlers.errors import HandlerError
from handlers.frontdesk import hearing, pressing
from handlers.incoming import Pressed, Said
from storage import outbox, verify
from storage.db import reading, transaction
from storage.errors import StorageError
from storage.outbox import Post
from tests.databases import opened
from tests.delivery.kills import Databases, in_child
from tests.delivery.story import START, office, submit
from tests.delivery.wall import Wall
from tests.fakes import AUTHORITY

LASTS = timedelta(days=3)
CHILDREN = 25
PAUSE = 0.2  # seconds, on average, from one kill to the next
LEASE = 6.0  # real seconds, because the dead one's leases must end before the test can


@dataclass
class World:
    """What all processes share: a database, a wall that people look at, and a fast clock."""

    url: str
    wall: Path
    began: float
    speed: float

    def now(self) -> datetime:
        return min(START + timedelta(seconds=(time.time() - self.began) * self.speed), START + LASTS)

    def desks(self, engine: Engine) -> Desks:
        the_office = office()

        @contextmanager
        def opened() -> Iterator[Desk]:
            with transaction(engine) as session:
                yield Desk(session, self.now(), the_office)

        return opened


def populate(world: World) -> None:
    """Children reported over the day before."""
    engine = opened(world.url)
    desks = world.desks(engine)
    for n in range(CHILDREN):
        with desks() as desk:
            submit(desk, hearing.hear(Said("report", "edt", AUTHORITY), desk), f"child {n}", "edt", missing_since="09:00")
    engine.dispose()


def work(world: World, seed: int) -> Callable[[], None]:
    """One process: cycles and people at once, until it is told to end, or killed."""

    def act() -> None:
        stop = Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        engine = opened(world.url)
        desks, die = world.desks(engine), Random(seed)
        with transaction(engine) as session:
            outbox.free_leases(session)
        platforms = {"recorded": Wall(world.wall, world.now, Random(seed))}
        with ThreadPoolExecutor(4) as carriers:
            under_way = UnderWay(clock=time.monotonic, carriers=carriers, lease=LEASE)

            def sending() -> None:
                deliver(desks, platforms, under_way, limit=10)
                write_down(desks, under_way, 0.02)

            loops = [looped(stop, lambda: remind(desks, 10)), looped(stop, sending), looped(stop, lambda: people(desks, die))]
            for loop in loops:
                loop.join()
            write_down(desks, under_way, 10)
        engine.dispose()

    return act


def looped(stop: Event, act: Callable[[], object]) -> Thread:
    def run() -> None:
        while not stop.wait(0.01):
            try:
                act()
            except Exception:  # noqa: BLE001 - counted by the parent, through what is printed
                traceback.print_exc()

    thread = Thread(target=run)
    thread.start()
    return thread


def people(desks: Desks, die: Random) -> None:
    """Somebody presses a button, finishes something, or reports another child."""
    try:
        with desks() as desk:
            if die.random() < 0.1:
                submit(desk, hearing.hear(Said("report", "edt", AUTHORITY), desk), str(die.random()), "edt", missing_since="09:00")
                return
            chosen = desk.session.execute(
                sa.text(
                    "SELECT o.id, o.version, o.action, o.owner, e.reference FROM obligations o JOIN episodes e ON e.id = o.episode_id"
                    " WHERE o.status = 'open' ORDER BY o.id"
                )
            ).all()
            if not chosen:
                return
            id_, version, action, owner, reference = die.choice(chosen)
            if die.random() < 0.5:
                pressing.press(Pressed("acknowledge", owner, id_, version, reference), desk)
            elif die.random() < 0.3:
                submit(desk, hearing.hear(Said(f"complete {reference}", owner, AUTHORITY), desk), str(die.random()), owner, action=action)
    except (HandlerError, StorageError, AssertionError):
        return  # refused, or somebody was quicker


def finish(world: World) -> None:
    """At the end of the story: everything that is still to be done, in one process that is not killed."""
    engine = opened(world.url)
    desks = world.desks(engine)
    at_once = Patience(timedelta(0), timedelta(0), 1, timedelta(0))  # the clock stands still by now
    under_way = UnderWay(clock=time.monotonic, lease=LEASE, patience=at_once)
    platforms = {"recorded": Wall(world.wall, world.now)}
    with transaction(engine) as session:
        outbox.free_leases(session)
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        busy = remind(desks) + deliver(desks, platforms, under_way)
        with transaction(engine) as session:
            outbox.free_expired(session)
            session.execute(sa.text("UPDATE posts SET send_after = queued_at WHERE state IN ('queued', 'uncertain')"))
            left = session.scalar(sa.text("SELECT count(*) FROM posts WHERE state IN ('queued', 'uncertain', 'sending')"))
        if not busy and not left:
            break
        time.sleep(0.2)
    engine.dispose()


def judged(world: World) -> dict[str, Any]:
    """What people saw against what the database says."""
    engine, wall = opened(world.url), Wall(world.wall, world.now)
    messages = wall.messages()
    came = Counter(m["new"] for m in messages)
    with reading(engine) as session:
        ids = list(session.scalars(sa.text("SELECT id FROM posts")))
        posts = outbox.by_ids(session, ids)
        states = Counter(post.state for post in posts.values())
        counts = {
            name: session.scalar(sa.text(statement.replace(":now", f"'{world.now():%Y-%m-%d %H:%M:%S}'")))
            for name, statement in {
                "pings": "SELECT count(*) FROM pings WHERE kind <> 'skipped'",
                "homeless": "SELECT count(*) FROM pings WHERE kind <> 'skipped' AND post_id IS NULL",
                "unlooked": "SELECT count(*) FROM episodes WHERE next_change_at <= :now",
            }.items()
        }
        broken = verify.verify(session, None)
    wrong = [f"{post} came {n} times" for post, n in came.items() if n > 1]
    wrong += [f"{p.id} is {p.state} and came {came[p.id]} times" for p in posts.values() if bool(p.reference) != bool(came[p.id])]
    wrong += [f"{p.id} is still {p.state}" for p in posts.values() if p.state in {"queued", "sending", "uncertain", "undeliverable"}]
    wrong += [f"{entry.sentence}" for entry in broken]
    wrong += [f"{counts[name]} {name}" for name in ("homeless", "unlooked") if counts[name]]
    wrong += sweep(world.desks(engine)) + list(out_of_order(messages, posts))
    engine.dispose()
    return {"posts": len(posts), "messages": len(messages), "pings": counts["pings"], "states": dict(states), "wrong": wrong[:10]}


def out_of_order(messages: list[dict[str, Any]], posts: dict[str, Post]) -> Iterator[str]:
    """Replies that came before one that was both asked for and written down earlier."""
    threads: dict[str, list[Post]] = {}
    for message in messages:
        if message["thread"]:
            threads.setdefault(message["thread"], []).append(posts[message["new"]])
    for thread in threads.values():
        for n, before in enumerate(thread):
            for after in thread[n + 1 :]:
                if after.queued_at < before.queued_at and after.id < before.id:
                    yield f"{before.id} came before {after.id}"


def start(world: World, seed: int) -> int:
    """A process at work; gives its id."""
    pid = os.fork()
    if pid == 0:
        try:
            work(world, seed)()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the parent must hear of it
            traceback.print_exc()
            os._exit(1)
    return pid


def main(url: str, folder: Path, processes: int, kills: int, seed: int) -> dict[str, Any]:
    """Kill one of the processes at a time, at moments thrown by a seeded die, and start another in its place."""
    die = Random(seed)
    world = World(Databases(url, folder).fresh(), folder / "wall.jsonl", time.time(), LASTS.total_seconds() / (kills * PAUSE + 2))
    populate(world)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # until whoever is started can hear it
    running = [start(world, die.randrange(2**30)) for _ in range(processes)]
    for _ in range(kills):
        time.sleep(die.uniform(0.02, 2 * PAUSE))
        victim = die.randrange(processes)
        os.kill(running[victim], signal.SIGKILL)
        os.waitpid(running[victim], 0)
        running[victim] = start(world, die.randrange(2**30))
    for pid in running:
        os.kill(pid, signal.SIGTERM)
    ended = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in running]
    world = World(world.url, world.wall, 0, 1)  # the end of the story
    failed = in_child(lambda: finish(world))
    found = judged(world)
    wrong = found["wrong"] + [f"a process ended with {code}" for code in [*ended, failed] if code]
    return {"processes": processes, "kills": kills, "seed": seed, **found, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:6]))))
