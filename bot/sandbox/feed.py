"""The posts of a place: what did not change is left alone, so that focus and reading place survive every refresh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.components import Named, PostElement, ScrollElement, Told
from bot.sandbox.elements import block, button, text

Drawn = Mapping[str, Any]


@dataclass(frozen=True)
class Hand:
    """What happens when somebody presses in a feed."""

    press: Told
    open_thread: Named
    timeline: Named


class Feed:
    """A scrolling list of posts, and between them what only this tab was answered."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self._drawn: dict[str, tuple[Drawn, PostElement]] = {}
        self._opened = ""
        self._scroll = ScrollElement("Posts").classes("feed")
        with self._scroll:
            self._empty = text("p", "", "empty")
            self._posts = block("div", "posts", aria_live="polite")

    def show(self, name: str, opened: str, posts: Sequence[Drawn], empty: str = "") -> None:
        """Show these posts, in this order; another `opened` than before is another list."""
        if opened != self._opened:
            self._posts.clear()
            self._drawn.clear()
            self._opened = opened
        self._scroll.rename(name, opened)
        self._empty.text = empty
        self._empty.set_visibility(not posts)
        for gone in set(self._drawn) - {post["id"] for post in posts}:
            self._drawn.pop(gone)[1].delete()
        for place in range(len(posts)):
            self._place(posts, place)

    def whisper(self, lines: Sequence[str], *, refused: bool = False) -> None:
        """Show what only this person sees, below the posts there are now."""
        with self._posts, block("article", "post private refused" if refused else "post private", tabindex=-1) as article:
            with block("header"):
                text("strong", "Only you see this")
                button("Put away", article.delete, aria_label="Put this answer away")
            for line in lines:
                text("p", line, "line")

    def to_end(self) -> None:
        """Show what came last, even to somebody who reads further up."""
        self._scroll.to_end()

    def take_focus(self, on: str | None = None) -> None:
        """Bring whoever uses the keyboard here, to the post `on` where it is named."""
        self._scroll.take_focus(on)

    def _place(self, posts: Sequence[Drawn], place: int) -> None:
        post = posts[place]
        before, article = self._drawn.get(post["id"], (None, None))
        if article is None:
            with self._posts:
                article = PostElement(post, self._hand.press, self._hand.open_thread, self._hand.timeline)
            below = next((self._drawn[later["id"]][1] for later in posts[place + 1 :] if later["id"] in self._drawn), None)
            if below is not None:
                article.move(target_index=self._posts.default_slot.children.index(below))
        elif before != post:
            article.show(post)
        self._drawn[post["id"]] = (post, article)
