"""A story played without a page, in processes that are killed: `story.py FOLDER COMMITS…` is one that forks them.

Each dies at that many commits, and the next goes on wherever the database says it was. Prints every post that was sent in a
story nobody disturbed, and in the one that was cut off so often.
"""

import json
import os
import re
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.sandbox import files, town
from bot.sandbox.training import Training
from handlers.incoming import Submitted
from handlers.outgoing import Form
from storage import rooms
from storage.outbox import Post

START = datetime(2026, 2, 6, 22, 15, tzinfo=UTC)
STEP, END = timedelta(hours=6), START + timedelta(days=6)


def play(database: Path) -> list[list[str]]:
    """Report once, then step to the end."""
    training = Training(files.open_files(database, START))
    training.catch_up()
    if not sent(training):
        report(training)
    while training.moment < END:
        training.move_to(min(training.moment + STEP, END))
    posts = sent(training)
    training.engine.dispose()
    return posts


def report(training: Training) -> None:
    form = training.hear("report", "edt")
    assert isinstance(form, Form)
    values = {field.id: field.value for field in form.fields} | {"missing_since": "21:30"}
    training.submit(Submitted("report", values, "edt", dict(form.context), town.AUTHORITY))


def sent(training: Training) -> list[list[str]]:
    """Every post: when it went out, what it is, to whom, what it says first."""
    with training.look() as session:
        posts = rooms.between(session, START - STEP, END, 10_000)
    return sorted([str(p.sent_at), p.kind, p.place, str(p.person), says(p)] for p in posts)


def says(post: Post) -> str:
    """What a post says, under a reference that is the same in every run."""
    return re.sub(r"HW-[0-9A-Z]+", "HW-1", ", ".join(row["says"] for row in post.body["rows"]))


def die_at(commits: int) -> None:
    """Count commits of every engine, and end at the last one as a power cut would: half the time before it, half after."""
    left = [commits]

    def count(connection: Any) -> None:
        left[0] -= 1
        if left[0] <= 0:
            if commits % 2:
                connection.connection.driver_connection.commit()
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "commit", count)


def told(database: Path, commits: int = 0) -> list[list[str]] | None:
    """The posts at the end, as a process of its own left them; None when it was killed on the way."""
    end, ours = os.pipe()
    pid = os.fork()
    if pid == 0:
        if commits:
            die_at(commits)
        os.write(ours, json.dumps(play(database)).encode())
        os._exit(0)
    os.close(ours)
    with os.fdopen(end) as said:
        text = said.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code == -signal.SIGKILL:
        return None
    posts: list[list[str]] = json.loads(text)
    return posts


if __name__ == "__main__":
    whole, cut = (Path(sys.argv[1]) / name for name in ("whole.sqlite", "cut.sqlite"))
    posts = told(whole)
    survived = [commits for commits in map(int, sys.argv[2:]) if told(cut, commits) is not None]
    sys.stdout.write(json.dumps({"whole": posts, "survived": survived, "cut": told(cut)}))
