"""The few building blocks of the page: plain HTML elements whose text is always text, and four small components."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

Press = Callable[[], Awaitable[object] | None]


class FormElement(Element, component="static/form.js"):
    """Calls `sent` with the values by field name, once at a time; the fields are emptied when it says True."""

    def __init__(self, sent: Callable[[dict[str, str]], Awaitable[bool]]) -> None:
        super().__init__()
        self.props["answered"] = self.props["cleared"] = 0
        self._sent = sent
        self.on("sent", self._receive)

    async def _receive(self, event: GenericEventArguments) -> None:
        values = event.args if isinstance(event.args, dict) else {}
        done = False
        try:
            done = await self._sent({str(name): value for name, value in values.items() if isinstance(value, str)})
        finally:
            if not self.is_deleted:  # a form that was taken is usually put away
                self.props["answered"] += 1
                self.props["cleared"] += done


class DialogElement(Element, component="static/dialog.js"):
    """Opens when it is made; `gone` is called when the person leaves it."""

    def __init__(self, titled: str, gone: Press) -> None:
        super().__init__()
        self.props["titled"] = titled
        self.on("gone", gone)


class ChoiceElement(Element, component="static/choice.js"):
    """A native select; `chose` gets the value."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]], chosen: str, chose: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self.props.update(named=name, options=[list(option) for option in options], chosen=chosen)

        async def tell(event: GenericEventArguments) -> None:
            await chose(str(event.args))

        self.on("chose", tell)

    def choose(self, value: str) -> None:
        """Show another value as chosen."""
        self.props["chosen"] = value


class ScrollElement(Element, component="static/scroll.js"):
    """A region that scrolls and stays at its end."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.props["focus"] = self.props["end"] = 0
        self.rename(name, "")

    def rename(self, name: str, opened: str) -> None:
        """What is in it now; another `opened` starts at the end again."""
        self.props.update(named=name, opened=opened)

    def to_end(self) -> None:
        """Show the end, even to somebody who reads further up."""
        self.props["end"] += 1

    def take_focus(self, on: str | None = None) -> None:
        """Bring whoever uses the keyboard here, to the post `on` where it is named."""
        self.props.update(focus=self.props["focus"] + 1, on=on)


class AddressElement(Element, component="static/address.js"):
    """Keeps the browser's address in step."""

    def show(self, path: str) -> None:
        """The path and query to show."""
        self.props["path"] = path


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
