"""Which meeting a form is about: asked, unless it is known."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import owed
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.gathering.proposal import kinds
from handlers.outgoing import Field
from policies import words
from policies.worktime import said

Context = Mapping[str, str]
Built = tuple[str, str, list[Field], str]  # the title, what the button says, the fields, what stands above them


def which(desk: Desk, actor: Actor, case: Case, context: Context, *, every: bool = False) -> list[Field]:
    """The question which meeting it is, unless that is known."""
    if context.get("meeting"):
        return []
    options = tuple((kind, _with_when(kind, desk, case)) for kind in kinds(desk, case, actor, every=every))
    return [Field("meeting", "Meeting", "choice", options, required=True, value=options[0][0] if len(options) == 1 else "")]


def _with_when(kind: str, desk: Desk, case: Case) -> str:
    """A kind of meeting, and when it is or has to be."""
    o = owed.open_one(case, desk, kind, None)
    if o is None:
        return words.label(kind)
    if o.meets_at:
        return f"{words.label(kind)}, fixed for {said(o.meets_at)}"
    return f"{words.label(kind)}, {'to be held' if o.due is None else 'was due' if o.due < desk.now else 'due'}" + (
        f" {said(o.due)}" if o.due else ""
    )


def titled(text: str, context: Context) -> str:
    """A title that says which meeting, when it is known."""
    return f"{text}: {words.label(context['meeting'])}" if context.get("meeting") else text


def kind_form(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    """Only which one, of all that may be called here."""
    return "Fix a meeting", "Go on", which(desk, actor, case, context, every=True), ""
