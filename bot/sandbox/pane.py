"""A column of the page: what it is, its posts, and a line to type commands in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.sandbox.elements import FormElement, Press, block, button, text
from bot.sandbox.feed import Draw, Feed
from bot.sandbox.screen import Shown

Hear = Callable[[str], Awaitable[bool]]
PREFIX = "/missing"


class Pane:
    """`hear` gets a command without `/missing`, and says whether it was understood; what was not stays in the line."""

    def __init__(self, id: str, label: str, hear: Hear, *, line: str, example: str, close: Press | None = None) -> None:
        self._hear = hear
        with block("section", f"pane {id}", id=id, aria_label=label, tabindex=-1):
            with block("div", "head"):
                self._name = text("h2", "")
                if close:
                    button("Close", close, aria_label="Close the thread")
            self.feed = Feed()
            with FormElement(self._typed).classes("line"):
                text("input", "", type="text", name="line", list="commands", autocomplete="off", placeholder=example, aria_label=line)
                text("button", "Send", type="submit")
                if not close:
                    button("Report a missing child", lambda: self._hear("report"), "primary")

    def show(self, name: str, opened: str, posts: Sequence[Shown], draw: Draw, empty: str = "") -> None:
        """Show a place or a thread."""
        self._name.text = name
        self.feed.show(name, opened, posts, draw, empty)

    async def _typed(self, values: dict[str, str]) -> bool:
        typed = values.get("line", "").strip()
        return await self._hear(typed.removeprefix(PREFIX).strip() or "help")
