"""Comparing an outcome with the `expect:` of its file; each difference is one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.simulate.outcome import zulu
from bot.simulate.scenario import Scenario, ScenarioError
from bot.simulate.shape import slips
from bot.simulate.values import moment
from policies import words

_OBLIGATION = frozenset(
    [
        "action",
        "rule",
        "clauses",
        "owner",
        "arises_at",
        "due",
        "status",
        "late",
        "completed_at",
        "episode",
        "nth",
        "chair",
        "attendees",
        "co_owners",
        "note",
    ]
)
_MESSAGE = frozenset(["kind", "action", "rule", "clauses", "to", "at", "by", "from", "where", "text", "episode", "times"])
_ABOUT_MESSAGES = frozenset(["kind", "to", "at", "by", "from", "where", "text"])
_KEYS = frozenset(["obligations", "messages", "absent", "refused", "episode", "budget"])
_AT_LEAST = frozenset({"clauses", "attendees", "co_owners"})
_MOMENTS = frozenset({"due", "arises_at", "completed_at", "missing_since", "found_at", "returned_at", "notified_at"})
_SILENT = frozenset({"card", "answer"})


def differences(scenario: Scenario, came: Mapping[str, Any]) -> list[str]:
    """Every expectation that does not hold."""
    expect = scenario.expect or {}
    for key in expect:
        if key not in _KEYS:
            raise ScenarioError(f"{scenario.file}: expect.{key} is not known{words.nearest(key, _KEYS)}")
    for slip in slips(expect, _readable):
        raise ScenarioError(f"{scenario.file}: {slip}")
    return [
        *_obligations(expect.get("obligations") or (), came, scenario),
        *_messages(expect.get("messages") or (), came, scenario),
        *_absent(expect.get("absent") or (), came, scenario),
        *_refused(expect.get("refused"), came),
        *_episode(expect.get("episode") or {}, came),
    ]


def _readable(key: str, value: Any) -> None:
    if key in _MOMENTS | {"at", "by", "from"} and value is not None:
        moment(value)


def _obligations(wanted: Any, came: Mapping[str, Any], scenario: Scenario) -> Iterator[str]:
    for entry in wanted:
        _known(entry, _OBLIGATION, scenario)
        if not any(_fits(entry, o, came) for o in came["obligations"]):
            near = [o for o in came["obligations"] if o["action"] == entry.get("action")]
            yield f"no obligation {_short(entry)}; there is {[_brief(o) for o in near] or 'none of that action'}"


def _brief(o: Mapping[str, Any]) -> str:
    return f"{o['action']} ({o['rule']}) owner {o['owner']} due {o['due']} {o['status']} {o['clauses']}"


def _short(entry: Mapping[str, Any]) -> str:
    return ", ".join(f"{k}: {v}" for k, v in entry.items())


def _known(entry: Mapping[str, Any], known: frozenset[str], scenario: Scenario) -> None:
    for key in entry:
        if key not in known:
            raise ScenarioError(f"{scenario.file}: '{key}' cannot be expected here{words.nearest(key, known)}")


def _fits(entry: Mapping[str, Any], o: Mapping[str, Any], came: Mapping[str, Any]) -> bool:
    return all(_same(key, value, o, came) for key, value in entry.items())


def _same(key: str, value: Any, o: Mapping[str, Any], came: Mapping[str, Any]) -> bool:
    if key == "episode":
        return bool(o["episode"] == _number(value, came))
    if key in _AT_LEAST:
        return set(value or ()) <= set(o[key])
    if key in _MOMENTS:
        return bool(o.get(key) == (zulu(moment(value)) if value is not None else None))
    if key == "note":
        return str(value) in str(o[key])
    return bool(o.get(key) == value)


def _number(value: Any, came: Mapping[str, Any]) -> Any:
    last = max((o["episode"] for o in came["obligations"]), default=1)
    return last - 1 if value == "previous" else value


def _messages(wanted: Any, came: Mapping[str, Any], scenario: Scenario) -> Iterator[str]:
    for entry in wanted:
        _known(entry, _MESSAGE, scenario)
        found = [m for m in came["messages"] if _is(entry, m, came)]
        times = entry.get("times")
        if (times is None and not found) or (times is not None and len(found) != times):
            near = [f"{m['kind']} to {','.join(m['to'])} at {m['at']}" for m in came["messages"] if m["action"] == entry.get("action")]
            yield f"{len(found)} messages {_short(entry)}; of that action there are {near[:8] or 'none'}"


def _is(entry: Mapping[str, Any], m: Mapping[str, Any], came: Mapping[str, Any]) -> bool:
    return all(_message_same(key, value, m, came) for key, value in entry.items() if key != "times")


def _message_same(key: str, value: Any, m: Mapping[str, Any], came: Mapping[str, Any]) -> bool:  # noqa: PLR0911 - a line a key
    match key:
        case "to":
            return bool(set(value if isinstance(value, list) else [value]) & set(m["to"]))
        case "at":
            return bool(m["at"] == zulu(moment(value)))
        case "by":
            return bool(m["at"] <= (zulu(moment(value)) or ""))
        case "from":
            return bool(m["at"] >= (zulu(moment(value)) or ""))
        case "text":
            return str(value) in m["text"]
        case "clauses":
            return set(value) <= set(m["clauses"])
        case "episode":
            return bool(m["episode"] == _number(value, came))
    return bool(m[key] == value)


def _absent(wanted: Any, came: Mapping[str, Any], scenario: Scenario) -> Iterator[str]:
    for entry in wanted:
        if set(entry) & _ABOUT_MESSAGES:
            _known(entry, _MESSAGE, scenario)
            told = [m for m in came["messages"] if _is(entry, m, came) and ("kind" in entry or m["kind"] not in _SILENT)]
            if told:
                one = told[0]
                yield f"there should be no message {_short(entry)}; there is one at {one['at']}: {one['kind']} {one['text'][:90]}"
        else:
            _known(entry, _OBLIGATION, scenario)
            owed = [o for o in came["obligations"] if _fits(entry, o, came) and (o["status"] != "void" or "status" in entry)]
            if owed:
                yield f"there should be no obligation {_short(entry)}; there is {_brief(owed[0])}"


def _refused(wanted: Any, came: Mapping[str, Any]) -> Iterator[str]:
    if wanted is None:
        return
    got = [r["step"] for r in came["refused"]]
    if sorted(got) != sorted(wanted):
        yield f"refused steps {wanted} expected; refused were {[(r['step'], r['reason']) for r in came['refused']]}"


def _episode(wanted: Mapping[str, Any], came: Mapping[str, Any]) -> Iterator[str]:
    for key, value in wanted.items():
        got = (came["episode"] or {}).get(key)
        if got != (zulu(moment(value)) if key in _MOMENTS and value is not None else value):
            yield f"episode.{key} should be {value}, is {got}"
