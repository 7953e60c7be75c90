"""A report as posts: its figures, its pictures, and for one person alone its workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handlers.desk import Desk
from handlers.enclosed import PICTURE, WORKBOOK, Enclosed
from handlers.outgoing import Body
from handlers.reports import say
from handlers.reports.poster import poster
from handlers.reports.report import Report
from storage import outbox
from storage.ids import new_id
from storage.outbox import Post

LISTS = "It lists episodes by reference and is about children: keep it as you keep their records."


@dataclass(frozen=True)
class To:
    """Where a report goes: a room or a person; `key` begins the keys of its posts; `whole`: no figure is hidden there."""

    key: str
    whole: bool
    room: str | None = None
    person: str | None = None


def queue(
    desk: Desk, authority: str, made: Report, to: To, *, about: tuple[str, ...] = (), workbook: bool = False, text: bool = True
) -> None:
    """Queue them in the order in which they are to be read; `about`: what stands below the figures; `text`: with the figures."""
    if text:
        body = _body(made, say.headline(made), (*say.lines(made, whole=to.whole), *about))
        outbox.queue(desk.session, _post(desk, authority, to, body, to.key))
    for n, picture in enumerate(pictures(made, whole=to.whole)):
        outbox.queue(desk.session, _post(desk, authority, to, picture, f"{to.key}:picture:{n}"))
    if workbook:
        outbox.queue(desk.session, _post(desk, authority, to, workbook_of(made), f"{to.key}:workbook"))


def pictures(made: Report, *, whole: bool) -> Iterator[Body]:
    """One for each chart; the first has the answers above it."""
    for n, chart in enumerate(made.design.charts):
        shown = poster(made, whole=whole, chart=n)
        enclosed = Enclosed(PICTURE, *_named(made), f"{made.design.word}-{chart}.png", shown.words, n, whole)
        yield replace(_body(made, shown.title), enclosed=enclosed)


def workbook_of(made: Report) -> Body:
    """What goes to the one who asked, and nobody else."""
    word, starts = made.design.word, made.period.starts.isoformat()
    words = f"It cannot be given here: `homeward report {word} --period {starts} --xlsx {word}.xlsx` writes it."
    enclosed = Enclosed(WORKBOOK, *_named(made), f"{word}-{starts}.xlsx", words, whole=True)
    return replace(_body(made, f"Workbook: {say.headline(made)}", (LISTS,)), enclosed=enclosed)


def _named(made: Report) -> tuple[str, str, str]:
    return made.design.id, made.period.starts.isoformat(), made.as_of.isoformat()


def _body(made: Report, headline: str, lines: tuple[str, ...] = ()) -> Body:
    return Body(reference=None, headline=headline, lines=lines, fallback=f"Homeward: {made.design.title}")


def _post(desk: Desk, authority: str, to: To, body: Body, key: str) -> Post:
    return Post(
        id=new_id(),
        authority=authority,
        kind="report",
        place="room" if to.room else "direct",
        room=to.room,
        person=to.person,
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        key=key,
    )
