"""Somebody's home page as a view, with its buttons, in pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ContextBlock, DividerBlock, HeaderBlock, SectionBlock
from slack_sdk.models.views import View

from bot.slack import render, texts
from handlers.pages.home import Home, Item
from policies.worktime import said

PAGE = "home:page"
MOST_BLOCKS = 100


def view(of: Home, now: datetime) -> dict[str, Any]:
    """The page as it stands now."""
    blocks = [
        HeaderBlock(text=texts.plain("Homeward", texts.HEADER)),
        ContextBlock(elements=[texts.mrkdwn([texts.literal(_status(of, now))])]),
        ActionsBlock(elements=[_button("Report a missing child", "home:report", "report", primary=True)], block_id="report"),
        *_items("What you owe, by when", of.owed, "You owe nothing that has a date.", "owed"),
        *_items("Your checklist: no time given", of.checklist, "", "checklist"),
        *_items("Invitations that wait for your answer", of.invitations, "", "invited"),
        *_list("Children you are responsible for", of.children, ""),
        *_list("Missing now", of.missing, "Nobody is missing now."),
        *_list("Late", of.late, "Nothing is late."),
        *_list("No answer to an invitation yet", of.silent, ""),
        *_pages(of),
    ]
    return View(type="home", blocks=blocks[:MOST_BLOCKS]).to_dict()


def stranger(sentence: str) -> dict[str, Any]:
    """The page of somebody we do not know."""
    return View(type="home", blocks=[SectionBlock(text=texts.mrkdwn([texts.literal(line) for line in sentence.split("\n")]))]).to_dict()


def fingerprint(of: Home) -> tuple[object, ...]:
    """What makes the page another one; that a minute has passed does not."""
    items = tuple((i.obligation, i.version, i.late) for i in (*of.owed, *of.checklist, *of.invitations))
    lines = tuple(line.split(" ", 1)[0] for line in (*of.children, *of.missing, *of.late, *of.silent))
    return of.page, of.pages, of.total, items, lines


def _status(of: Home, now: datetime) -> str:
    page = f" · page {of.page + 1} of {of.pages}" if of.pages > 1 else ""
    return f"{of.name} · as of {said(now)}{page}"


def _items(title: str, items: Sequence[Item], empty: str, name: str) -> Iterator[Block]:
    if not items and not empty:
        return
    yield DividerBlock()
    yield SectionBlock(text=texts.mrkdwn([texts.bold(title)]))
    if not items:
        yield SectionBlock(text=texts.mrkdwn([texts.literal(empty)]))
    for n, item in enumerate(items):
        cited = f" ({', '.join(item.clauses)})" if item.clauses else " (house rule)"
        state = [texts.literal(f"{'Late: ' if item.late else ''}{item.state}", 1000)] if item.state else []
        lines = [texts.bold(f"{item.reference}: {item.says}", 1000) + texts.literal(cited, 500), *state]
        value = {"o": item.obligation, "v": item.version, "r": item.reference}
        yield SectionBlock(text=texts.mrkdwn(lines))
        yield ActionsBlock(elements=[render.button(verb, item.says, value) for verb in item.buttons], block_id=f"{name}:{n}")


def _list(title: str, lines: Iterable[str], empty: str) -> Iterator[Block]:
    shown = [texts.literal(line, 400) for line in lines] or ([texts.literal(empty)] if empty else [])
    if shown:
        yield DividerBlock()
        yield SectionBlock(text=texts.mrkdwn([texts.bold(title), *shown]))


def _pages(of: Home) -> Iterator[Block]:
    ways = []
    if of.page > 0:
        ways.append(_button("Earlier", f"{PAGE}:back", str(of.page - 1)))
    if of.page + 1 < of.pages:
        ways.append(_button("More", f"{PAGE}:on", str(of.page + 1)))
    if ways:
        yield ActionsBlock(elements=ways, block_id="pages")


def _button(label: str, action: str, value: str, *, primary: bool = False) -> ButtonElement:
    style = "primary" if primary else None
    return ButtonElement(text=texts.plain(label, texts.BUTTON), action_id=action, value=value, style=style)
