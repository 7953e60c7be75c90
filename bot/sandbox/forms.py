"""A form as a dialog: native fields, one sentence at each that cannot stand, and what was typed stays typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from nicegui.elements.mixins.text_element import TextElement

from bot.sandbox.elements import DialogElement, FormElement, Press, block, button, text
from handlers.outgoing import Field, Form

MANY = 5  # options; more are folded away in a list
YES_NO = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))
Send = Callable[[Form, dict[str, str]], Awaitable[bool]]


class FormDialog:
    """An open form. `send` gets what was filled in, `leave` is called when the person gives up."""

    def __init__(self, form: Form, send: Send, leave: Press) -> None:
        self.form = form
        self._controls: dict[str, list[TextElement]] = {}
        self._errors: dict[str, TextElement] = {}
        with DialogElement("form-title", leave), FormElement(lambda values: send(form, values)):
            text("h2", form.title, id="form-title")
            if form.note:
                text("p", form.note, "note")
            self._top = text("p", "", "error", role="alert")
            for field in form.fields:
                self._field(field)
            with block("p", "buttons"):
                text("button", form.submit, "primary", type="submit")
                button("Cancel", leave)

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
                control.props["aria-invalid"] = "true" if name in errors else "false"

    def _field(self, field: Field) -> None:
        many = field.kind == "yesno" or (field.kind == "choice" and len(field.options) <= MANY)
        name, described = f"field-{field.id}", f"about-{field.id}"
        with block("fieldset" if many else "div", "field"):
            label = f"{field.label} (needed)" if field.required else field.label
            text("legend" if many else "label", label, **({} if many else {"for_": name}))
            if field.hint:
                text("p", field.hint, "hint", id=f"{described}-hint")
            shared = {"aria_describedby": f"{described}-hint {described}", "aria_required": "true" if field.required else None}
            self._controls[field.id] = _radios(field, shared) if many else [_control(field, {"id": name, "name": field.id, **shared})]
            self._errors[field.id] = text("p", "", "error", id=described, role="alert")


def _control(field: Field, shared: dict[str, Any]) -> TextElement:
    """One native control; `defaultValue`, since `value` would be written over whatever was typed."""
    match field.kind:
        case "long":
            return text("textarea", "", rows=4, defaultValue=field.value or None, **shared)
        case "choice":
            with text("select", "", **shared) as control:
                text("option", "Choose …", value="", selected=not field.value)
                for value, label in field.options:
                    text("option", label, value=value, selected=value == field.value)
            return control
        case "date":
            return text("input", "", type="date", defaultValue=field.value or None, **shared)
    value = _as_typed(field.value) if field.kind == "time" else field.value
    return text("input", "", type="text", autocomplete="off", defaultValue=value or None, **shared)


def _as_typed(value: str) -> str:
    """A moment the way somebody would type it: `21 Nov 20:28`."""
    try:
        return f"{datetime.fromisoformat(value):%-d %b %H:%M}" if value else ""
    except ValueError:
        return value


def _radios(field: Field, shared: dict[str, Any]) -> list[TextElement]:
    controls = []
    with block("div", "radios"):
        for value, label in field.options or YES_NO:
            with block("label"):
                controls.append(text("input", "", type="radio", name=field.id, value=value, checked=value == field.value, **shared))
                text("span", label)
    return controls
