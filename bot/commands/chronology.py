"""`homeward chronology`: everything about one episode or one child, for a review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opened import DATABASE, needed, write_new

if TYPE_CHECKING:
    from handlers.chronicle.chronology import Chronology
    from handlers.desk import Actor, Desk
    from handlers.reports.shapes import Course
    from storage.episodes import EpisodeRow

HELP = """Write the chronology of an episode, or of a child, as a PDF: every event, who, when it happened and when it was written down, what
was due and when it was met, each message with the proof of its delivery, each entry with its place in the journal.

Example: homeward chronology HW-7F3K --by mia.coordinator --redacted
"""


def chronology(
    reference: Annotated[str, typer.Argument(help="The episode, such as HW-7F3K.")],
    by: Annotated[str, typer.Option(help="Who asks: a person of homeward.yml who works for the council. It is kept in the journal.")],
    *,
    child: Annotated[bool, typer.Option("--child", help="All episodes of its child.")] = False,
    redacted: Annotated[bool, typer.Option("--redacted", help="For partners: roles in place of names, nobody's own words.")] = False,
    out: Annotated[Path | None, typer.Option(help="The PDF's file; it must be new.", dir_okay=False)] = None,
    authority: Annotated[str | None, typer.Option(help="Its id in homeward.yml; that of the episode when left out.")] = None,
    database: Annotated[str | None, typer.Option(help=DATABASE)] = None,
) -> None:
    from bot.charts import png
    from bot.chronicle import pdf

    needed("reportlab", *(("matplotlib",) if child else ()))
    file = out or Path(f"homeward-chronology-{reference.upper()}{'-redacted' if redacted else ''}.pdf")
    made, picture = _made(reference, by, (authority, database), child=child, redacted=redacted)
    content = pdf(made, png(picture) if picture else None, picture.words if picture else "")
    write_new(file, content)
    typer.echo(f"{file}: {len(made.events)} events and messages. It is about a child: keep it as you keep the record.")


def _made(
    reference: str, by: str, where: tuple[str | None, str | None], *, child: bool, redacted: bool
) -> tuple[Chronology, Course | None]:
    """The chronology and, of a child, the course of the episodes; that they are shown is written down. Raises Unusable."""
    from bot.commands.opened import opened
    from bot.errors import Unusable
    from handlers import record
    from handlers.chronicle.chronology import chronology as whole
    from handlers.desk import actor
    from handlers.seeing import may_know
    from handlers.verbs.show import staff
    from storage import episodes

    with opened(where[0], where[1], by) as at:
        row = episodes.by_reference(at.desk.session, reference)
        who = actor(at.desk, by, at.authority)
        if row is None or row.authority != at.authority or not may_know(at.desk, row, who):
            raise Unusable(f"There is no episode {reference.upper()[:12]} here that {by} may see.")
        if not staff(who):
            raise Unusable(f"{by} holds no role of the council, so this chronology is not for them.")
        what = {"what": f"chronology{' of the child' if child else ''}{', redacted' if redacted else ''}", "reference": row.reference}
        record.write(at.desk, who, "shown", what, child=row.child_id, episode=None)
        made = whole(at.desk, who, row, whole_child=child, redacted=redacted)
        return made, _course(at.desk, row, who) if child else None


def _course(desk: Desk, row: EpisodeRow, who: Actor) -> Course:
    """The child's missing episodes, as far as who asks may know of them, against the windows of its protocol."""
    from handlers.reports.pictures import course
    from handlers.reports.rows import row_of
    from handlers.reports.tally import bring_up_all
    from handlers.seeing import may_know
    from storage import children, episodes, figures

    bring_up_all(desk, row.authority)
    rules = [rule for rule in desk.pack(row.pack_hash).thresholds if rule.window and rule.of == "missing"]
    windows = [(rule.window.exact.days or rule.window.months * 30, rule.count) for rule in rules if rule.window]
    own = figures.of_child(desk.session, row.authority, children.survivor(desk.session, row.child_id))
    seen = {one.id for one in episodes.of_child(desk.session, row.child_id) if may_know(desk, one, who)}
    rows = [row_of(one, desk.now) for one in own if one.episode_id in seen]
    return course(row.reference, rows, sorted(set(windows)), desk.now)
