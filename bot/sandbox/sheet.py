"""A page about things in the middle column: where things stand, a timeline, the exercise, its debrief."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.sandbox.elements import block, button, text
from bot.sandbox.feed import Hand


class Sheet:
    """Drawn anew only when what it shows has changed."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self._shown: object = None
        with block("section", "pane sheet", id="sheet", aria_label="Page", tabindex=-1) as self.box:
            with block("div", "head"):
                self._name = text("h2", "")
                self._about = text("p", "", "about")
            self._answers = block("div", "answers", aria_live="polite")
            self._body = block("div", "content", tabindex=0, role="region", aria_label="Content")

    def show(self, name: str, about: str, data: object, draw: Callable[[Hand], None]) -> None:
        """`draw` fills it with `data`, which is compared with what is there."""
        if name != self._name.text:
            self._answers.clear()
        self._name.text, self._about.text = name, about
        if data != self._shown:
            self._shown = data
            self._body.clear()
            with self._body:
                draw(self.hand)

    def whisper(self, lines: Sequence[str], *, refused: bool = False) -> None:
        """Show what only this person sees, in the place of what was answered before."""
        self._answers.clear()
        with self._answers, block("article", "post private refused" if refused else "post private", tabindex=-1) as article:
            with block("header"):
                text("strong", "Only you see this")
                button("Put away", article.delete, "quiet", aria_label="Put this answer away")
            for line in lines:
                text("p", line, "line")
