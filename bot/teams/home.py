"""Somebody's own page, in their talk with the bot: a card with its buttons, in pages, made anew whenever they look at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from microsoft_teams.cards import ActionSet, AdaptiveCard, CardElement, Container, ExecuteAction, RefreshDefinition

from bot.teams import render, texts
from handlers.pages.home import Home, Item
from policies.worktime import said

PAGE = "page"  # in the data of a button: which page to show after it


def card(of: Home, now: datetime, told: Sequence[str] = ()) -> AdaptiveCard:
    """The page as it stands now; `told`: what came of the button just pressed on it."""
    above = [Container(style="emphasis", items=list(texts.lines(told)))] if told else []
    elements: list[CardElement] = [
        *above,
        texts.heading("Homeward"),
        texts.line(_status(of, now), subtle=True),
        ActionSet(actions=[render.opening("Report a missing child", {"say": "report"}), *_pages(of)]),
        *_items("What you owe, by when", of.owed, "You owe nothing that has a date.", of.page),
        *_items("Your checklist: no time given", of.checklist, "", of.page),
        *_items("Invitations that wait for your answer", of.invitations, "", of.page),
        *_list("Children you are responsible for", of.children, ""),
        *_list("Missing now", of.missing, "Nobody is missing now."),
        *_list("Late", of.late, "Nothing is late."),
        *_list("No answer to an invitation yet", of.silent, ""),
    ]
    return render.carded(render.within(elements, "list")).with_refresh(RefreshDefinition(action=_as_it_is_now(of)))


def _status(of: Home, now: datetime) -> str:
    page = f" · page {of.page + 1} of {of.pages}" if of.pages > 1 else ""
    return f"{of.name} · as of {said(now)}{page}"


def _items(title: str, items: Sequence[Item], empty: str, page: int) -> Iterator[CardElement]:
    if not items and not empty:
        return
    yield texts.line(title, bold=True).with_separator(True)
    yield from texts.lines((empty,) if not items else ())
    for item in items:
        cited = f" ({', '.join(item.clauses)})" if item.clauses else " (house rule)"
        yield texts.line(f"{item.reference}: {item.says}{cited}")
        yield texts.line(f"{'Late: ' if item.late else ''}{item.state}", subtle=True, warns=item.late).with_spacing("None")
        data = {"o": item.obligation, "v": item.version, "r": item.reference, PAGE: page}
        yield ActionSet(actions=[render.button(verb, item.says, data) for verb in item.buttons])


def _list(title: str, lines: Iterable[str], empty: str) -> Iterator[CardElement]:
    shown = [*lines] or ([empty] if empty else [])
    if shown:
        yield texts.line(title, bold=True).with_separator(True)
        yield from texts.lines(shown)


def _as_it_is_now(of: Home) -> ExecuteAction:
    """Pressed by themselves, or by Teams when they open the talk."""
    return render.pressing("As it is now", {"verb": "home", PAGE: of.page})


def _pages(of: Home) -> Iterator[ExecuteAction]:
    yield _as_it_is_now(of)
    if of.page > 0:
        yield render.pressing("Earlier", {"verb": "home", PAGE: of.page - 1})
    if of.page + 1 < of.pages:
        yield render.pressing("More", {"verb": "home", PAGE: of.page + 1})
