"""What a played timeline came to, as the objects of `--json`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from bot.simulate.play import Played
from handlers.case import Case, look
from handlers.desk import Desk
from handlers.outgoing import Row, row_text, several
from handlers.ports import Parcel
from policies.obligations import Obligation
from storage import obligations as rows_of
from storage.episodes import EpisodeRow, of_child
from storage.obligations import ObligationRow


def outcome(played: Played) -> dict[str, Any]:
    """One object a file, as DESIGN section 12 fixes it."""
    scenario = played.scenario
    with played.stage.desks_at(scenario.until)() as desk:
        rows = [r for r in of_child(desk.session, played.child_id) if r.number > len(scenario.previous)]
        cases = [look(desk, row) for row in rows]
        owed = [entry for n, case in enumerate(cases, 1) for entry in _obligations(case, desk, n, scenario.until)]
        latest = _episode(rows[-1], cases[-1], desk, scenario.until) if rows else None
    numbers = {row.id: n for n, row in enumerate(rows, 1)}
    return {
        "file": scenario.file,
        "pack": cases[-1].pack.id if cases else scenario.pack,
        "episode": latest,
        "obligations": owed,
        "messages": _messages(played, numbers),
        "refused": [{"step": number, "reason": reason} for number, reason in played.refused],
    }


def zulu(moment: datetime | None) -> str | None:
    """A moment as `2026-02-01T21:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _episode(row: EpisodeRow, case: Case, desk: Desk, until: datetime) -> dict[str, Any]:
    derived = case.episode
    missing_from = case.derived(desk).reading.missing_from(derived)
    return {
        "status": row.status,
        "reference": row.reference,
        "category": row.category,
        "missing_since": zulu(missing_from or derived.missing_since),
        "found_at": zulu(derived.found_at),
        "returned_at": zulu(derived.returned_at),
        "risk_level": row.risk_level,
        "notified_at": zulu(row.notified_at),
        "as_of": zulu(until),
    }


def _obligations(case: Case, desk: Desk, number: int, until: datetime) -> list[dict[str, Any]]:
    derived = {o.key: o for o in case.derived(desk).obligations}
    stored = {(r.rule, r.nth): r for r in rows_of.of_episode(desk.session, case.row.id)}
    out = []
    for key, o in derived.items():
        if key in stored or (o.due is not None and o.due < until and case.episode.tracked):
            out.append(_entry(o, number, until))
    out += [_gone(case, row, number) for key, row in stored.items() if key not in derived]
    return sorted(out, key=lambda e: (e["arises_at"], e["due"] or "9", e["rule"]))


def _entry(o: Obligation, number: int, until: datetime) -> dict[str, Any]:
    return {
        "action": o.duty.action,
        "rule": o.duty.id,
        "clauses": list(o.duty.clauses),
        "owner": o.owner,
        "arises_at": zulu(o.arises_at),
        "due": zulu(o.due),
        "status": o.status,
        "late": o.late_at(until),
        "completed_at": zulu(o.completed_at),
        "episode": number,
        "nth": o.nth,
        "chair": o.chair,
        "attendees": list(o.attendees),
        "co_owners": list(o.duty.co_owners),
        "note": o.note or (o.duty.note or ""),
    }


def _gone(case: Case, row: ObligationRow, number: int) -> dict[str, Any]:
    """An obligation that nothing asks for any more stays listed, as void."""
    duty = next((d for d in case.pack.duties if d.id == row.rule), None)
    return {
        "action": row.action,
        "rule": row.rule,
        "clauses": list(duty.clauses) if duty else [],
        "owner": row.owner,
        "arises_at": zulu(row.arises_at),
        "due": zulu(row.due_at),
        "status": "void",
        "late": False,
        "completed_at": None,
        "episode": number,
        "nth": row.nth,
        "chair": None,
        "attendees": [],
        "co_owners": [],
        "note": "nothing asks for it any more",
    }


def _messages(played: Played, numbers: dict[str, int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    nobody = played.scenario.empty_roles
    for n, (at, parcel) in enumerate(played.stage.recorder.sent, 1):
        rows = parcel.body.rows if parcel.post.kind != "card" else (Row("card", parcel.body.headline, "card", ()),)
        if parcel.post.original == parcel.post.id:  # a copy for somebody else is the same ping
            found += [_message(at, parcel, row, n, numbers, nobody, first=row is rows[0]) for row in rows]
    offset = len(played.stage.recorder.sent)
    for n, (at, by, answer) in enumerate(played.answers, offset + 1):
        found.append(_answer(at, by, answer.text, n, len(numbers)))
    return sorted(found, key=lambda m: (m["at"], m["post"]))


def _message(
    at: datetime, parcel: Parcel, row: Row, post: int, numbers: dict[str, int], nobody: Collection[str], *, first: bool
) -> dict[str, Any]:
    lines = f" {' '.join(parcel.body.lines)}" if first and parcel.body.lines else ""
    return {
        "at": zulu(at),
        "kind": row.kind,
        "action": row.action,
        "rule": row.rule,
        "clauses": list(row.clauses),
        "to": [role for role in row.to if role not in nobody],
        "episode": numbers.get(parcel.post.episode_id or ""),
        "post": post,
        "where": parcel.post.place,
        "text": f"{parcel.body.headline}: {row_text(row, named=several(parcel.body))}{lines}"
        if row.kind != "card"
        else f"{parcel.body.headline}.{lines}",
    }


def _answer(at: datetime, by: str, text: str, post: int, episode: int) -> dict[str, Any]:
    return {
        "at": zulu(at),
        "kind": "answer",
        "action": None,
        "rule": None,
        "clauses": [],
        "to": [by],
        "episode": episode or None,
        "post": post,
        "where": "direct",
        "text": text,
    }
