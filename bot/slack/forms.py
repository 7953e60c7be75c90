"""Forms as modals: in two steps when they are long, with what was typed kept, and nothing in the metadata that could name a child."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ContextBlock, SectionBlock
from slack_sdk.models.views import View

from bot.slack import controls, render, texts
from bot.slack.tags import Tag, errors_in, values
from handlers.echo import understood
from handlers.labels import YES_NO
from handlers.outgoing import Answer, Field, Form, Problems

CALLBACK, LOADING, WHOLE = "form:", "form:loading", "form-whole"
LONG = 16  # blocks: more than two screens of a telephone
CARRIED = frozenset({"choice", "yesno", "time"})  # answers that are no words of anybody's
MOST_BLOCKS = 100
NEXT = "Next"


def opened(form: Form, authority: str | None) -> dict[str, Any]:
    """A form as it opens: its first step when it is long and nobody has written anything into it yet."""
    blocks = [block for f in form.fields for block in controls.inputs(f)]
    words = [f for f in form.fields if f.kind not in CARRIED]
    if len(blocks) <= LONG or not words or any(f.value for f in words) or _asks_first(form):
        return whole(form, authority)
    step = replace(form, fields=tuple(f for f in form.fields if f.kind in CARRIED), submit=NEXT)
    return _view(step, Tag(form.id, dict(form.context), authority, first=True), "Step 1 of 2. Whatever you do not know, leave empty.")


def second(form: Form, authority: str | None, carried: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The second step, which shows how the first was understood and gives a way back to it."""
    step = replace(form, fields=tuple(f for f in form.fields if f.kind not in CARRIED))
    carried = {f.id: carried[f.id] for f in form.fields if f.kind in CARRIED and f.id in carried}  # words never travel so
    told = [_told(f, carried[f.id], now) for f in form.fields if carried.get(f.id)]
    change = ButtonElement(text=texts.plain("Change these", texts.BUTTON), action_id=WHOLE, value="whole")
    above: list[Block] = [
        SectionBlock(text=texts.mrkdwn([texts.literal(line, 300) for line in ("Step 2 of 2. You said:", *told)]), block_id="told"),
        ActionsBlock(elements=[change], block_id="change"),
    ]
    return _view(step, Tag(form.id, dict(form.context), authority, carried), "", above)


def whole(form: Form, authority: str | None, errors: Mapping[str, str] | None = None, note: str = "") -> dict[str, Any]:
    """Everything on one page, with a sentence above each field that cannot stand."""
    return _view(form, Tag(form.id, dict(form.context), authority), note, errors=errors)


def loading(title: str = "Homeward") -> dict[str, Any]:
    """What opens at once, while the form is being made: a trigger lives for three seconds."""
    line = SectionBlock(text=texts.mrkdwn(["One moment …"]))
    return _plain_view(title, [line.to_dict()], LOADING)


def result(of: Answer) -> dict[str, Any]:
    """What came of it, in the place of the form."""
    shown = [{"type": "mrkdwn", "text": texts.fitting(chunk), "verbatim": True} for chunk in render.paragraphs(of.lines)[:MOST_BLOCKS]]
    return _plain_view("Homeward", [{"type": "section", "text": text} for text in shown], "form:result")


def sentence(text: str) -> dict[str, Any]:
    """One sentence in the place of the form."""
    return result(Answer(tuple(text.split("\n"))))


def with_values(form: Form, values: Mapping[str, str]) -> Form:
    """The form holding what was filled in."""
    return replace(form, fields=tuple(replace(f, value=values.get(f.id, f.value)) for f in form.fields))


def echoed(view: Mapping[str, Any], name: str, now: datetime) -> dict[str, Any]:
    """The open view once more, with how a time was understood below it. What was typed stays: the ids stay the same."""
    mark = f"{name}|echo"
    line = understood(values(view).get(name, ""), name, now)
    blocks = [block for block in view["blocks"] if block.get("block_id") != mark]
    if line and len(blocks) < MOST_BLOCKS:
        after = next(n for n, block in enumerate(blocks) if block.get("block_id") == f"{name}{controls.TIME}")
        shown = ContextBlock(elements=[texts.mrkdwn([texts.literal(line)])], block_id=mark)
        blocks.insert(after + 1, shown.to_dict())
    kept = {key: view[key] for key in ("type", "title", "submit", "close", "callback_id", "private_metadata") if view.get(key)}
    return {**kept, "blocks": blocks}


def asked_again(problems: Problems, view: Mapping[str, Any], authority: str | None) -> dict[str, Any]:
    """The answer to a submission that cannot stand: errors in place, or the whole form where the place is not on this page."""
    placed = errors_in(view, problems.errors)
    if placed:
        return {"response_action": "errors", "errors": placed}
    return {"response_action": "update", "view": whole(problems.form, authority, problems.errors)}


def _asks_first(form: Form) -> bool:
    return any(f.id == "same" for f in form.fields)


def _told(f: Field, value: str, now: datetime) -> str:
    shown = dict((*f.options, *YES_NO)).get(value, value)
    if f.kind == "time":
        shown = understood(value, f.id, now) or value
    return f"{f.label}: {shown}"


def _view(form: Form, of: Tag, note: str, above: Sequence[Block] = (), errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    notes = [part for part in (form.title if len(form.title) > texts.TITLE else "", form.note, note) if part]
    head: list[Block] = [SectionBlock(text=texts.mrkdwn([texts.literal(part) for part in notes]), block_id="form-note")] if notes else []
    blocks = [*head, *above, *_fields(form.fields, errors or {})]
    view = View(
        type="modal",
        callback_id=f"{CALLBACK}{form.id}",
        title=texts.plain(form.title, texts.TITLE),
        submit=texts.plain(form.submit, texts.TITLE),
        close=texts.plain("Cancel", texts.TITLE),
        private_metadata=of.written(),
        blocks=blocks[:MOST_BLOCKS],
    )
    return view.to_dict()


def _fields(fields: Iterable[Field], errors: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    named = {f.id for f in fields}
    above = [sentence for name, sentence in errors.items() if name not in named]
    if above:
        blocks.append(SectionBlock(text=texts.mrkdwn([texts.literal(line) for line in above]), block_id="problem"))
    for f in fields:
        if f.id in errors:
            line = texts.bold(f"{f.label}: {errors[f.id]}")
            blocks.append(SectionBlock(text=texts.mrkdwn([line]), block_id=f"problem:{f.id}"))
        blocks.extend(controls.inputs(f))
    return blocks


def _plain_view(title: str, blocks: list[dict[str, Any]], callback: str) -> dict[str, Any]:
    """Made by hand: everybody who reports waits for it, and the SDK's own way costs as much as sealing what they said."""
    return {"type": "modal", "callback_id": callback, **_frame(title), "blocks": blocks}


@lru_cache(maxsize=64)
def _frame(title: str) -> dict[str, Any]:
    return {"title": texts.plain(title, texts.TITLE).to_dict(), "close": texts.plain("Close", texts.TITLE).to_dict()}
