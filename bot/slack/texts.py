"""The one place through which words reach Slack: escaped, cut to what Slack takes, and never a mass mention."""

from __future__ import annotations

import re
from collections.abc import Iterable

from slack_sdk.models.blocks import MarkdownTextObject, PlainTextObject

SECTION, HEADER, LABEL, BUTTON, TITLE, FALLBACK = 3000, 150, 75, 75, 24, 3000
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARK = re.compile(r"[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_ADDRESS = re.compile(r"https://[^\s<>|\"]+")
CUT = "…"
UNSEEN = "\u200b"  # between a mark and its word, it keeps the mark a plain character
_ESCAPES = str.maketrans(ENTITIES)


def escaped(text: str, most: int = SECTION) -> str:
    """Text that Slack shows as it is written: no mention, link or channel comes of it, whoever wrote it."""
    whole = text.translate(_ESCAPES)
    return whole if len(whole) <= most else _cut(text, most)


def _cut(text: str, most: int) -> str:
    """No entity is cut in two."""
    pieces: list[str] = []
    length = 0
    for piece in (ENTITIES.get(character, character) for character in text):
        if length + len(piece) > most:
            break
        pieces.append(piece)
        length += len(piece)
    while pieces and length + len(CUT) > most:
        length -= len(pieces.pop())
    return "".join((*pieces, CUT))


def literal(text: str, most: int = SECTION) -> str:
    """The same for mrkdwn, where stars and underscores would be read as marks; one in the middle of a word is none."""
    plain = _MARK.sub(lambda mark: f"{UNSEEN}{mark[0]}", text)
    return escaped(plain, most)


def link(address: str, says: str) -> str:
    """A real link, for an address that is nothing but one; else nothing."""
    return f"<{escaped(address)}|{escaped(says)}>" if _ADDRESS.fullmatch(address) else ""


def mention(user: str) -> str:
    """A real mention, for an id that came from Slack or from homeward.yml."""
    return f"<@{user}>" if user.isalnum() else ""


def bold(text: str, most: int = SECTION) -> str:
    """Bold, on one line; bold that spans lines is shown with its stars."""
    line = literal(" ".join(text.split()), most - 2)
    return f"*{line}*" if line else ""


def mrkdwn(lines: Iterable[str]) -> MarkdownTextObject:
    """Lines that are escaped already; whole lines are left out at the end when they do not fit."""
    return MarkdownTextObject(text=fitting(lines), verbatim=True)


def fitting(lines: Iterable[str]) -> str:
    """The same as a text."""
    kept: list[str] = []
    room = SECTION - 40
    for line in lines:
        if room < len(line) + 1:
            kept.append("… and more.")
            break
        kept.append(line)
        room -= len(line) + 1
    return "\n".join(kept) or " "


def plain(text: str, most: int) -> PlainTextObject:
    """A plain text: marks and mentions mean nothing in it."""
    return PlainTextObject(text=shortened(text, most) or " ", emoji=False)


def shortened(text: str, most: int) -> str:
    """The text, cut when it is too long, with a sign that it was."""
    return text if len(text) <= most else text[: most - len(CUT)] + CUT
