"""A scenario file, read strictly (DESIGN section 12): what looks like a slip of the pen is refused with its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot.simulate.scenario import Fields, Past, Scenario, ScenarioError, Step
from bot.simulate.shape import entries, keyed
from bot.simulate.values import facts, moment, value_of
from policies import words

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
    return Step(number, moment(raw["at"]), do, by, Fields((k, value_of(k, v, do)) for k, v in raw.items() if k not in {"at", "do", "by"}))


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
