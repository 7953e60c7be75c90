"""A post as the plain values that the page draws: who it speaks to, what is owed by when under which clause, the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.sandbox.screen import Shown, mentioned
from bot.sandbox.town import title
from handlers.directory import Person
from handlers.labels import FIRST, label
from handlers.outgoing import Row, in_words, several
from policies import words
from policies.worktime import LONDON, said

KINDS = {
    "notice": "for you to know",
    "reminder": "due soon",
    "due": "due now",
    "escalation": "escalated",
    "threshold": "threshold",
    "invite": "invitation",
    "chase": "no answer yet",
    "digest": "this morning",
    "report": "report",
    "alarm": "alarm",
}
PLACES = {"coordination": "Coordination", "partners": "Partners", "management": "Management", "direct": "Direct messages"}


def exactly(moment: datetime) -> str:
    """A moment with its year and zone, for those who hover."""
    return f"{moment.astimezone(LONDON):%A %-d %B %Y, %H:%M %Z}"


def over(post: Shown) -> bool:
    """Whether everything a post asked for has ended."""
    return "over" in post.tones and not {"open", "late"} & set(post.tones)


def drawn(post: Shown, who: Person, people: Sequence[Person], unread: int = 0, *, threads: bool = False) -> dict[str, Any]:
    """The values of one post for one person; `threads` where a card leads into its thread."""
    shown = post.body if post.picture else in_words(post.body)
    return {
        "id": post.id,
        "kind": post.kind,
        "reference": post.body.reference or "",
        "at": post.at.isoformat(),
        "said": said(post.at),
        "exact": exactly(post.at),
        "label": KINDS.get(post.kind, "") if not over(post) else "",
        "mine": post.mine,
        "headline": post.body.headline,
        "counts": _counts(post),
        "mentions": [{"name": p.name, "title": title(p), "me": p == who} for p in mentioned(people, post.body)],
        "rows": [_row(row, tone, named=several(post.body)) for row, tone in zip(post.body.rows, post.tones, strict=True)],
        "lines": [*shown.lines, *([f"Join: {shown.join}"] if shown.join else [])],
        "picture": post.picture,
        "buttons": actions(post.body.buttons),
        "timeline": post.kind == "card",
        "thread": _thread(post, unread) if threads and post.kind == "card" else None,
    }


def actions(verbs: Sequence[str]) -> list[dict[str, Any]]:
    """Buttons by their verbs."""
    return [{"verb": verb, "label": label(verb), "first": verb in FIRST} for verb in verbs]


def _counts(post: Shown) -> list[dict[str, str]]:
    """On a card: how much is late and how much is open, before anybody reads the rows."""
    if post.kind != "card":
        return []
    counted = [(post.tones.count("late"), "late"), (post.tones.count("open"), "open")]
    return [{"tone": tone, "says": f"{count} {tone}"} for count, tone in counted if count]


def _row(row: Row, tone: str, *, named: bool) -> dict[str, Any]:
    """In a post to several, each row says whom it is for."""
    return {
        "says": f"For {words.label(row.to[0])}: {row.says}" if named and row.to else row.says,
        "clauses": list(row.clauses),
        "house": row.house,
        "state": " · ".join(part for part in (_state(row, tone), row.reason) if part),
        "tone": tone,
        "buttons": actions(row.buttons),
        "obligation": row.obligation,
        "version": row.version,
        "to": row.to[-1] if row.to else None,
    }


def _state(row: Row, tone: str) -> str:
    """What was right when the post went out, and that it has become late since: in words, not in colour alone."""
    if tone != "late" or "late" in row.state:
        return row.state
    return f"late: {row.state.removesuffix(', now')}" if row.state else "late"


def _thread(post: Shown, unread: int) -> dict[str, Any]:
    many = f"Thread: {post.replies} post{'s' if post.replies != 1 else ''}" if post.replies else "Open the thread"
    return {"label": many, "latest": post.latest.isoformat() if post.latest else "", "unread": unread}
