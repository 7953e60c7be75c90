"""The one place through which words reach Teams: nothing in them is read as markup, and nothing is longer than it may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from microsoft_teams.cards import CardElement, RichTextBlock, TextBlock, TextRun

CUT, UNSEEN = "…", "\u200b"
LINE, TITLE, BUTTON, NAME = 2000, 150, 60, 80
_LINK = re.compile(r"(\](?=\()|<(?=/?at\b))")
_MARKS = re.compile(r"(?<![\w-])[*_~`#]+(?=\S)|[<>\[\]]")
_ELEMENT = re.compile(r"<[^<>]*>")
_SAID = frozenset(" .,'’&()-_\u200c\u200d")  # the last two join letters of several scripts


def shortened(text: str, most: int) -> str:
    """The text, cut when it is too long, with a sign that it was."""
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def line(text: str, *, bold: bool = False, subtle: bool = False, small: bool = False, warns: bool = False) -> RichTextBlock:
    """A paragraph of runs, which know no markup; a link and a mention are broken all the same, because some clients look for those."""
    inlines: list[CardElement] = [run(text, bold=bold, subtle=subtle, small=small, warns=warns)]
    return RichTextBlock(inlines=inlines)


def run(text: str, *, bold: bool = False, subtle: bool = False, small: bool = False, warns: bool = False) -> TextRun:
    """A piece of a paragraph."""
    return TextRun(
        text=shortened(_LINK.sub(rf"\1{UNSEEN}", text), LINE) or " ",
        weight="Bolder" if bold else None,
        is_subtle=subtle or None,
        size="Small" if small else None,
        color="Attention" if warns else None,
    )


def heading(text: str) -> TextBlock:
    """A headline, which screen readers find as one; marks are taken out, since this kind of block reads them."""
    return TextBlock(text=shortened(_MARKS.sub("", text), TITLE), size="Medium", weight="Bolder", wrap=True, style="heading")


def lines(of: Iterable[str]) -> list[RichTextBlock]:
    """A block for each line that says something."""
    return [line(part) for text in of for part in text.split("\n") if part.strip()]


def named(name: str) -> str:
    """A name as it may stand in a mention: without anything that could close it or open another."""
    whole = unicodedata.normalize("NFC", _ELEMENT.sub("", name))
    said = "".join(sign if sign in _SAID or unicodedata.category(sign)[0] in "LMN" else " " for sign in whole)
    return " ".join(said.split())[:NAME] or "somebody"
