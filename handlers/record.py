"""Writing to the journal and reading it back: happenings with real times, payloads sealed by storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from handlers.desk import Actor, Desk
from policies.history import Happening
from storage import journal
from storage.journal import Entry, NewEntry

BOT = "homeward"
_AT, _ON = "@", "#"  # a moment and a day in a payload; texts that begin so are doubled


def write(
    desk: Desk, actor: Actor, kind: str, data: Mapping[str, Any], *, child: str | None, episode: str | None, at: datetime | None = None
) -> str:
    """Append one happening; `at` when it happened (now, when left out). Gives its id."""
    return journal.append(desk.session, desk.vault, _entry(desk, actor, kind, data, child, episode, at))


def write_first(desk: Desk, actor: Actor, told: Sequence[tuple[str, Mapping[str, Any]]], *, child: str, episode: str) -> list[Happening]:
    """Append the first happenings of an episode, (kind, data) of each; gives them as they will be read back."""
    entries = [_entry(desk, actor, kind, data, child, episode, None) for kind, data in told]
    ids = journal.append_all(desk.session, desk.vault, entries)
    return [happening(journal.as_read(entry, entry_id)) for entry, entry_id in zip(entries, ids, strict=True)]


def _entry(
    desk: Desk, actor: Actor, kind: str, data: Mapping[str, Any], child: str | None, episode: str | None, at: datetime | None
) -> NewEntry:
    return NewEntry(
        authority=actor.authority,
        kind=kind,
        at=at or desk.now,
        recorded_at=desk.now,
        actor=actor.id,
        on_behalf=actor.on_behalf,
        child_id=child,
        episode_id=episode,
        payload=packed(data),
    )


def by_itself(desk: Desk, authority: str, kind: str, data: Mapping[str, Any], *, child: str | None, episode: str | None) -> str:
    """Append what the bot did without anybody asking at that moment."""
    entry = NewEntry(authority, kind, desk.now, desk.now, BOT, child, episode, payload=packed(data))
    return journal.append(desk.session, desk.vault, entry)


def taken_out(desk: Desk, authority: str, by: str, data: Mapping[str, Any]) -> str:
    """That a command gave somebody a file or a figure: what, to whom, when."""
    entry = NewEntry(authority=authority, kind="shown", at=desk.now, recorded_at=desk.now, actor=by, payload=packed(data))
    return journal.append(desk.session, desk.vault, entry)


def happening(entry: Entry) -> Happening:
    """A journal entry as the policies read it."""
    data = {name: _unpacked(value) for name, value in entry.payload.items()}
    return Happening(entry.id, entry.kind, entry.at, entry.recorded_at, entry.actor, data)


def packed(data: Mapping[str, Any]) -> dict[str, Any]:
    """A payload as the journal keeps it: moments and days marked, so that they come back as what they were."""
    return {name: _packed(value) for name, value in data.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return _AT + value.isoformat()
    if isinstance(value, date):
        return _ON + value.isoformat()
    if isinstance(value, str) and value[:1] in (_AT, _ON):
        return value[0] + value
    if isinstance(value, Mapping):
        return {name: _packed(inner) for name, inner in value.items()}
    return [_packed(inner) for inner in value] if isinstance(value, list | tuple) else value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unpacked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_unpacked(inner) for inner in value]
    if not isinstance(value, str) or value[:1] not in (_AT, _ON):
        return value
    if value[1:2] == value[0]:
        return value[1:]
    return datetime.fromisoformat(value[1:]) if value[0] == _AT else date.fromisoformat(value[1:])
