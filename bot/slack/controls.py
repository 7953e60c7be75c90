"""A field of a form as input blocks, and what was filled into them as the texts that handlers read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    OptionGroup,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    TimePickerElement,
)

from bot.slack import texts
from handlers.echo import AHEAD
from handlers.fields import parts
from handlers.labels import YES_NO
from handlers.outgoing import Field

VALUE, ECHO = "value", "echo"
DAY, TIME = "|day", "|time"
LONGEST = 3000  # characters that an input takes
MOST_OPTIONS = 100
HINT = 2000
LONDON = "Europe/London"
WITHOUT_A_DAY = "London time. Without a day it is the latest one that has passed."
WITHOUT_A_DAY_AHEAD = "London time. Without a day it is the next one to come."


def inputs(field: Field) -> Iterator[Block]:
    """The blocks of a field; their ids are the field's, so that an answer or an error finds it."""
    if field.kind == "time":
        yield from _moment(field)
        return
    yield InputBlock(
        block_id=field.id,
        label=texts.plain(_label(field), HINT),
        element=_element(field),
        hint=texts.plain(field.hint, HINT) if field.hint else None,
        optional=not field.required,
    )


def filled(state: Mapping[str, Any]) -> dict[str, str]:
    """Field id → text, from the state of a view. A day and a time become one text; either may be missing."""
    values: dict[str, str] = {}
    moments: dict[str, dict[str, str]] = {}
    for block, elements in state.items():
        field, _, part = block.partition("|")
        text = next((_text(element) for element in elements.values()), "")
        if part:
            moments.setdefault(field, {})[part] = text
        else:
            values[field] = text
    for field, given in moments.items():
        values[field] = "T".join(part for part in (given.get("day"), given.get("time")) if part)
    return values


def block_of(field: str, present: Sequence[str]) -> str | None:
    """The block of a view that an error about a field is shown at."""
    return next((block for block in (field, f"{field}{TIME}") if block in present), None)


def _text(element: Mapping[str, Any]) -> str:
    chosen = element.get("selected_option")
    found = chosen.get("value") if chosen else None
    return str(found or element.get("value") or element.get("selected_date") or element.get("selected_time") or "")


def _label(field: Field) -> str:
    return field.label or field.id


def _moment(field: Field) -> Iterator[Block]:
    """Two pickers: a picker of both would speak of the time zone of whoever picks."""
    day, time = parts(field.value)
    hint = " ".join(part for part in field.hint.replace(". ", ".\n").split("\n") if not part.startswith(("Like ", "London time")))
    label = _label(field)
    yield InputBlock(
        block_id=f"{field.id}{DAY}",
        label=texts.plain(f"{label}: day", HINT),
        element=DatePickerElement(action_id=ECHO, initial_date=day),
        optional=True,
        dispatch_action=True,
    )
    yield InputBlock(
        block_id=f"{field.id}{TIME}",
        label=texts.plain(f"{label}: time", HINT),
        element=TimePickerElement(action_id=ECHO, initial_time=time, timezone=LONDON),
        hint=texts.plain(f"{WITHOUT_A_DAY_AHEAD if field.id in AHEAD else WITHOUT_A_DAY} {hint}".strip(), HINT),
        optional=not field.required,
        dispatch_action=True,
    )


def _element(field: Field) -> InputInteractiveElement:
    match field.kind:
        case "choice":
            return _select(field.options, field.value)
        case "yesno":
            options = [_option(value, label) for value, label in YES_NO]
            chosen = next((o for o in options if o.value == field.value), None)
            return RadioButtonsElement(action_id=VALUE, options=options, initial_option=chosen)
    return PlainTextInputElement(
        action_id=VALUE,
        initial_value=texts.shortened(field.value, LONGEST) or None,
        multiline=field.kind == "long",
        max_length=LONGEST,
        placeholder=texts.plain("4 Mar 2012", 150) if field.kind == "date" else None,
    )


def _select(pairs: Sequence[tuple[str, str]], value: str) -> StaticSelectElement:
    options = [_option(key, label) for key, label in pairs]
    chosen = next((o for o in options if o.value == value), None)
    placeholder = texts.plain("Choose", 150)
    if len(options) <= MOST_OPTIONS:
        some = options or [_option("none", "Nothing to choose")]
        return StaticSelectElement(action_id=VALUE, options=some, initial_option=chosen, placeholder=placeholder)
    groups = [_group(options[n : n + MOST_OPTIONS]) for n in range(0, len(options), MOST_OPTIONS)]
    return StaticSelectElement(action_id=VALUE, option_groups=groups, initial_option=chosen, placeholder=placeholder)


def _group(options: Sequence[Option]) -> OptionGroup:
    first, last = str(options[0].label), str(options[-1].label)
    return OptionGroup(label=texts.plain(f"{first[:30]} to {last[:30]}", texts.LABEL), options=list(options))


def _option(value: str, label: str) -> Option:
    return Option(value=value, label=texts.shortened(label, texts.LABEL), text=texts.plain(label, texts.LABEL))
