"""homeward.yml followed while the bot serves: a change is in force without a restart; a file that cannot be used changes nothing."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import configuration
from bot.clockwork import Beat
from bot.configuration import Configuration
from bot.configuration.fields import is_file
from bot.configuration.rota import CalendarPart
from bot.errors import Unusable
from handlers.desk import Desks, Office
from handlers.errors import Refused
from handlers.verbs import configured
from policies.worktime import LONDON

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=5)


@dataclass
class Following:
    """The file, what of it is in force, and the state of the files when it was read last."""

    file: Path
    office: Office
    current: Configuration
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seen: str = ""

    def __post_init__(self) -> None:
        self.seen = self.seen or self._state()

    def beat(self, at: Desks) -> Beat:
        """How often it looks."""
        return Beat("people", EVERY, lambda: self.look(at))

    def look(self, at: Desks) -> bool:
        """Take what has changed, if anything has and it can be used; gives whether it did."""
        state = self._state()
        if state == self.seen:
            return False
        try:
            found = configuration.read(self.file)
            folder = self.file.absolute().parent
            directory, packs = configuration.directory(found, folder, self.clock()), configuration.packs(found, folder)
            with at() as desk:
                concerned = configured.accept(desk, directory)
        except (Unusable, Refused) as refused:
            self._refused(at, str(refused), state)
            return False
        if found.slack != self.current.slack:
            log.warning("homeward.yml: what is said of Slack's workspaces holds from the next start on")
        if found.graph != self.current.graph:
            log.warning("homeward.yml: what is said of Microsoft Graph holds from the next start on")
        self.office.extra.update(packs)
        self.office.directory, self.current, self.seen = directory, found, state
        log.info("homeward.yml: a change is in force, it concerns %s people", len(concerned))
        return True

    def _refused(self, at: Desks, sentence: str, state: str) -> None:
        self.seen = state
        log.error("homeward.yml was changed and cannot be used, so the one before stays in force: %s", sentence)
        with at() as desk:
            configured.refuse(desk, sentence, state[:16])

    def _state(self) -> str:
        """When the files were written, how long they are, and the day: a calendar is read a year ahead."""
        folder = self.file.absolute().parent
        beside = [line.file for line in self.current.rota if isinstance(line, CalendarPart)]
        beside += [a.pack for a in self.current.authorities if is_file(a.pack)]
        told = [
            self.clock().astimezone(LONDON).date().isoformat(),
            *(_written(path) for path in (self.file, *(folder / name for name in beside))),
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _written(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return f"{path} is not there"
    return f"{path} {found.st_ino} {found.st_mtime_ns} {found.st_size}"
