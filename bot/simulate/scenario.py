"""Scenario files (DESIGN section 12): read strictly, times without an offset are Europe/London."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import yaml

from bot.simulate.shape import entries, keyed
from policies import words
from policies.worktime import LONDON

_KEYS = {"title", "pack", "clauses", "rules", "child", "previous", "timeline", "until", "expect", "empty_roles", "holders"}
_STEP_KEYS = {"at", "do", "by", "episode", "previous", "on_behalf", "note"}
STEPS: dict[str, frozenset[str]] = {
    "report": frozenset({"category", "missing_since", "risk_level", "facts", "absence_limit_at", "narrative"}),
    "found": frozenset({"found_at", "returned_at", "wellbeing", "wellbeing_established", "back_safe", "seen_by", "located_by"}),
    "acknowledge": frozenset({"action"}),
    "complete": frozenset({"action", "done_at", "told", "answers", "reason"}),
    "set": frozenset({"facts", "reason"}),
    "respond": frozenset({"meeting", "agency", "answer", "reason", "to"}),
    "reclassify": frozenset({"category", "since", "absence_limit_at", "reason"}),
    "correct": frozenset({"missing_since", "found_at", "returned_at", "reason"}),
    "note": frozenset({"text"}),
    "waive": frozenset({"action", "reason"}),
    "extend": frozenset({"action", "until", "reason"}),
    "void": frozenset({"reason"}),
    "close": frozenset({"reason"}),
    "schedule": frozenset({"meeting", "for", "chair", "reason"}),
    "meet": frozenset({"meeting", "held_at", "held", "reason"}),
    "cancel": frozenset({"meeting", "reason"}),
    "interview": frozenset({"step", "reason", "done_at", "interviewer"}),
    "decide": frozenset({"decision", "outcome", "reason"}),
    "undo": frozenset({"action", "reason"}),
}
_TIMES = frozenset(
    {
        "at",
        "missing_since",
        "found_at",
        "returned_at",
        "done_at",
        "absence_limit_at",
        "since",
        "until",
        "for",
        "held_at",
        "from",
        "to",
        "by",
    }
)


class ScenarioError(Exception):
    """The file is not a scenario; one sentence that names the place."""


class Lacking(Exception):
    """A step does not say something its verb needs."""


class Fields(dict[str, Any]):
    """What a step says; asked for what it does not say, it says so."""

    def __missing__(self, key: str) -> Any:
        raise Lacking(f"'{key}' is not given")


@dataclass(frozen=True)
class Step:
    """One line of the timeline, with real times."""

    number: int
    at: datetime
    do: str
    by: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Past:
    """One entry of `previous`."""

    category: str
    began: datetime
    ended: datetime
    facts: Mapping[str, Any]
    held: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True)
class Scenario:
    """A whole file."""

    file: str
    title: str
    pack: str
    child: Mapping[str, Any]
    previous: tuple[Past, ...]
    timeline: tuple[Step, ...]
    until: datetime
    expect: Mapping[str, Any] | None
    empty_roles: tuple[str, ...] = ()
    holders: Mapping[str, int] = field(default_factory=dict)


def read(path: Path) -> Scenario:
    """The scenario in a file. Raises ScenarioError."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path} cannot be read: {getattr(error, 'strerror', None) or ' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise ScenarioError(f"{path}: a scenario has title, pack, timeline and until")
    try:
        return _scenario(path, raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else str(error)
        raise ScenarioError(f"{path}: {said}") from None


def _scenario(path: Path, raw: dict[str, Any]) -> Scenario:
    _no_slip(raw, _KEYS, "a scenario")
    return Scenario(
        file=str(path),
        title=str(raw.get("title", path.stem)),
        pack=raw["pack"],
        child=facts(raw.get("child") or {}),
        previous=entries(raw, "previous", "earlier episode", _past),
        timeline=entries(raw, "timeline", "step", _step),
        until=moment(raw["until"]),
        expect=keyed(raw["expect"], "'expect'") if raw.get("expect") else None,
        empty_roles=_roles(raw.get("empty_roles") or []),
        holders=_holders(raw.get("holders") or {}),
    )


def _roles(raw: Any) -> tuple[str, ...]:
    wrong = next((role for role in raw if role not in words.roles()), None) if isinstance(raw, list) else raw
    if wrong is not None:
        raise ValueError(f"'empty_roles' is a list of roles, and '{wrong}' is none{words.nearest(str(wrong), words.roles())}")
    return tuple(raw)


def _holders(raw: Any) -> dict[str, int]:
    held = keyed(raw, "'holders'")
    _roles(list(held))
    for role, count in held.items():
        if not isinstance(count, int) or count < 1:
            raise ValueError(f"'holders' says how many people hold a role, and {role} has '{count}'; for nobody use 'empty_roles'")
    return held


def _no_slip(raw: Mapping[str, Any], known: Collection[str], of: str) -> None:
    """A key that looks like one of ours written wrong is refused; any other is somebody's remark and is passed over."""
    for key in raw:
        near = words.nearest(str(key), known)
        if key not in known and near:
            raise ValueError(f"'{key}' does not belong to {of}{near}")


def _step(number: int, raw: dict[str, Any]) -> Step:
    do = raw["do"]
    if do not in STEPS:
        raise ValueError(f"'{do}' is not a step{words.nearest(str(do), STEPS)}")
    known = STEPS[do] | _STEP_KEYS | (frozenset(words.facts()) if do in {"report", "found"} else frozenset())
    _no_slip(raw, known, do)
    by = str(raw.get("by") or "social_worker")
    if by not in words.roles():
        raise ValueError(f"'{by}' is not a role{words.nearest(by, words.roles())}")
    return Step(number, moment(raw["at"]), do, by, Fields((k, _value(k, v, do)) for k, v in raw.items() if k not in {"at", "do", "by"}))


def _value(key: str, value: Any, do: str) -> Any:
    if key == "facts":
        return facts(value or {})
    if value is None or (key == "to" and do == "respond"):
        return value
    if key in _TIMES:
        return moment(value)
    return facts({key: value})[key] if key in words.facts() else value


def _past(_number: int, raw: dict[str, Any]) -> Past:
    began, ended = moment(raw["from"]), moment(raw["to"])
    if ended < began:
        raise ValueError("it ended before it began")
    return Past(raw["category"], began, ended, facts(raw.get("facts") or {}), tuple(_held(h, ended) for h in _listed(raw.get("held"))))


def _listed(held: Any) -> list[Any]:
    if isinstance(held, dict):
        return [{"meeting": k, "held_at": v} for k, v in held.items()]
    return held if isinstance(held, list) else [held] if held else []


def _held(raw: Any, ended: datetime) -> tuple[str, datetime]:
    if isinstance(raw, str):
        return raw, ended
    at = raw.get("held_at") or raw.get("at")
    return str(raw.get("meeting") or raw.get("action")), moment(at) if at else ended


def facts(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with their own types: moments and days from text. Raises ValueError with the nearest known fact."""
    out = {}
    for name, value in keyed(raw, "facts").items():
        known = words.facts().get(name)
        if known is None:
            raise ValueError(f"'{name}' is not a fact this bot knows{words.nearest(name, words.facts())}")
        out[name] = moment(value) if known.type == "datetime" and value is not None else value
    return out


def moment(value: Any) -> datetime:
    """A moment in UTC; London's clocks when no offset is given, the first one in the repeated hour."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value}' is not a time; write 2026-02-01T22:15") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(0))
    if not isinstance(value, datetime):
        raise ValueError(f"'{value}' is not a time; write 2026-02-01T22:15")  # noqa: TRY004
    return (value if value.tzinfo else value.replace(tzinfo=LONDON)).astimezone(UTC)
