"""`homeward report NAME`: every report the protocols ask for, as text, as pictures, as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opened import AUTHORITY, BY, DATABASE

if TYPE_CHECKING:
    from bot.commands.opened import Opened
    from handlers.reports.design import Design
    from handlers.reports.periods import Period
    from handlers.reports.report import Report

# The words of handlers/reports/catalogue.py, which is not read to answer --help; a test holds the two together.
WORDS = {
    "interviews": "Outstanding return interviews by team: weekly.",
    "absent": "Children absent or away: weekly.",
    "monthly": "Missing episodes: monthly.",
    "quarterly": "Analysis: quarterly.",
    "annual": "Missing children in the year.",
    "trends": "Trends and patterns: monthly.",
    "performance": "Performance of the partnership: quarterly.",
    "panel": "Agenda of the missing panel: monthly.",
    "nominations": "Children to nominate for the panel.",
    "submissions": "Children the panel asks the agencies about.",
    "frequent": "Children who are often missing: monthly.",
    "themes": "Themes for the panel: monthly.",
    "police": "Liaison with police: every two months.",
    "leavers": "Missing care leavers: weekly.",
    "records": "What is not recorded yet: monthly.",
    "documents": "Records, interviews and answers: monthly.",
    "vulnerability": "Absence and vulnerability: monthly.",
    "audit": "Sample for the yearly audit.",
}


def add_to(app: typer.Typer) -> None:
    """Each report is a command of its own, so that --help lists them."""
    for word, about in WORDS.items():
        app.command(word, help=f"{about}\n\nExample: homeward report {word} --period 2027-03")(_command(word))


def _command(word: str) -> Callable[..., None]:
    def report(
        *,
        period: Annotated[str | None, typer.Option(help="A day or month in it (2027-03); the last that is over when left out.")] = None,
        hide: Annotated[bool, typer.Option("--hide", help="Hide figures under five, as outside the coordination room.")] = False,
        png: Annotated[Path | None, typer.Option(help="A folder for its picture.", file_okay=False)] = None,
        xlsx: Annotated[
            Path | None, typer.Option(help="A file for its workbook, which lists episodes by reference.", dir_okay=False)
        ] = None,
        authority: Annotated[str | None, typer.Option(help=AUTHORITY)] = None,
        database: Annotated[str | None, typer.Option(help=DATABASE)] = None,
        by: Annotated[str | None, typer.Option(help=BY)] = None,
    ) -> None:
        _report(word, period, png, xlsx, (authority, database, by), hide=hide)

    return report


def _report(
    word: str, period: str | None, png: Path | None, xlsx: Path | None, where: tuple[str | None, str | None, str | None], *, hide: bool
) -> None:
    from bot.commands.opened import opened
    from handlers.record import taken_out
    from handlers.reports import catalogue, report, say
    from handlers.reports.tally import bring_up_all

    design = catalogue.BY_WORD[word]
    with opened(*where) as at:
        chosen = _period(period, design, at)
        bring_up_all(at.desk, at.authority)
        taken_out(at.desk, at.authority, at.by, {"what": f"report {word}", "period": chosen.name, "workbook": xlsx is not None})
    with opened(*where, only_reads=True) as at:
        made = report.make(at.desk, at.authority, design, chosen, fresh=True)
    typer.echo(say.headline(made))
    for line in say.lines(made, whole=not hide):
        typer.echo(line)
    if png:
        _draw(made, png, whole=not hide)
    if xlsx:
        _keep(made, xlsx)


def _period(named: str | None, design: Design, at: Opened) -> Period:
    """The period asked for, which has begun. Raises Unusable."""
    from bot.errors import Unusable
    from handlers.reports import periods

    if named is None:
        return periods.before(design.every, periods.holding(design.every, at.desk.today))
    try:
        period = periods.named(named, design.every)
    except ValueError as error:
        raise Unusable(str(error)) from None
    if period.starts > at.desk.today:
        raise Unusable(f"{period.name[0].upper()}{period.name[1:]} has not begun; nothing can be counted yet.")
    return period


def _draw(made: Report, folder: Path, *, whole: bool) -> None:
    from bot.errors import Unusable
    from handlers.reports.poster import poster

    try:
        from bot.poster import png

        picture = poster(made, whole=whole)
        content = png(picture)
    except ModuleNotFoundError as error:
        raise Unusable(f"{error.name} is not installed: install homeward[reports], or leave out --png.") from None
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{made.design.word}.png"
    file.write_bytes(content)
    typer.echo(f"{file}: {picture.words}")


def _keep(made: Report, file: Path) -> None:
    from bot.commands.opened import writable
    from bot.errors import Unusable

    try:
        from bot.workbook import xlsx

        content = xlsx(made)
    except ModuleNotFoundError as error:
        raise Unusable(f"{error.name} is not installed: install homeward[reports], or leave out --xlsx.") from None
    writable(file).write_bytes(content)
    typer.echo(f"{file} lists {len(made.listing)} episodes by reference. It is about children: keep it as you keep their records.")
