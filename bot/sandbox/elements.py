"""The few building blocks of the page: plain HTML elements whose text is always text."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from bot.sandbox.components import Press


def block(tag: str, classes: str = "", **attributes: Any) -> Element:
    """An element to put others into; `aria_label="Rooms"` becomes the attribute `aria-label`."""
    element = Element(tag)
    return _dressed(element, classes, attributes)


def text(tag: str, content: str, classes: str = "", **attributes: Any) -> TextElement:
    """An element with text; whatever stands in it is shown as it is written."""
    element = TextElement(tag=tag, text=content)
    _dressed(element, classes, attributes)
    return element


def button(label: str, pressed: Press, classes: str = "", **attributes: Any) -> TextElement:
    """A button with words on it."""
    element = text("button", label, classes, type="button", **attributes)
    element.on("click", pressed, args=[])
    return element


def _dressed(element: Element, classes: str, attributes: dict[str, Any]) -> Element:
    if classes:
        element.classes(classes)
    for name, value in attributes.items():
        if value is not None and value is not False:
            element.props[name.rstrip("_").replace("_", "-")] = value
    return element
