"""What a form sent in means: texts become a command; a text that cannot be is Refused, naming its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from handlers.desk import Desk
from handlers.errors import Refused
from handlers.incoming import Pressed, Submitted
from policies import words
from policies.when import NotATime, born, when

YES = {"yes": True, "no": False}


def whole(text: str) -> str:
    """The text without what no database and no other phone can take: half characters, and the character nought."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def whole_press(pressed: Pressed) -> Pressed:
    """A press whose every part a database can take."""
    parts = {name: whole(value) for name, value in vars(pressed).items() if isinstance(value, str)}
    return replace(pressed, **parts)  # type: ignore[arg-type]


def whole_form(submitted: Submitted) -> Submitted:
    """The same of a form sent in: its name, what was typed, and what came back with it."""
    values = {whole(name): whole(str(value or "")) for name, value in submitted.values.items()}
    context = {whole(name): whole(value) for name, value in submitted.context.items()}
    return replace(submitted, form=whole(submitted.form), values=values, context=context)


class Values:
    """The typed values of one form, read as what they are for."""

    def __init__(self, values: Mapping[str, str], desk: Desk) -> None:
        self._values, self._desk = values, desk

    def text(self, name: str) -> str:
        """A text, stripped."""
        return str(self._values.get(name) or "").strip()

    def needed(self, name: str) -> str:
        """A text that must be there."""
        found = self.text(name)
        if not found:
            raise Refused("This needs an answer.", field=name)
        return found

    def yes(self, name: str) -> bool | None:
        """Yes, no, or None for not known."""
        return YES.get(self.text(name).lower())

    def needed_time(self, name: str) -> datetime | None:
        """A moment that must be given."""
        self.needed(name)
        return self.time(name)

    def time(self, name: str, *, ahead: bool = False) -> datetime | None:
        """A moment, None when left empty."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            return when(typed, self._desk.now, ahead=ahead)
        except NotATime as error:
            raise Refused(str(error), field=name) from None

    def birth(self, name: str) -> date | None:
        """A birth date, None when left empty."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            return born(typed)
        except NotATime as error:
            raise Refused(str(error), field=name) from None

    def named(self, prefix: str) -> list[str]:
        """Names of the values that begin so."""
        return [name for name in self._values if name.startswith(prefix)]

    def facts(self) -> dict[str, Any]:
        """Yes/no facts of the vocabulary that the form asked."""
        known = words.facts()
        asked = {n: self.yes(n) for n in self._values if n in known and known[n].type == "bool"}
        return {name: value for name, value in asked.items() if value is not None}

    def checks(self) -> dict[str, str]:
        """Answers to the intake checks, which never stop anything."""
        return {n.removeprefix("check:"): self.text(n) for n in self._values if n.startswith("check:") and self.text(n)}
