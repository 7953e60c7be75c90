"""The invented town of the training room: one authority, three rooms, one person for every role its protocol uses."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.access import group_of
from handlers.directory import Account, Authority, Directory, Holding, Person, Room
from policies import words
from policies.pack import Pack

PLATFORM = "sandbox"
AUTHORITY = "westbrook"
NAME = "Westbrook (training)"
PURPOSES = ("coordination", "partners", "management")
PLAYED = ("edt", "social_worker", "team_manager", "service_manager", "police", "health_representative", "school")  # whatever the pack says
NAMES = {
    "edt": "Dana Okoye",
    "social_worker": "Ines Marlow",
    "team_manager": "Tom Arkwell",
    "service_manager": "Priya Lund",
    "head_of_service": "Helen Brandt",
    "assistant_director": "Amir Castell",
    "director_childrens_services": "Ruth Vance",
    "la_missing_coordinator": "Mia Fenwick",
    "lead_manager_missing": "Mia Fenwick",
    "missing_lead_officer": "Mia Fenwick",
    "head_of_service_safeguarding": "Sana Whitlock",
    "police": "Sgt Ray Holm",
    "borough_commander": "Supt Nora Quill",
    "health_representative": "Dr Leo Adair",
    "school": "Fay Winter",
    "network_professionals": "Joss Tremain",
    "mash": "Bea Lindqvist",
    "mash_manager": "Omar Pryce",
    "care_leaver_practitioner": "Kit Sorrel",
    "duty_worker": "Noor Haddow",
    "senior_manager": "Greta Moss",
}
OTHERS = ("Alba", "Bram", "Cleo", "Drew", "Esme", "Finn", "Gwen", "Hugo", "Isla", "Joel", "Kara", "Lars", "Mona", "Nils", "Opal", "Piet")
ROOMS_OF = {
    "worker": ("coordination", "partners"),
    "manager": ("coordination", "partners", "management"),
    "coordinator": ("coordination", "partners", "management"),
    "senior": ("management",),  # the rest reaches them by direct message
    "partner": ("partners",),
}


def directory(pack: Pack, name: str) -> Directory:
    """Everybody there is, for the pack called `name`; the id of a person is their role."""
    rooms = tuple(Room(PLATFORM, purpose, purpose) for purpose in PURPOSES)
    return Directory((Authority(AUTHORITY, NAME, name, rooms),), tuple(_people(pack)))


def rooms_of(person: Person) -> tuple[str, ...]:
    """The rooms somebody is in."""
    return ROOMS_OF.get(group_of(person.id), ())


def title(person: Person) -> str:
    """What somebody is here: their role in words."""
    return words.label(person.id)


def _people(pack: Pack) -> Iterator[Person]:
    outside = set(pack.reached_through)
    roles = dict.fromkeys((*PLAYED, *(role for role in _roles(pack) if role not in outside)))
    spare = iter(OTHERS)
    for role in roles:
        name = NAMES.get(role) or f"{next(spare, 'Robin')} Vale"
        yield Person(role, name, words.agency_of(role), (Holding(role, AUTHORITY),), (Account(PLATFORM, role),))


def _roles(pack: Pack) -> Iterator[str]:
    """Every role that owes, hears, attends or is next up, in the order the pack first names it."""
    yield pack.coordinator
    for below, above in pack.managers.items():
        yield from (below, above)
    for duty in pack.duties:
        yield from (route.role for route in (*duty.owner, *duty.tell, *duty.attendees))
        yield from (chair.role for chair in duty.chair)
        yield from (*duty.co_owners, *(duty.escalate_to or ()))
    yield from (route.role for notice in pack.notices for route in notice.tell)
    yield from (route.role for threshold in pack.thresholds for route in threshold.tell)
