"""One process to a SQLite file: the second is told so in a sentence instead of waiting, or working beside the first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import Unusable


class Lock:
    """Held from `take` until `release`, or until the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let another process have the file."""
        os.close(self._descriptor)


@contextmanager
def held(database: Path | None, who: str) -> Iterator[None]:
    """While this runs a database file is ours; what is no file needs no lock. Raises Unusable as `take` does."""
    lock = take(database, who) if database else None
    try:
        yield
    finally:
        if lock:
            lock.release()


def take(database: Path, who: str) -> Lock:
    """Lock a database file through a small file beside it. Raises Unusable, naming `who` and the process that holds it."""
    beside = database.with_name(database.name + ".lock")
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unusable(f"{beside} cannot be written ({error.strerror}); choose a folder of your own with --database.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        sentence = f"Another {who} (process {holder}) already uses {database}, and a SQLite file is for one process"
        raise Unusable(f"{sentence}: end it, or use a file of your own; for several processes PostgreSQL is needed.") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return Lock(descriptor)
