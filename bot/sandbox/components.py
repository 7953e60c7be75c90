"""The parts of the page that a browser has to do something for by itself; each is a few lines in `static/`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

Press = Callable[[], Awaitable[object] | None]
Send = Callable[[dict[str, str]], Awaitable[bool]]
Told = Callable[[dict[str, Any]], Awaitable[object] | None]
Named = Callable[[str], Awaitable[object] | None]


class SendingElement(Element):
    """Calls `sent` with texts by name, once at a time; what was typed is emptied when it says True."""

    def __init__(self, sent: Send) -> None:
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


class FormElement(SendingElement, component="static/form.js"):
    """A form of native fields."""


class ComposerElement(SendingElement, component="static/composer.js"):
    """The line for commands. `words`: (word, what it does, whether it names an episode); `references`: (reference, how it stands)."""

    def __init__(self, sent: Send, named: str, example: str, *, in_thread: bool) -> None:
        super().__init__(sent)
        self.props.update(named=named, example=example, words=[], references=[])
        self.props["in-thread"] = in_thread

    def propose(self, words: Sequence[tuple[str, str, bool]], references: Sequence[tuple[str, str]]) -> None:
        """What this person can type here."""
        update(self, words=[list(word) for word in words], references=[list(reference) for reference in references])


class TimeElement(Element, component="static/time.js"):
    """A typed time; `understood` gives the sentence below it."""

    def __init__(self, name: str, field: str, first: str, described: str, understood: Callable[[str], str], *, needed: bool) -> None:
        super().__init__()
        self.props.update({"named": name, "field": field, "first": first, "described-by": described, "needed": needed, "echo": ""})
        self.on("typed", lambda event: update(self, echo=understood(str(event.args)[:200])))


class DialogElement(Element, component="static/dialog.js"):
    """Opens when it is made; `gone` is called when the person leaves it."""

    def __init__(self, titled: str, gone: Press) -> None:
        super().__init__()
        self.props["titled"] = titled
        self.on("gone", gone)


class ChoiceElement(Element, component="static/choice.js"):
    """A native select; `chose` gets the value."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]], chosen: str, chose: Named) -> None:
        super().__init__()
        self.props.update(named=name, options=[list(option) for option in options], chosen=chosen)
        self.on("chose", lambda event: chose(str(event.args)))

    def offer(self, options: Sequence[tuple[str, str]], chosen: str) -> None:
        """Show other options, or another one as chosen."""
        update(self, options=[list(option) for option in options], chosen=chosen)


class ScrollElement(Element, component="static/scroll.js"):
    """A region that scrolls and stays at its end."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.props["focus"] = self.props["end"] = 0
        self.rename(name, "")

    def rename(self, name: str, opened: str) -> None:
        """What is in it now; another `opened` starts at the end again."""
        update(self, named=name, opened=opened)

    def to_end(self) -> None:
        """Show the end, even to somebody who reads further up."""
        self.props["end"] += 1

    def take_focus(self, on: str | None = None) -> None:
        """Bring whoever uses the keyboard here, to the post `on` where it is named."""
        self.props.update(focus=self.props["focus"] + 1, on=on)


class AddressElement(Element, component="static/address.js"):
    """Keeps the browser's address in step, and can go to another."""

    def show(self, path: str) -> None:
        """The path and query to show."""
        update(self, path=path)

    def go(self, path: str) -> None:
        """Load another page."""
        update(self, leave=path)


class NowElement(Element, component="static/now.js"):
    """Tells every other part the moment, and what the clauses say."""

    def show(self, moment: str, protocol: str, clauses: Mapping[str, str]) -> None:
        """The moment as ISO text; a sentence by clause."""
        update(self, moment=moment, protocol=protocol, clauses=dict(clauses))


class PostElement(Element, component="static/post.js"):
    """One post; see `render.drawn` for its values."""

    def __init__(self, post: Mapping[str, Any], press: Told, thread: Named, timeline: Named) -> None:
        super().__init__()
        self.show(post)
        self.on("press", lambda event: press(event.args if isinstance(event.args, dict) else {}))
        self.on("thread", lambda event: thread(str(event.args)))
        self.on("timeline", lambda event: timeline(str(event.args)))

    def show(self, post: Mapping[str, Any]) -> None:
        """Its next edition."""
        self.props["post"] = dict(post)


class TableElement(Element, component="static/table.js"):
    """A table; see `cells` for what a cell can be."""

    def __init__(self, caption: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], press: Told, timeline: Named) -> None:
        super().__init__()
        self.props.update(caption=caption, columns=list(columns), rows=[dict(row) for row in rows])
        self.on("press", lambda event: press(event.args if isinstance(event.args, dict) else {}))
        self.on("timeline", lambda event: timeline(str(event.args)))


class DrawingElement(Element, component="static/drawing.js"):
    """An SVG made by `drawing`, which escapes whatever stands in it."""

    def __init__(self, svg: str) -> None:
        super().__init__()
        self.props["svg"] = svg


def update(element: Element, **props: Any) -> None:
    """Change only what is different: every change is sent to the browser."""
    changed = {name: value for name, value in props.items() if name not in element.props or element.props[name] != value}
    if changed:
        element.props.update(changed)
