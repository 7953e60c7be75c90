"""Who is in a room, and whose notifications are off: read where the scope is granted, remembered for some minutes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError

from bot.slack import errors
from bot.slack.workspaces import Workspace

log = logging.getLogger(__name__)
KEPT = 600.0  # seconds
PAGE = 1000


@dataclass
class Presence:
    """What Slack says of people. What cannot be read is taken to be well: a post goes out rather than not."""

    clock: Callable[[], float] = time.monotonic
    _members: dict[tuple[str, str], tuple[float, frozenset[str] | None]] = field(default_factory=dict)
    _quiet: dict[tuple[str, str], tuple[float, tuple[float, float] | None]] = field(default_factory=dict)

    def outside(self, workspace: Workspace, channel: str, users: Iterable[str]) -> frozenset[str]:
        """Which of them are no members; nobody when nobody can say."""
        key = (workspace.team, channel)
        at, members = self._members.get(key, (-KEPT, None))
        if self.clock() - at >= KEPT:
            members = self._read_members(workspace, channel)
            self._members[key] = (self.clock(), members)
        return frozenset() if members is None else frozenset(users) - members

    def changed(self, team: str, channel: str) -> None:
        """Somebody came or went."""
        self._members.pop((team, channel), None)

    def silent_until(self, workspace: Workspace, user: str, now: float) -> float | None:
        """Until when the person's notifications are off, if they are off now; both in seconds of the epoch."""
        key = (workspace.team, user)
        at, quiet = self._quiet.get(key, (-KEPT, None))
        if self.clock() - at >= KEPT:
            quiet = self._read_quiet(workspace, user)
            self._quiet[key] = (self.clock(), quiet)
        return quiet[1] if quiet and quiet[0] <= now < quiet[1] else None

    def _read_members(self, workspace: Workspace, channel: str) -> frozenset[str] | None:
        found: set[str] = set()
        cursor = ""
        try:
            while True:
                answer = workspace.client.api_call("conversations.members", data={"channel": channel, "limit": PAGE, "cursor": cursor})
                found.update(answer.get("members", ()))
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    return frozenset(found)
        except (SlackApiError, OSError, ValueError) as error:
            log.info("members of a room could not be read: %s", errors.code(error) or type(error).__name__)
            return None

    def _read_quiet(self, workspace: Workspace, user: str) -> tuple[float, float] | None:
        try:
            answer = workspace.client.api_call("dnd.info", data={"user": user})
        except (SlackApiError, OSError, ValueError) as error:
            log.info("do-not-disturb could not be read: %s", errors.code(error) or type(error).__name__)
            return None
        if answer.get("snooze_enabled") and answer.get("snooze_endtime"):
            return 0.0, float(answer["snooze_endtime"])
        if not answer.get("dnd_enabled"):
            return None
        return float(answer.get("next_dnd_start_ts", 0)), float(answer.get("next_dnd_end_ts", 0))
