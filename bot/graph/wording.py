"""Other words in an event that stands: ours in the place of ours, and what Microsoft wrote below them left as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape

_TAG = re.compile(r"<[^<>]*>")
_BETWEEN = r"(?:\s|&nbsp;|&#160;)+"
_QUOTES = {"'": r"(?:'|&#39;|&#x27;|&apos;)", '"': r'(?:"|&#34;|&quot;)', "&": r"&(?:amp;)?"}


def reworded(html: str, was: Sequence[str], now: Sequence[str], link: str) -> str:
    """The text with each line of `was` replaced by that of `now`. Where ours cannot be told from the rest, ours alone, with the link."""
    changed = [(old, new) for old, new in zip(was, now, strict=True) if old != new]
    for old, new in changed:
        html = re.sub(_pattern(old), lambda _, new=new: escape(new, quote=False), html)  # type: ignore[misc]
    shown = _shown(html)
    if all(new in shown for _, new in changed) and not any(old in shown for old, _ in changed):
        return html
    lines = [*(escape(line, quote=False) for line in now), *([f'<a href="{escape(link)}">Join online</a>'] if link else [])]
    return "".join(f"<p>{line}</p>" for line in lines)


def _pattern(line: str) -> str:
    return _BETWEEN.join("".join(_QUOTES.get(sign) or re.escape(sign) for sign in word) for word in line.split())


def _shown(html: str) -> str:
    """As somebody reads it."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())
