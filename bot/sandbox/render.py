"""A post as the page shows it: who it speaks to, what is owed by when under which clause, and the buttons that answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.elements import block, button, text
from bot.sandbox.screen import Shown, mentioned
from bot.sandbox.town import AUTHORITY, title
from handlers.directory import Person
from handlers.labels import label as label_of
from handlers.outgoing import Pressed, Row
from policies import words
from policies.worktime import LONDON, said

LABELS = {
    "acknowledge": "I have it",
    "complete": "Done",
    "phoned": "I have phoned",
    "told": "I know of it",
    "accept": "I will come",
    "tentative": "Perhaps",
    "decline": "I cannot come",
    "found": "Found",
    "note": "Add a note",
    "risk": "Risk",
    "status": "Where it stands",
    "more": "More",
}
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


@dataclass(frozen=True)
class Hand:
    """Who is looking, and what happens when they press."""

    who: Person
    people: Sequence[Person]
    press: Callable[[Pressed], Awaitable[None]]
    open_thread: Callable[[str], Awaitable[None]] | None = None


def exactly(moment: datetime) -> str:
    """A moment with its year and zone, for those who hover."""
    return f"{moment.astimezone(LONDON):%A %-d %B %Y, %H:%M %Z}"


def over(post: Shown) -> bool:
    """Whether everything a post asked for has ended."""
    return "over" in post.tones and not {"open", "late"} & set(post.tones)


def draw(post: Shown, hand: Hand) -> None:
    """Fill the element we are in with a post."""
    with block("header"):
        text("strong", "Homeward", "from")
        text("time", said(post.at), datetime=post.at.isoformat(), title=exactly(post.at))
        if post.kind in KINDS and not over(post):
            text("span", KINDS[post.kind], f"kind {post.kind}")
        if post.mine:
            text("span", "for you", "mine")
    text("h3", post.body.headline)
    _mentions(post, hand)
    if post.body.rows:
        with block("ul", "rows"):
            for row, tone in zip(post.body.rows, post.tones, strict=True):
                _row(row, tone, post, hand)
    for line in post.body.lines:
        text("p", line, "line")
    _below(post, hand)


def _mentions(post: Shown, hand: Hand) -> None:
    spoken_to = mentioned(hand.people, post.body)
    if spoken_to:
        with block("p", "mentions"):
            for person in spoken_to:
                text("span", f"@{person.name}, {title(person)}", "mention me" if person == hand.who else "mention")


def _row(row: Row, tone: str, post: Shown, hand: Hand) -> None:
    with block("li", tone):
        with block("p", "says"):
            text("span", row.says)
            for clause in row.clauses:
                text("abbr", clause, "clause", title=words.clauses().get(clause, {}).get("summary", clause))
            if row.house and not row.clauses:
                text("span", "house rule", "clause")
        if row.state or row.reason:
            text("p", " · ".join(part for part in (_state(row, tone), row.reason) if part), "state")
        if row.buttons:
            with block("p", "buttons"):
                for verb in row.buttons:
                    pressed = Pressed(verb, hand.who.id, row.obligation, row.version, post.body.reference, AUTHORITY)
                    _button(verb, pressed, hand, about=row.says)


def _state(row: Row, tone: str) -> str:
    """What was right when the post went out, and that it has become late since: in words, not in colour alone."""
    return f"late: {row.state.removesuffix(', now')}" if tone == "late" and "late" not in row.state else row.state


def _below(post: Shown, hand: Hand) -> None:
    """What concerns the episode as a whole, and the way into its thread."""
    open_thread = hand.open_thread if post.kind == "card" else None
    if not post.body.buttons and not open_thread:
        return
    with block("p", "buttons below"):
        if open_thread:
            label = f"Thread: {post.replies} post{'s' if post.replies != 1 else ''}" if post.replies else "Open the thread"
            latest = f", last {said(post.latest)}" if post.latest else ""
            button(label + latest, lambda: open_thread(post.id), "thread", aria_label=f"{label}{latest}, {post.body.reference}")
        for verb in post.body.buttons:
            pressed = Pressed(verb, hand.who.id, reference=post.body.reference, authority=AUTHORITY)
            _button(verb, pressed, hand, about=post.body.reference or "")


def _button(verb: str, pressed: Pressed, hand: Hand, about: str) -> None:
    label = LABELS.get(verb) or label_of(verb)
    classes = "primary" if verb in {"acknowledge", "complete", "accept"} else ""
    button(label, lambda: hand.press(pressed), classes, aria_label=f"{label}: {about}")
