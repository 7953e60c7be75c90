"""A typed command is itself a message that others read: what of it may be used, and what is not kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.errors import NotUnderstood
from handlers.vocabulary import AT_ONCE, meant
from policies import words

_CALLED = re.compile(r"^\s*(?:@?homeward|/missing)\b[:,]?\s*", re.IGNORECASE)  # as messages say it, where nobody has to be called
RISKS = frozenset({"low", "medium", "high"})


@dataclass(frozen=True)
class Typed:
    """`line` is the command without anybody's own words; `left_out`: there were some, and they are not kept."""

    line: str
    left_out: bool


def typed(text: str, *, alone: bool) -> Typed:
    """What a message says to us; `alone`: only its writer and the bot read it, so that a note may be typed."""
    text = _CALLED.sub("", text)
    said = text.split()
    try:
        verb = meant(said[0]) if said else meant("help")
    except NotUnderstood:
        return Typed(said[0], len(said) > 1 and not alone)
    kept, rest = [verb.word], said[1:]
    if rest and rest[0].upper().startswith("HW-"):
        kept.append(rest.pop(0).upper()[:12])
    if not rest:
        return Typed(" ".join(kept), left_out=False)
    told = "_".join(rest).lower().replace("-", "_")
    if verb.word != "report" and (told in words.actions() or told in RISKS or (alone and verb.word in AT_ONCE)):
        return Typed(" ".join((*kept, *(rest if verb.word != "note" else [text.split(maxsplit=len(kept))[-1]]))), left_out=False)
    return Typed(" ".join(kept), left_out=verb.form is not None)
