"""Run as a process of its own: thousands of open episodes, three days in which nothing runs, and how long it takes to be up again.

python -m tests.delivery.outage DATABASE FOLDER CHILDREN  →  one line of JSON
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from handlers.cycles.catch_up import catch_up
from handlers.cycles.deliver import deliver
from handlers.cycles.digest import digest
from handlers.cycles.remind import remind
from handlers.cycles.watch import sweep
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk, Desks, Office
from handlers.directory import Directory
from handlers.frontdesk import hearing, submitting
from handlers.incoming import Said, Submitted
from handlers.outgoing import Form, row_text
from storage.db import reading, transaction
from storage.engines import open_database
from tests.delivery.kills import Databases
from tests.delivery.unkind import Unkind
from tests.fakes import AUTHORITY, KEYS, PLATFORM, town
from tests.moments import london

PACK = "triborough@2017-12-01"
AUTHORITIES = 10
START = london("2026-02-02 10:00")
OUTAGE = timedelta(days=3)
PAGE = 50  # children reported in one transaction


class Town:
    """Ten authorities with their own people and rooms, at a moment that only this moves."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, START
        self.office = Office(_directory(), KEYS)
        self.chat = Unkind(lambda: self.now, name=PLATFORM)
        self.under_way = UnderWay()

    @property
    def desks(self) -> Desks:
        @contextmanager
        def desk() -> Iterator[Desk]:
            with transaction(self.engine) as session:
                yield Desk(session, self.now, self.office)

        return desk

    def populate(self, children: int) -> None:
        """Children are reported; one in four is found two hours later."""
        references: list[str] = []
        for start in range(0, children, PAGE):
            with self.desks() as desk:
                references += [self._report(desk, n) for n in range(start, min(start + PAGE, children))]
        self.settled()
        self.now += timedelta(hours=2)
        for start in range(0, len(references), 4 * PAGE):
            with self.desks() as desk:
                for n in range(start, min(start + 4 * PAGE, len(references)), 4):
                    self._sent_in(desk, f"found {references[n]}", n % AUTHORITIES, {})
        self.settled()

    def _report(self, desk: Desk, n: int) -> str:
        answer = self._sent_in(desk, "report", n % AUTHORITIES, {"missing_since": "09:00", "case_reference": f"C{n}"})
        return str(answer.reference)

    def _sent_in(self, desk: Desk, typed: str, where: int, values: dict[str, str]) -> Any:
        by, authority = f"edt.{where}", f"{AUTHORITY}{where}"
        form = hearing.hear(Said(typed, by, authority), desk)
        assert isinstance(form, Form), form
        filled = {f.id: f.value for f in form.fields} | values
        return submitting.submit(Submitted(form.id, filled, by, dict(form.context), authority), desk)

    def settled(self) -> None:
        """Every cycle until nothing is left to do now."""
        while catch_up(self.desks) + remind(self.desks) + digest(self.desks) + self.send():
            pass

    def send(self) -> int:
        return deliver(self.desks, {PLATFORM: self.chat}, self.under_way, limit=500)


def _directory() -> Directory:
    one = town(PACK)
    authorities = []
    people = []
    for n in range(AUTHORITIES):
        rooms = tuple(replace(room, channel=f"{room.channel}.{n}") for room in one.authorities[0].rooms)
        authorities.append(replace(one.authorities[0], id=f"{AUTHORITY}{n}", rooms=rooms))
        for who in one.people:
            roles = tuple(replace(held, authority=f"{AUTHORITY}{n}") for held in who.roles)
            people.append(replace(who, id=f"{who.id}.{n}", roles=roles))
    return Directory(tuple(authorities), tuple(people))


def main(url: str, folder: Path, children: int) -> dict[str, Any]:
    """Three days in which nothing runs; then one process catches up."""
    engine = open_database(Databases(url, folder).fresh())
    place = Town(engine)
    place.populate(children)
    before = len(place.chat.seen)
    place.now += OUTAGE
    began, cpu, looked = time.perf_counter(), time.process_time(), 0
    while True:
        count = catch_up(place.desks)
        looked += count
        place.send()
        if not count:
            break
    place.settled()
    drained, cpu = time.perf_counter() - began, time.process_time() - cpu
    place.now += timedelta(minutes=11)  # what waited for the rest of its digest
    place.settled()
    found = judged(place, before)
    wrong = found["wrong"] + sweep(place.desks)
    engine.dispose()
    return {
        "episodes": children,
        "looked_at": looked,
        "seconds_to_drain": round(drained, 1),
        "cpu_seconds": round(cpu, 1),
        **found,
        "wrong": wrong,
    }


def judged(place: Town, before: int) -> dict[str, Any]:
    """What people saw after the outage: one post a child still missing, one digest a person, one line a management room."""
    came = place.chat.seen[before:]
    threads = Counter(m.parcel.body.reference for m in came if m.parcel.post.place == "thread")
    digests = Counter(m.channel for m in came if m.parcel.post.kind == "digest")
    lines = Counter(m.channel for m in came if m.parcel.post.kind == "alarm" and "was down from" in row_text(m.parcel.body.rows[0]))
    with reading(place.engine) as session:
        missing = set(session.scalars(sa.text("SELECT reference FROM episodes WHERE status = 'open'")))
        left = session.scalar(
            sa.text("SELECT count(*) FROM posts WHERE state NOT IN ('sent', 'superseded') AND send_after <= :now"), _now(place)
        )
    wrong = [f"{reference} has {count} posts" for reference, count in threads.items() if count > 1]
    wrong += [f"{len(missing - set(threads))} children still missing have no post"] if missing - set(threads) else []
    wrong += [f"{channel} has {count} digests" for channel, count in digests.items() if count > 2]  # at once, and for office hours
    wrong += [f"{channel} reads {count} lines about the outage" for channel, count in lines.items() if count != 1]
    wrong += [f"{left} posts are not out"] if left else []
    first = next((n for n, m in enumerate(came) if m.parcel.post.kind == "digest"), len(came))
    last = max((n for n, m in enumerate(came) if m.parcel.post.place == "thread"), default=0)
    wrong += ["a digest came before a child still missing"] if first < last else []
    busiest = max(Counter(m.channel for m in came).values(), default=0)
    return {
        "still_missing": len(missing),
        "posts": len(came),
        "digests": sum(digests.values()),
        "busiest_channel": busiest,  # and so many seconds at a platform that takes one a second
        "wrong": wrong[:10],
    }


def _now(place: Town) -> dict[str, datetime]:
    return {"now": place.now.replace(tzinfo=None)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
