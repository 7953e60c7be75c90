"""Run as a process of its own: tells the story in children that are killed at one commit each, and checks what people saw.

python -m tests.delivery.kills DATABASE FOLDER [EVERY]  →  one line of JSON
"""

import json
import os
import re
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Engine

from storage import outbox
from storage.creating import upgrade
from storage.db import transaction
from storage.engines import open_database
from storage.ids import new_id
from tests.databases import opened
from tests.delivery.story import START, Story, office
from tests.delivery.wall import Wall

Side = Literal["before", "after"]
SIDES: tuple[Side, Side] = ("before", "after")


class Databases:
    """Fresh copies of a migrated database, of either kind."""

    def __init__(self, url: str, folder: Path) -> None:
        self.server, self.folder = url, folder
        self.template = self._named(new_id()) if self.shared else f"sqlite:///{folder / 'template.db'}"
        if self.shared:
            self._run(f'CREATE DATABASE "{sa.make_url(self.template).database}"')
        engine = open_database(self.template)
        upgrade(engine)
        engine.dispose()

    @property
    def shared(self) -> bool:
        return self.server.startswith("postgresql")

    def fresh(self) -> str:
        """The address of an empty database."""
        if self.shared:
            url = self._named(new_id())
            self._run(f'CREATE DATABASE "{sa.make_url(url).database}" TEMPLATE "{sa.make_url(self.template).database}" STRATEGY FILE_COPY')
            return url
        file = self.folder / f"{new_id()}.db"
        shutil.copy(self.folder / "template.db", file)
        return f"sqlite:///{file}"

    def _named(self, name: str) -> str:
        return sa.make_url(self.server).set(database=f"k_{name}").render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


def in_child(act: Callable[[], object]) -> int:
    """Do it in a forked process; gives its exit code, or minus the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the parent must hear of it
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def watched(engine: Engine, at: int | None, side: Side) -> list[int]:
    """Kill this process before or after its `at`-th commit of a change; gives their number, which grows."""
    commit, done, changed = engine.dialect.do_commit, [0], [False]

    def executed(_c: object, cursor: Any, statement: str, _p: object, context: Any, _m: object) -> None:
        writes = context.isinsert or context.isupdate or context.isdelete or statement.startswith(("INSERT", "UPDATE", "WITH"))
        changed[0] |= writes and cursor.rowcount != 0

    def do_commit(connection: Any) -> None:
        counts, changed[0] = changed[0], False
        done[0] += counts
        if counts and done[0] == at and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(connection)
        if counts and done[0] == at and side == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(engine, "after_cursor_execute", executed)
    engine.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]
    return done


def tell(url: str, wall: Path, at: int | None = None, side: Side = "before") -> int:
    """Tells the story, from wherever it stands, and ends; gives how often it committed a change."""
    engine = opened(url)
    with transaction(engine) as session:
        outbox.free_leases(session)
        if engine.dialect.name == "postgresql":  # leases run for two minutes of real time: the dead one's are over by decree
            session.execute(sa.text("UPDATE posts SET state = 'uncertain', lease_until = NULL WHERE lease_until IS NOT NULL"))
    done = watched(engine, at, side)
    Story(engine, {"recorded": Wall(wall, lambda: START)}, office(), wall.with_suffix(".moment")).play()
    engine.dispose()
    return done[0]


def seen(wall: Path) -> list[str]:
    """What people saw, without the names that differ from one telling to the next: each thread in its order, then all else."""
    threads: dict[str, list[str]] = {}
    for m in Wall(wall, lambda: START).messages():
        line = re.sub(r"HW-\w+", "HW", f"{m['kind']} {' | '.join(m['rows'])}")
        threads.setdefault(m["thread"] or m["reference"], []).append(line)
    return sorted(" → ".join(lines) for lines in threads.values())


def main(url: str, folder: Path, every: int = 1) -> dict[str, Any]:
    """Kill at every commit, or every so many, before it and after it."""
    databases, plain = Databases(url, folder), folder / "plain.jsonl"
    commits = tell(databases.fresh(), plain)  # here, so that those forked later have everything read, built and compiled
    expected = seen(plain)
    wrong: list[str] = []
    kills = 0
    for at in range(1, commits + 1, every):
        for side in SIDES:
            address, wall = databases.fresh(), folder / f"{at}-{side}.jsonl"
            if in_child(partial(tell, address, wall, at, side)) != -signal.SIGKILL:
                wrong.append(f"commit {at}: nobody was killed")
            kills += 1
            if in_child(partial(tell, address, wall)) != 0:
                wrong.append(f"{side} commit {at}: the next process failed")
            twice, found = Wall(wall, lambda: START).twice(), seen(wall)
            if twice or found != expected:
                difference = sorted(set(expected) ^ set(found)) or ["the order"]
                wrong.append(f"{side} commit {at}: {len(twice)} posts came twice, {len(found)} of {len(expected)}: {difference[:2]}")
    return {"commits": commits, "kills": kills, "messages": len(Wall(plain, lambda: START).messages()), "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)))
