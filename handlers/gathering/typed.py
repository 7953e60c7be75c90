"""What people type about a meeting: its kind, who is invited, which agencies must come, and what was agreed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from handlers.checks import one_line, short_enough
from handlers.desk import Desk
from handlers.errors import Refused
from policies import words
from policies.when import NotATime, when

MOST = 30  # actions of one meeting
NOBODY = frozenset(
    {"", "-", "?", "n/a", "na", "tbc", "tba", "nobody", "no one", "noone", "none", "unknown", "not known", "somebody", "someone"}
)
_PARTS = re.compile(r"\s*(?:;|\t)\s*")
_COUNCIL = {"social care": "childrens_social_care", "council": "childrens_social_care", "edt": "edt_service", "mash": "mash_partnership"}


def kind_of(typed: str, kinds: Collection[str]) -> str | None:
    """The kind of meeting meant: by its id or name, else the first whose words contain what was typed."""
    plain = _plain(typed)
    if not plain:
        return None
    exact = next((kind for kind in kinds if plain in {_plain(kind), _plain(words.label(kind))}), None)
    return exact or next((kind for kind in kinds if f" {_plain(kind)} ".find(f" {plain}") >= 0), None)


def kind_and_time(typed: str, kinds: Collection[str], now: datetime) -> tuple[str | None, datetime | None]:
    """`strategy tomorrow 10:00`: as many words as name a kind, and a time in what follows."""
    parts = typed.split()
    for n in range(len(parts), 0, -1):
        kind = kind_of(" ".join(parts[:n]), kinds)
        if kind:
            return kind, _time(" ".join(parts[n:]), now)
    return None, _time(typed, now)


def _time(typed: str, now: datetime) -> datetime | None:
    try:
        return when(typed, now, ahead=True) if typed else None
    except NotATime:
        return None


def roles_in(typed: str, desk: Desk, field: str) -> tuple[str, ...]:
    """Roles and people, with commas between them: ids of roles, and `@id` of people. Raises Refused for anybody else."""
    return tuple(dict.fromkeys(_role(part, desk, field) for part in _listed(typed, field)))


def _role(part: str, desk: Desk, field: str) -> str:
    plain = _plain(part)
    role = next((r for r in words.roles() if plain in {_plain(r), _plain(words.label(r))}), None)
    if role:
        return role
    person = named(part, desk)
    if person:
        return f"@{person}"
    near = words.nearest(plain.replace(" ", "_"), words.roles()) or "."
    raise Refused(f"'{part[:40]}' is neither a role nor anybody known here{near} Name a role, or somebody of homeward.yml.", field=field)


def named(typed: str, desk: Desk) -> str | None:
    """The id of the person meant, by id or full name; None for somebody who is not known here."""
    plain = _plain(typed)
    return next((p.id for p in desk.directory.people if plain in {_plain(p.id), _plain(p.name)}), None)


def agencies_in(typed: str, field: str) -> tuple[str, ...]:
    """Agencies, with commas between them. Raises Refused for what is none."""
    return tuple(dict.fromkeys(an_agency(part, field) for part in _listed(typed, field)))


def an_agency(part: str, field: str) -> str:
    """One agency by its id or name, or that of a role."""
    plain, agencies = _plain(part), words.vocabulary()["agencies"]
    found = next((a for a in agencies if plain in {_plain(a), _plain(words.label(a))}), None) or _COUNCIL.get(plain)
    if found:
        return found
    role = next((r for r in words.roles() if plain in {_plain(r), _plain(words.label(r))}), None)
    if role:
        return words.agency_of(role) if words.agency_of(role) != "any_agency" else role
    raise Refused(f"'{part[:40]}' is not an agency here{words.nearest(plain.replace(' ', '_'), agencies) or '.'}", field=field)


def agreed_in(typed: str, desk: Desk, invited: Iterable[str], field: str) -> list[dict[str, object]]:
    """What was agreed, one a line: who; what; by when. Raises Refused that names the line."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise Refused(f"That is {len(lines)} actions; {MOST} is the most. Put the rest into the outcome.", field=field)
    return [_one(n, line, desk, tuple(invited), field) for n, line in enumerate(lines, 1)]


def _one(n: int, line: str, desk: Desk, invited: tuple[str, ...], field: str) -> dict[str, object]:
    parts = [part for part in _PARTS.split(line.strip()) if part]
    if len(parts) != 3:
        raise Refused(f"Line {n}: write who; what; by when, with semicolons, like 'police; check the phone; Fri 17:00'.", field=field)
    owner, what, by = parts
    try:
        due = when(by, desk.now, ahead=True)
    except NotATime as error:
        raise Refused(f"Line {n}: {error}", field=field) from None
    if due <= desk.now:
        raise Refused(f"Line {n}: '{by[:40]}' has passed. Give a time that is to come.", field=field)
    return {"owner": _owner(n, owner, desk, invited, field), "what": one_line(what, field), "due": due}


def _owner(n: int, typed: str, desk: Desk, invited: tuple[str, ...], field: str) -> str:
    """A role; for an agency the first of its roles that was invited, for a person the first role they hold."""
    plain = _plain(typed)
    role = next((r for r in words.roles() if plain in {_plain(r), _plain(words.label(r))}), None)
    if role:
        return role
    held = next((p.roles[0].role for p in desk.directory.people if p.id == named(typed, desk) and p.roles), None)
    try:
        agency = an_agency(typed, field) if held is None else ""
    except Refused:
        raise Refused(f"Line {n}: '{typed[:40]}' is no role, agency or person known here. Name who does it.", field=field) from None
    of_it = [r for r in (*invited, *sorted(words.roles())) if r in words.roles() and words.agency_of(r) == agency]
    found = held or next(iter(of_it), None)
    if found is None:
        raise Refused(f"Line {n}: nobody of '{typed[:40]}' can be asked. Name a role.", field=field)
    return found


def _listed(typed: str, field: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", short_enough(typed, field)) if part.strip()]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w@.]+", " ", text.lower().replace("_", " ")).split())
