"""Posts and answers as blocks: pure, and never more than Slack takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ContextBlock, HeaderBlock, SectionBlock

from bot.slack import texts
from handlers.directory import Person
from handlers.labels import FIRST, label
from handlers.outgoing import Answer, Body, Row, several
from policies import words

MOST_BLOCKS = 50
PRESS = "press:"


@dataclass(frozen=True)
class Message:
    """What a message is: the text of its notification, and its blocks."""

    text: str
    blocks: tuple[dict[str, Any], ...]


def post(body: Body, people: Sequence[Person], team: str) -> Message:
    """A post in a workspace; `people` are those it mentions, `team` the workspace it goes to."""
    blocks = [*_head(body, people, team), *_rows(body), *_foot(body)]
    return Message(texts.escaped(body.fallback or "Homeward", texts.FALLBACK), _within(blocks, body.reference))


def answer(of: Answer) -> Message:
    """What the person who acted is told; the notification says no more than that there is an answer."""
    about = f"Homeward: {of.reference}" if of.reference else "Homeward"
    return Message(texts.escaped(about), _within([SectionBlock(text=texts.mrkdwn(chunk)) for chunk in paragraphs(of.lines)], of.reference))


def paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """Lines, escaped, in as few blocks as the words need."""
    chunks: list[list[str]] = [[]]
    for line in (texts.literal(line, 1000) for line in lines):
        if chunks[-1] and sum(map(len, chunks[-1])) + len(chunks[-1]) + len(line) > texts.SECTION - 100:
            chunks.append([])
        chunks[-1].append(line)
    return chunks


def sentence(text: str) -> Message:
    """One sentence for one person."""
    return answer(Answer(tuple(text.split("\n"))))


def button(verb: str, about: str, value: dict[str, Any]) -> ButtonElement:
    """A button that says what it is about to those who cannot see where it stands."""
    return ButtonElement(
        text=texts.plain(label(verb), texts.BUTTON),
        action_id=f"{PRESS}{verb}",
        value=json.dumps(value, separators=(",", ":")),
        style="primary" if verb in FIRST else None,
        accessibility_label=texts.shortened(f"{label(verb)}: {about}", texts.LABEL),
    )


def _head(body: Body, people: Sequence[Person], team: str) -> Iterator[Block]:
    yield HeaderBlock(text=texts.plain(body.headline, texts.HEADER))
    named = [_named(person, team) for person in people if person.id in body.mentions]
    if named:
        yield SectionBlock(text=texts.mrkdwn([" ".join(named)]), block_id="to")


def _named(person: Person, team: str) -> str:
    user = person.account_on("slack", team)
    return (texts.mention(user) if user else "") or texts.literal(person.name)


def _rows(body: Body) -> Iterator[Block]:
    named = several(body)
    for n, row in enumerate(body.rows):
        yield SectionBlock(text=texts.mrkdwn(row_lines(row, named=named)), block_id=f"row:{n}")
        if row.buttons:
            value = {"o": row.obligation, "v": row.version, "r": body.reference, "t": row.to[-1] if row.to else None}
            yield ActionsBlock(elements=[button(verb, row.says, value) for verb in row.buttons], block_id=f"do:{n}")


def row_lines(row: Row, *, named: bool = False) -> list[str]:
    """What is owed, under which clause, `named` for whom; then who owes it by when, or how it ended."""
    whom = texts.literal(f"For {words.label(row.to[0])}: ", 200) if named and row.to else ""
    cited = f" ({', '.join(row.clauses)})" if row.clauses else " (house rule)" if row.house else ""
    below = " · ".join(part for part in (row.state, row.reason) if part)
    return [whom + texts.bold(row.says, 1000) + texts.literal(cited, 500), *([texts.literal(below, 1400)] if below else [])]


def _foot(body: Body) -> Iterator[Block]:
    if body.lines:
        yield SectionBlock(text=texts.mrkdwn([texts.literal(line) for line in body.lines]), block_id="lines")
    if link := texts.link(body.join, "Join the meeting online"):
        yield SectionBlock(text=texts.mrkdwn([link]), block_id="join")
    if body.buttons:
        value = {"r": body.reference}
        yield ActionsBlock(elements=[button(verb, body.reference or "", value) for verb in body.buttons], block_id="episode")
    if body.reference and any(row.buttons for row in body.rows):
        typed = f"Or type /missing have {body.reference}, /missing done {body.reference}"
        yield ContextBlock(elements=[texts.mrkdwn([texts.literal(typed)])], block_id="typed")


def _within(blocks: Sequence[Block], reference: str | None) -> tuple[dict[str, Any], ...]:
    """At most as many blocks as a message may have; what is left out is said, with how to see it."""
    kept = list(blocks)
    if len(kept) > MOST_BLOCKS:
        rest = f"/missing status {reference}" if reference else "/missing mine"
        more = SectionBlock(text=texts.mrkdwn([texts.literal(f"There is more: type {rest}.")]), block_id="more")
        kept = [*kept[: MOST_BLOCKS - 1], more]
    return tuple(block.to_dict() for block in kept)
