"""A column of the page: what it is, its posts, and a line to type commands in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.sandbox.components import ComposerElement, Press
from bot.sandbox.elements import block, button, text
from bot.sandbox.feed import Drawn, Feed, Hand

Hear = Callable[[str], Awaitable[bool]]
PREFIX = "/missing"


class Pane:
    """`hear` gets a command without `/missing`, and says whether it was understood; what was not stays in the line."""

    def __init__(self, id: str, label: str, hear: Hear, hand: Hand, *, line: str, example: str, close: Press | None = None) -> None:
        self._hear = hear
        with block("section", f"pane {id}", id=id, aria_label=label, tabindex=-1) as self.box:
            with block("div", "head"):
                self._name = text("h2", "")
                self._about = text("p", "", "about")
                if close:
                    button("Close", close, "quiet", aria_label="Close the thread")
                else:
                    button("Report a missing child", lambda: self._hear("report"), "primary report")
            self.feed = Feed(hand)
            self.composer = ComposerElement(self._typed, line, example, in_thread=close is not None)

    def show(self, name: str, about: str, opened: str, posts: Sequence[Drawn], empty: str = "") -> None:
        """Show a place or a thread."""
        self._name.text = name
        self._about.text = about
        self.feed.show(name, opened, posts, empty)

    async def _typed(self, values: dict[str, str]) -> bool:
        typed = values.get("line", "").strip()
        return await self._hear(typed.removeprefix(PREFIX).strip() or "help")
