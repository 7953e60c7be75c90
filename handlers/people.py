"""What the verbs about people share: who may be named, how they are chosen in a form, how they are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from handlers import access
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.outgoing import Body
from policies import words
from storage import outbox
from storage.ids import new_id
from storage.outbox import Post


def of_authority(desk: Desk, authority: str) -> list[Person]:
    """Everybody with a role there by homeward.yml, by name; who is suspended or away is among them."""
    return sorted((p for p in desk.office.directory.people if p.held(authority, desk.today)), key=lambda p: (p.name, p.id))


def options(people: Iterable[Person], authority: str) -> tuple[tuple[str, str], ...]:
    """People as the options of a choice: name and title; of two who would read the same the id as well."""
    titles = {p: [words.label(h.role) for h in p.roles if h.authority == authority] for p in people}
    labels = {p.id: ", ".join((p.name, *dict.fromkeys(held[:2]))) for p, held in titles.items()}
    same = Counter(labels.values())
    return tuple((person, f"{label} ({person})" if same[label] > 1 else label) for person, label in labels.items())


def context(actor: Actor) -> tuple[tuple[str, str], ...]:
    """What a form about people brings back."""
    return (("nonce", new_id()), ("authority", actor.authority))


def known(desk: Desk, actor: Actor, person_id: str, field: str) -> Person:
    """Somebody of the actor's authority, as homeward.yml has them. Raises Refused with the nearest one."""
    people = {p.id: p for p in of_authority(desk, actor.authority)}
    if person_id not in people:
        near = words.nearest(person_id, people) or "."
        raise Refused(f"'{person_id[:40]}' is nobody with a role here{near}", field=field)
    return people[person_id]


def may_stand_in(person: Person, absent: Sequence[Person]) -> bool:
    """Whether somebody may do another's work: of the same agency, or both of the council."""
    return any(p.agency == person.agency or {p.agency, person.agency} <= access.COUNCIL for p in absent)


def tell(desk: Desk, authority: str, person: Person, headline: str, sentence: str) -> None:
    """A sentence to one person alone."""
    direct(desk, authority, person, Body(None, headline, lines=(sentence,), fallback="Homeward: there is a message for you"))


def direct(desk: Desk, authority: str, person: Person, body: Body, kind: str = "answer", key: str | None = None) -> bool:
    """Queue a post to one person alone; whether it was new, which one with a key of an earlier one is not."""
    post = Post(
        id=new_id(),
        authority=authority,
        kind=kind,
        place="direct",
        person=person.id,
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        key=key,
        urgent=body.urgent,
    )
    return outbox.queue(desk.session, post)
