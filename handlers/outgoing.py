"""What goes out: typed bodies without markup, the same for every platform; never a child's name or a free text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from handlers.enclosed import Enclosed, File
from policies import words


class Row(NamedTuple):
    """One ping in a post. `buttons` are verbs a press may name with the obligation and its version; none once it has ended."""

    rule: str
    says: str
    kind: str
    to: tuple[str, ...]
    action: str | None = None
    clauses: tuple[str, ...] = ()
    owner: str = ""
    due: str | None = None
    state: str = ""
    reason: str = ""
    obligation: str | None = None
    version: int = 0
    buttons: tuple[str, ...] = ()
    house: bool = False
    over: bool = False


@dataclass(frozen=True)
class Body:
    """A post. `mentions` are ids of people; `fallback` is all that a notification on a locked phone may show.

    `join`: the address of an online meeting, shown as a link.
    """

    reference: str | None
    headline: str
    rows: tuple[Row, ...] = ()
    lines: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    fallback: str = ""
    urgent: bool = False
    broadcast: bool = False
    join: str = ""
    enclosed: Enclosed | None = None

    def stored(self) -> dict[str, Any]:
        """The body as the outbox keeps it, without what is as usual."""
        told = {name: value for name, value in vars(self).items() if value or name in _ALWAYS}
        enclosed = {"enclosed": vars(self.enclosed)} if self.enclosed else {}
        return {**told, "rows": [_told(row) for row in self.rows], **enclosed}


_ALWAYS = frozenset({"reference", "headline", "lines"})
_USUAL = tuple(Row._field_defaults.get(name, ...) for name in Row._fields)


def _told(row: Row) -> dict[str, Any]:
    return {name: value for name, value, usual in zip(Row._fields, row, _USUAL, strict=True) if value != usual}


def body(stored: Mapping[str, Any]) -> Body:
    """A body as the outbox kept it, or as earlier versions did, with everything in it."""
    rows = tuple([Row(**_tuples(row, "to", "clauses", "buttons")) for row in stored["rows"]])
    enclosed = Enclosed(**stored["enclosed"]) if "enclosed" in stored else None
    return Body(**{**_tuples(stored, "lines", "mentions", "buttons"), "rows": rows, "enclosed": enclosed})


def _tuples(stored: Mapping[str, Any], *lists: str) -> dict[str, Any]:
    return {**stored, **{name: tuple(stored[name]) for name in lists if name in stored}}


def in_words(of: Body) -> Body:
    """The post with words in the place of its file."""
    return replace(of, lines=(*of.lines, of.enclosed.words), enclosed=None) if of.enclosed else of


def plain(of: Body) -> str:
    """The post as plain text: what a screen reader reads, an e-mail holds, the simulator prints."""
    of = in_words(of)
    lines = [of.headline, *(f"- {row_text(row, named=several(of))}" for row in of.rows), *of.lines, f"Join: {of.join}" if of.join else ""]
    return "\n".join(line for line in lines if line)


def several(of: Body) -> bool:
    """Whether the post is for more than one role, so that each row says whom it is for."""
    return len({row.to[0] for row in of.rows if row.to}) > 1


def row_text(row: Row, *, named: bool = False) -> str:
    """One ping in a sentence: what, who, by when or how late, which clause; `named`: whom it is for, in a post to several."""
    whom = f"For {words.label(row.to[0])}: " if named and row.to else ""
    cited = f" ({', '.join(row.clauses)})" if row.clauses else " (house rule)" if row.house else ""
    return f"{whom}{row.says}{cited}" + (f": {row.state}" if row.state else "") + (f" · {row.reason}" if row.reason else "")


@dataclass(frozen=True)
class Answer:
    """What the person who acted is told, privately. `reference` of the episode it is about; `seen`: what it shows, for the journal."""

    lines: tuple[str, ...]
    reference: str | None = None
    seen: str = ""
    files: tuple[File, ...] = ()

    @property
    def text(self) -> str:
        """The answer as text."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Field:
    """One field of a form. kind: text, long, choice, time, date, yesno (yes / no / not known). `options`: (value, label)."""

    id: str
    label: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    value: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """A form to open; `context` comes back with what was typed (reference, obligation, version)."""

    id: str
    title: str
    fields: tuple[Field, ...]
    submit: str
    context: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Problems:
    """The form again, with what was typed kept and one sentence at each field that cannot stand."""

    form: Form
    errors: Mapping[str, str]


Reply = Answer | Form | Problems


@dataclass(frozen=True)
class Sent:
    """That a platform took a post: its own reference for it. `missed`: who of those it mentions is not in that room."""

    reference: str
    at: datetime
    channel: str | None = None
    missed: tuple[str, ...] = ()
