"""A platform that outlives every process: a file that is only ever added to, one line a message."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from handlers.errors import Elsewhere, Later, Uncertain
from handlers.outgoing import Sent, row_text
from handlers.ports import Parcel

Line = dict[str, Any]


@dataclass
class Wall:
    """Meets the port. A line is written in one call, so that whoever is killed has written it or has not."""

    path: Path
    clock: Callable[[], datetime]
    die: Random | None = None  # with one, a third of all calls goes wrong in some way
    written: int = 0

    def send(self, parcel: Parcel) -> Sent:
        if parcel.post.place == "thread" and parcel.body.mentions and parcel.room and parcel.room.purpose == "partners":
            raise Elsewhere  # nobody of them is in it
        mood = self.die.choice(("kind", "kind", "kind", "kind", "dropped", "lost", "busy")) if self.die else "kind"
        if mood == "busy":
            raise Later(1)
        if mood == "lost":
            raise Uncertain
        self.written += 1
        reference = f"{os.getpid()}-{self.written}"
        rows = [row_text(row) for row in parcel.body.rows] if parcel.post.kind != "card" else []
        self._add({"new": parcel.post.id, "reference": reference, "thread": parcel.thread, "kind": parcel.post.kind, "rows": rows})
        if mood == "dropped":
            raise Uncertain
        return Sent(reference, self.clock(), parcel.room.channel if parcel.room else None)

    def update(self, parcel: Parcel) -> Sent:
        self._add({"edit": parcel.post.reference, "edition": parcel.post.edition})
        return Sent(parcel.post.reference or "", self.clock())

    def look_up(self, parcel: Parcel) -> Sent | None:
        if self.die and self.die.random() < 0.2:
            raise Uncertain
        found = next((line for line in self.lines() if line.get("new") == parcel.post.id), None)
        return Sent(found["reference"], self.clock(), parcel.room.channel if parcel.room else None) if found else None

    def _add(self, line: Line) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(descriptor, json.dumps(line).encode() + b"\n")
        os.close(descriptor)

    def lines(self) -> Iterator[Line]:
        """Everything written so far, in order."""
        if self.path.exists():
            yield from map(json.loads, self.path.read_text(encoding="utf-8").splitlines())

    def messages(self) -> list[Line]:
        """The messages, in the order they came."""
        return [line for line in self.lines() if "new" in line]

    def twice(self) -> list[str]:
        """Posts that came more than once."""
        return [post for post, count in Counter(line["new"] for line in self.messages()).items() if count > 1]


QUICK = timedelta(milliseconds=1)
