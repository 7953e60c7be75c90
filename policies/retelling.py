"""What happened to a child, told as a scenario file that can be played again; free text stays behind. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import yaml

from policies.history import Happening
from policies.obligations import Obligation
from policies.worktime import LONDON, at_local

LEFT_OUT = "left out: free text is not saved"  # where a step needs a reason
AUTOMATIC = frozenset({"duplicate_report_append"})  # recorded by the bot itself while it does something else
Step = dict[str, Any]
Told = Sequence[tuple[str, Happening]]  # role, happening


def retold(title: str, pack: str, born: date | None, episodes: Sequence[Told], until: datetime, owed: Iterable[Obligation]) -> str:
    """The text of the file. `episodes`: what happened in each, in its order; `owed`: what is expected at the end, of the last one."""
    past = [found for told in episodes if (found := _past(told))]
    tracked = [told for told in episodes if not _past(told)]
    steps = sorted((step for n, told in enumerate(tracked, 1) for step in _steps(told, n, len(tracked))), key=lambda s: s[0])
    lines = [_mapping({"title": title, "pack": pack, "child": {"date_of_birth": born} if born else {}})]
    lines += ["previous:", *(f"  - {_flow(entry)}" for entry in past)] if past else []
    lines += ["timeline:", *(f"  - {_flow(step)}" for _, step in steps), f"until: {_flow(_plain(until))}"]
    expected = [_expected(o, len(tracked)) for o in owed if o.arises_at <= until]
    lines += ["expect:", "  obligations:", *(f"    - {_flow(entry)}" for entry in expected), "  refused: []"] if expected else []
    return "\n".join(lines) + "\n"


def _mapping(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}: {_flow(_plain(value))}" for name, value in values.items())


def _flow(value: Any) -> str:
    """In one line; texts that look like something else are quoted."""
    said: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1000)
    return said.removesuffix("\n").removesuffix("\n...").strip()


def _plain(value: Any) -> Any:
    """Moments as London's clocks show them, where that is one moment."""
    if isinstance(value, datetime):
        local = value.astimezone(LONDON)
        clear = not local.second and at_local(local.date(), local.time().replace(tzinfo=None)) == value
        return f"{local:%Y-%m-%dT%H:%M}" if clear else value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _past(told: Told) -> Step | None:
    """An episode from before the bot, or None when the bot followed it."""
    by_kind = {happening.kind: happening for _, happening in told}
    if "imported" not in by_kind:
        return None
    began = by_kind["imported"].data
    entry = {"category": began["category"], "from": began["missing_since"], "to": by_kind["found"].data["found_at"]}
    held = [{"meeting": h.data["action"], "held_at": h.data["done_at"]} for _, h in told if h.kind == "held"]
    facts = began.get("facts") or {}
    found: Step = _plain({**entry, **({"facts": facts} if facts else {}), **({"held": held} if held else {})})
    return found


def _steps(told: Told, number: int, many: int) -> Iterator[tuple[datetime, Step]]:
    for role, happening in told:
        tell = _TOLD.get(happening.kind)
        if tell is None or happening.data.get("action") in AUTOMATIC:
            continue
        do, fields = tell(happening.data)
        kept = {name: value for name, value in fields.items() if value not in (None, "", {}) or name in _NULLS}
        which = {"episode": number} if many > 1 and do != "report" else {}
        yield happening.recorded_at, _plain({"at": happening.recorded_at, "do": do, **kept, **which, "by": role})


_NULLS = frozenset({"found_at"})  # in a correction, nothing is something: not found after all


def _expected(o: Obligation, many: int) -> Step:
    known = {"rule": o.duty.id, "nth": o.nth, "action": o.duty.action, "owner": o.owner, "due": o.due, "status": o.status}
    found: Step = _plain({**known, **({"episode": many} if many > 1 else {})})
    return found


Data = Mapping[str, Any]


def _reported(data: Data) -> tuple[str, Step]:
    facts = {name: value for name, value in (data.get("facts") or {}).items() if name != "date_of_birth"}
    return "report", {"category": data["category"], "missing_since": data.get("missing_since"), "facts": facts}


def _noted(data: Data) -> tuple[str, Step]:
    """A second report of a child who is being looked for is kept as a note."""
    return _reported(data) if data.get("category") else ("note", {"text": LEFT_OUT})


def _found(data: Data) -> tuple[str, Step]:
    times = {name: data.get(name) for name in ("found_at", "returned_at", "back_safe")}
    known = {"wellbeing": data.get("wellbeing_established")}
    return "found", {name: value for name, value in {**times, **known}.items() if value is not None}


def _corrected(data: Data) -> tuple[str, Step]:
    return "correct", {name: data[name] for name in ("missing_since", "found_at", "returned_at") if name in data} | {"reason": LEFT_OUT}


def _only(do: str, *names: str, reason: bool = False, **renamed: str) -> Callable[[Data], tuple[str, Step]]:
    """A step with these fields, some of them under another name in the journal."""

    def tell(data: Data) -> tuple[str, Step]:
        fields = {name: data.get(name) for name in names} | {name: data.get(kept) for name, kept in renamed.items()}
        return do, {name: value for name, value in fields.items() if value is not None} | ({"reason": LEFT_OUT} if reason else {})

    return tell


_TOLD: dict[str, Callable[[Data], tuple[str, Step]]] = {
    "reported": _reported,
    "noted": _noted,
    "found": _found,
    "corrected": _corrected,
    "set": _only("set", "facts"),
    "reclassified": _only("reclassify", "category", "since", "absence_limit_at"),
    "acknowledged": _only("acknowledge", "action"),
    "completed": _only("complete", "action", "done_at", "told"),
    "waived": _only("waive", "action", reason=True),
    "extended": _only("extend", "action", "until", reason=True),
    "scheduled": _only("schedule", "for", "chair", meeting="action"),
    "held": _only("meet", meeting="action", held_at="done_at"),
    "not_held": lambda data: ("meet", {"meeting": data["action"], "held": False, "reason": LEFT_OUT}),
    "cancelled": _only("cancel", meeting="action", reason=True),
    "responded": _only("respond", "agency", "answer", "to", meeting="action", reason=True),
    "interviewed": _only("interview", "step", "done_at", "interviewer", reason=True),
    "decided": _only("decide", "outcome", decision="action", reason=True),
    "undone": _only("undo", action="what", reason=True),
    "voided": _only("void", reason=True),
    "closed": _only("close"),
}
