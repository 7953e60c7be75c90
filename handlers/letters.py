"""A post as a letter, whoever carries it: to which addresses, and what stands below it."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.directory import Person
from handlers.outgoing import Body, plain

FOOT = (
    "You get this by e-mail because Homeward reaches you no other way at this moment. Nobody reads what is sent to this address: "
    "answer in chat, if you are there, or ring the person on duty."
)


def addresses(people: Iterable[Person]) -> list[str]:
    """Where these people read mail."""
    return [account.user for person in people for account in person.accounts if account.platform == "mail"]


def text(body: Body) -> str:
    """What the post says, as plain text."""
    return f"{plain(body)}\n\n{FOOT}\n"
