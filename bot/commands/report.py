"""`homeward report`: what is printed for people, at the machine of whoever runs it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opened import needed, write_new
from bot.commands.reports import add_to

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from handlers.desk import Office
    from handlers.pages.sheet import Sheet

app = typer.Typer(no_args_is_help=True, help="Reports, printed at this machine.")
add_to(app)


@app.callback()
def report() -> None:
    """Reports, printed at this machine."""


@app.command("open")
def open_children(
    *,
    pdf: Annotated[bool, typer.Option("--pdf", help="Make a PDF to print, instead of text.")] = False,
    out: Annotated[Path | None, typer.Option(help="The PDF's file; it must be new.", dir_okay=False)] = None,
    authority: Annotated[str | None, typer.Option(help="Its id in homeward.yml; all of them when left out.")] = None,
    names: Annotated[bool, typer.Option("--names", help="With names, birth dates and case numbers; needs --by.")] = False,
    by: Annotated[str | None, typer.Option(help="Who asks: a person of homeward.yml.")] = None,
    database: Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")] = None,
) -> None:
    """Print the children who are not back: what is late, who owes it, whom to ring. Works while chat is down; kept in the journal.

    Example: homeward report open --pdf
    """
    from bot import configuration
    from bot.commands.desks import existing
    from bot.errors import Unusable
    from bot.settings import read
    from bot.wiring import office_of
    from storage.errors import Unavailable

    if pdf or out:
        needed("reportlab", instead=", or leave out --pdf")
    settings, now = read(), datetime.now(UTC)
    office = office_of(settings, configuration.read(settings.homeward_config))
    try:
        with existing(database or settings.database_url.get_secret_value()) as engine:
            sheets = shown_sheets(engine, office, now, _chosen(office, authority), names=names, by=by)
    except Unavailable as gone:
        raise Unusable(str(gone)) from None
    _give(sheets, out or (Path(f"homeward-open-{now:%Y%m%d-%H%M%S}.pdf") if pdf else None))


def _chosen(office: Office, authority: str | None) -> list[str]:
    from bot.errors import Unusable
    from policies import words

    known = [a.id for a in office.directory.authorities]
    if authority and authority not in known:
        raise Unusable(f"'{authority}' is not an authority of homeward.yml{words.nearest(authority, known) or '.'}")
    return [authority] if authority else known


def shown_sheets(engine: Engine, office: Office, now: datetime, chosen: list[str], *, names: bool, by: str | None) -> list[Sheet]:
    """The sheets; first it is written down that they are shown. With names, who is not known or may not see them gets none."""
    from bot.errors import Unusable
    from handlers.desk import Desk, actor
    from handlers.errors import HandlerError
    from handlers.pages.sheet import note_shown, sheet
    from handlers.verbs.show import staff
    from storage.db import reading, transaction
    from storage.errors import Unavailable

    if names and not by:
        raise Unusable("Names are shown to somebody: say who with --by, a person of homeward.yml who works for the council.")
    try:
        with transaction(engine, PATIENCE) as session:
            desk = Desk(session, now, office)
            for authority in chosen:
                if by and not staff(actor(desk, by, authority)):
                    raise Unusable(f"{by} holds no role of the council, so this sheet is not for them.")
                note_shown(desk, authority, by or _whoever(), names=names)
    except HandlerError as refused:
        raise Unusable(str(refused)) from None
    except Unavailable as gone:
        if names:
            raise Unusable(f"{gone} Names are shown only when that can be written down; leave out --names.") from None
        typer.echo(f"homeward: {gone} That this was printed is not in the journal; write it down by hand.", err=True)
    with reading(engine) as session:
        return [sheet(Desk(session, now, office), authority, names=names) for authority in chosen]


PATIENCE = 5.0  # seconds to wait for other writers


def _whoever() -> str:
    from getpass import getuser

    try:
        return f"command line: {getuser()}"
    except (OSError, KeyError):
        return "command line"


def _give(sheets: list[Sheet], file: Path | None) -> None:
    """On paper into a file, else as text."""
    from bot.paper import plain, printed

    if file is None:
        typer.echo("\n\n".join(plain(sheet) for sheet in sheets))
        return
    write_new(file, printed(sheets))
    typer.echo(f"{file}: {' '.join(sheet.summary for sheet in sheets)}")
