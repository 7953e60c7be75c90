"""A form as a dialog: native fields, one sentence at each that cannot stand, and what was typed stays typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from nicegui.element import Element

from bot.sandbox.components import DialogElement, FormElement, Press, TimeElement
from bot.sandbox.elements import block, button, text
from bot.sandbox.training import NOBODY_IS_TOLD
from handlers.echo import understood
from handlers.labels import YES_NO
from handlers.outgoing import Field, Form

MANY = 5  # options; more are folded away in a list
Send = Callable[[Form, dict[str, str]], Awaitable[bool]]


class FormDialog:
    """An open form. `send` gets what was filled in, `leave` is called when the person gives up; `now` is the training clock."""

    def __init__(self, form: Form, send: Send, leave: Press, now: Callable[[], datetime]) -> None:
        self.form, self._now = form, now
        self._controls: dict[str, list[Element]] = {}
        self._errors: dict[str, Any] = {}
        with DialogElement("form-title", leave), FormElement(lambda values: send(form, values)):
            with block("header"):
                text("h2", form.title, id="form-title")
                button("✕", leave, "quiet", aria_label="Close the form")
            with block("div", "fields"):
                if form.note:
                    text("p", form.note, "note")
                self._top = text("p", "", "error", role="alert")
                for field in form.fields:
                    self._field(field)
            with block("p", "buttons"):
                text("button", form.submit, "primary", type="submit")
                button("Cancel", leave)
                text("span", NOBODY_IS_TOLD, "reminder")

    @property
    def fields(self) -> list[str]:
        """Ids of its fields."""
        return [field.id for field in self.form.fields]

    def show(self, errors: Mapping[str, str]) -> None:
        """Say what cannot stand; a sentence about no field of the form stands at its top."""
        self._top.text = " ".join(sentence for name, sentence in errors.items() if name not in self._errors)
        for name, element in self._errors.items():
            element.text = errors.get(name, "")
            for control in self._controls[name]:
                if isinstance(control, TimeElement):
                    control.props["wrong"] = name in errors
                else:
                    control.props["aria-invalid"] = "true" if name in errors else "false"

    def _field(self, field: Field) -> None:
        many = field.kind == "yesno" or (field.kind == "choice" and len(field.options) <= MANY)
        name, described = f"field-{field.id}", f"about-{field.id}"
        with block("fieldset" if many else "div", f"field {field.kind}"):
            label = f"{field.label} (needed)" if field.required else field.label
            text("legend" if many else "label", label, **({} if many else {"for_": name}))
            if field.hint:
                text("p", field.hint, "hint", id=f"{described}-hint")
            hint = f"{described}-hint {described}" if field.hint else described
            shared = {"aria_describedby": hint, "aria_required": "true" if field.required else None}
            self._controls[field.id] = _radios(field, shared) if many else [self._control(field, name, shared)]
            self._errors[field.id] = text("p", "", "error", id=described, role="alert")

    def _control(self, field: Field, name: str, shared: dict[str, Any]) -> Element:
        if field.kind == "time":
            meant = _as_typed(field.value)
            echo = shared["aria_describedby"]
            return TimeElement(name, field.id, meant, echo, lambda typed: self._understood(typed, field.id), needed=field.required)
        return _control(field, {"id": name, "name": field.id, **shared})

    def _understood(self, typed: str, field: str) -> str:
        return understood(typed.strip(), field, self._now()) if typed.strip() else ""


def _control(field: Field, shared: dict[str, Any]) -> Element:
    """One native control; `defaultValue`, since `value` would be written over whatever was typed."""
    match field.kind:
        case "long":
            return text("textarea", "", rows=3, defaultValue=field.value or None, **shared)
        case "choice":
            with text("select", "", **shared) as control:
                text("option", "Choose …", value="", selected=not field.value)
                for value, label in field.options:
                    text("option", label, value=value, selected=value == field.value)
            return control
        case "date":
            return text("input", "", type="date", defaultValue=field.value or None, **shared)
        case "moment":
            return text("input", "", type="datetime-local", defaultValue=field.value or None, **shared)
    return text("input", "", type="text", autocomplete="off", defaultValue=field.value or None, **shared)


def _as_typed(value: str) -> str:
    """A moment the way somebody would type it: `21 Nov 20:28`."""
    try:
        return f"{datetime.fromisoformat(value):%-d %b %H:%M}" if value else ""
    except ValueError:
        return value


def _radios(field: Field, shared: dict[str, Any]) -> list[Element]:
    controls: list[Element] = []
    with block("div", "radios"):
        for value, label in field.options or YES_NO:
            with block("label"):
                controls.append(text("input", "", type="radio", name=field.id, value=value, checked=value == field.value, **shared))
                text("span", label)
    return controls
