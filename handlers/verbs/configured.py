"""What happens when homeward.yml changes: the office takes the new one, the journal says who came, went or changed roles."""

from __future__ import annotations

from handlers import alarms
from handlers.desk import Desk
from handlers.directory import Directory, Person
from handlers.errors import Refused
from storage import episodes, journal
from storage.journal import NewEntry

ACTOR = "homeward.yml"


def accept(desk: Desk, new: Directory) -> list[str]:
    """Write down what is different; gives the ids of the people concerned. Raises Refused for an authority that still has work."""
    known = {a.id for a in new.authorities}
    left = sorted(set(episodes.authorities_at_work(desk.session)) - known)
    if left:
        raise Refused(f"it no longer names {' and '.join(left)}, where episodes are open")
    old = desk.office.directory
    concerned: dict[str, None] = {}
    for authority in known:
        changed = {p: _roles(new, p, authority) for p in _everybody(old, new) if _roles(old, p, authority) != _roles(new, p, authority)}
        if changed:
            concerned |= dict.fromkeys(changed)
            payload = {"roles": {person: sorted(roles) for person, roles in changed.items()}}
            entry = NewEntry(authority, "configured", desk.now, desk.now, ACTOR, payload=payload)
            journal.append(desk.session, desk.vault, entry)
    return list(concerned)


def refuse(desk: Desk, sentence: str, fingerprint: str) -> None:
    """The file cannot be used: every management room hears it once, and the old one stays in force."""
    says = f"homeward.yml was changed and cannot be used, so the one before stays in force. {sentence}"
    for authority in desk.office.directory.authorities:
        alarms.raise_alarm(desk, authority.id, f"configuration:{authority.id}:{fingerprint}", says)


def _everybody(*directories: Directory) -> list[str]:
    return sorted({p.id for directory in directories for p in directory.people})


def _roles(directory: Directory, person_id: str, authority: str) -> frozenset[str]:
    person: Person | None = directory.person(person_id)
    held = [h for h in person.roles if h.authority == authority] if person else []
    return frozenset(f"{h.role}{f' of {h.team}' if h.team else ''} {h.since or ''}..{h.until or ''}" for h in held)
