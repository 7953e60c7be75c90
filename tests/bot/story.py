"""A story played without a page, in a process that can be killed: `story.py DATABASE COMMITS` dies at that many commits.

It goes on wherever the database says it was, and ends by printing every post that was sent.
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
from handlers.outgoing import Form, Submitted
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


if __name__ == "__main__":
    if len(sys.argv) > 2:
        die_at(int(sys.argv[2]))
    sys.stdout.write(json.dumps(play(Path(sys.argv[1]))))
