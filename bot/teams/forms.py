"""Forms as dialogs: on one page, with what was typed kept, and how a time was understood shown before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from microsoft_teams.api.models.attachment import AdaptiveCardAttachment, card_attachment
from microsoft_teams.api.models.task_module import CardTaskModuleTaskInfo, TaskModuleContinueResponse, TaskModuleResponse
from microsoft_teams.cards import ActionSet, AdaptiveCard, CardElement, SubmitAction

from bot.teams import controls, render, texts
from bot.teams.tags import Tag
from handlers.echo import understood
from handlers.fields import parts
from handlers.outgoing import Answer, Form

HALF = "Give the time as well, or take the day away."
AGAIN = "Look at it once more, and send it again if it is right."


def opened(form: Form, authority: str | None) -> TaskModuleResponse:
    """A form as it opens."""
    return _page(form, Tag(form.id, dict(form.context), authority, _times(form)))


def again(form: Form, authority: str | None, errors: Mapping[str, str], note: str = "") -> TaskModuleResponse:
    """The form holding what was typed, with a sentence above each field that cannot stand."""
    return _page(form, Tag(form.id, dict(form.context), authority, _times(form)), [note] if note else [], errors)


def echoed(form: Form, of: Tag, told: Mapping[str, str]) -> TaskModuleResponse:
    """The form holding what was typed, with how its times were understood; sent again like this, it is saved."""
    said = [f"{f.label or f.id}: {told[f.id]}" for f in form.fields if f.id in told]
    return _page(form, replace(of, times=_times(form)), ["Understood:", *said, AGAIN])


def to_tell(given: Mapping[str, str], of: Tag, now: datetime) -> dict[str, str]:
    """Times that somebody put in since the form was shown to them, by field, as they are understood."""
    new = {name: value for name, value in given.items() if of.times.get(name) != value}
    return {name: said for name, value in new.items() if (said := understood(value, name, now))}


def with_values(form: Form, values: Mapping[str, str]) -> Form:
    """The form holding what was filled in."""
    return replace(form, fields=tuple(replace(f, value=values.get(f.id, f.value)) for f in form.fields))


def half_a_time(given: Mapping[str, str]) -> dict[str, str]:
    """Days without a time: no moment, and nobody should guess one."""
    return {name: HALF for name, value in given.items() if len(value) == len("2026-02-01")}


def result(of: Answer) -> TaskModuleResponse:
    """What came of it, in the place of the form."""
    return _dialog("Homeward", render.within(texts.lines(of.lines), render.rest(of.reference)))


def sentence(text: str) -> TaskModuleResponse:
    """One sentence in the place of the form."""
    return result(Answer((text,)))


def _times(form: Form) -> dict[str, str]:
    """As the inputs give them back when nobody touches them."""
    shown = {f.id: "T".join(part for part in parts(f.value) if part) for f in form.fields if f.kind == "time"}
    return {name: value for name, value in shown.items() if value}


def _page(form: Form, of: Tag, above: Sequence[str] = (), errors: Mapping[str, str] | None = None) -> TaskModuleResponse:
    errors = errors or {}
    named = {f.id for f in form.fields}
    notes: list[CardElement] = [*texts.lines((form.note, *above))]
    wrong: list[CardElement] = [texts.line(said, warns=True) for name, said in errors.items() if name not in named]
    fields = [element for f in form.fields for element in (*_wrong(f.label or f.id, errors.get(f.id)), *controls.inputs(f))]
    send = ActionSet(actions=[SubmitAction(title=texts.shortened(form.submit, texts.BUTTON), data=of.data(), style="positive")])
    return _dialog(form.title, [*notes, *wrong, *fields, send])


def _wrong(label: str, said: str | None) -> Iterable[CardElement]:
    return [texts.line(f"{label}: {said}", bold=True, warns=True)] if said else []


def _dialog(title: str, elements: Sequence[CardElement]) -> TaskModuleResponse:
    card = AdaptiveCard(version="1.5", body=list(elements))
    held = card_attachment(AdaptiveCardAttachment(content=card))
    info = CardTaskModuleTaskInfo(title=texts.shortened(title, texts.TITLE), height="large", width="medium", card=held)
    return TaskModuleResponse(task=TaskModuleContinueResponse(value=info))
