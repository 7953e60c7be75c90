"""A field of a form as inputs of a card, and what was filled into them as the texts that handlers read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from microsoft_teams.cards import CardElement, Choice, ChoiceSetInput, DateInput, TextInput, TimeInput

from bot.teams import texts
from handlers.fields import parts
from handlers.labels import YES_NO
from handlers.outgoing import Field

INPUT = "in:"  # before the id of a field, so that no field can be taken for something of ours
DAY, TIME = "|day", "|time"
LONGEST = 3000  # characters that an input takes
LONDON = "London time. Without a day it is the latest one that has passed."


def inputs(field: Field) -> Iterator[CardElement]:
    """The inputs of a field; their ids are the field's."""
    name, label = f"{INPUT}{field.id}", field.label or field.id
    missing = "This needs an answer." if field.required else None
    if field.kind == "time":
        day, time = parts(field.value)
        yield DateInput(id=f"{name}{DAY}", label=f"{label}: day", value=day)
        yield TimeInput(id=f"{name}{TIME}", label=f"{label}: time", value=time, is_required=field.required, error_message=missing)
    elif field.kind in {"choice", "yesno"}:
        pairs = field.options if field.kind == "choice" else YES_NO
        choices = [Choice(title=texts.shortened(said, texts.LINE), value=value) for value, said in pairs]
        chosen = field.value if field.value in dict(pairs) else None
        yield ChoiceSetInput(
            id=name, label=label, choices=choices, value=chosen, placeholder="Choose", is_required=field.required, error_message=missing
        )
    else:
        yield TextInput(
            id=name,
            label=label,
            value=texts.shortened(field.value, LONGEST) or None,
            is_multiline=field.kind == "long",
            max_length=LONGEST,
            placeholder="4 Mar 2012" if field.kind == "date" else None,
            is_required=field.required,
            error_message=missing,
        )
    hint = _hint(field)
    if hint:
        yield texts.line(hint, subtle=True, small=True).with_spacing("None")


def filled(data: Mapping[str, Any]) -> dict[str, str]:
    """Field id → text, from what a dialog sends back."""
    given = _given(data)
    return {name: value for name, value in given.items() if "|" not in name} | moments(data)


def moments(data: Mapping[str, Any]) -> dict[str, str]:
    """Field id → a day and a time as one text, of which either may be missing; only of those where something was given."""
    given = _given(data)
    names = dict.fromkeys(name.partition("|")[0] for name in given if name.endswith((DAY, TIME)))
    found = {name: [part for part in (given.get(f"{name}{DAY}"), given.get(f"{name}{TIME}")) if part] for name in names}
    return {name: "T".join(parts) for name, parts in found.items() if parts}


def _given(data: Mapping[str, Any]) -> dict[str, str]:
    return {key.removeprefix(INPUT): value.strip() for key, value in data.items() if key.startswith(INPUT) and isinstance(value, str)}


def _hint(field: Field) -> str:
    if field.kind != "time":
        return field.hint
    told = [part for part in field.hint.replace(". ", ".\n").split("\n") if not part.startswith(("Like ", "London time"))]
    return " ".join([LONDON, *told]).strip()
