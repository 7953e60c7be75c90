"""`homeward export`: the files a council hands in, and why a row is not in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opened import AUTHORITY, BY, DATABASE

if TYPE_CHECKING:
    from bot.commands.opened import Opened
    from handlers.returns.lines import LeftOut

app = typer.Typer(no_args_is_help=True, help="Statutory returns: SSDA903, Annex A, SSD.")
Authority = Annotated[str | None, typer.Option(help=AUTHORITY)]
Database = Annotated[str | None, typer.Option(help=DATABASE)]
By = Annotated[str | None, typer.Option(help=BY)]
Out = Annotated[Path | None, typer.Option("--out", help="The file to write; its usual name here when left out.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; say every row that would be left out, and why.")]


@app.callback()
def export() -> None:
    """Statutory returns: SSDA903, Annex A, SSD."""


@app.command()
def ssda903(
    year: Annotated[int, typer.Option(help="The collection year, by the year it ends in: 2027 is April 2026 to March 2027.")],
    *,
    out: Out = None,
    check: Check = False,
    authority: Authority = None,
    database: Database = None,
    by: By = None,
) -> None:
    """Write the SSDA903 table Missing: children looked after by the authority, dates only.

    Rows that the sector's rules 567, 574 or 586 would refuse keep the file from being written; each is named.

    Example: homeward export ssda903 --year 2027 --check
    """
    from bot.commands.opened import opened, writable
    from bot.errors import Unusable
    from handlers.returns import ssda903 as missing

    file = writable(out or Path("missing.csv"))
    with opened(authority, database, by) as at:
        collection = missing.Collection(year)
        if year < collection.EARLIEST or collection.first > at.desk.today:
            raise Unusable(f"The collection year {year} has not begun; give the year it ends in, such as {missing.year_of(at.desk.today)}.")
        table = missing.table(at.desk, at.authority, collection)
        _end(at, f"ssda903 {year}", file, missing.HEADER, (one.cells() for one in table.entries), table.left_out, check=check)


@app.command("annex-a")
def annex_a(
    *,
    on: Annotated[str | None, typer.Option(help="The twelve months up to this day (2027-03-31); up to now when left out.")] = None,
    out: Out = None,
    check: Check = False,
    authority: Authority = None,
    database: Database = None,
    by: By = None,
) -> None:
    """Write the four columns of Annex A list 8 that are about missing, one row a child looked after who has an episode.

    Example: homeward export annex-a --on 2027-03-31
    """
    from bot.commands.opened import opened, writable
    from handlers.returns import annex_a as list_8

    file = writable(out or Path("annex-a-list-8.csv"))
    with opened(authority, database, by) as at:
        end = _end_of(on, at)
        made, left_out = list_8.figures(at.desk, at.authority, end)
        _end(at, f"annex-a {end.date()}", file, list_8.HEADER, (one.cells() for one in made), left_out, check=check)


@app.command()
def ssd(*, out: Out = None, check: Check = False, authority: Authority = None, database: Database = None, by: By = None) -> None:
    """Write the SSD table ssd_missing: every episode of every child whose case reference is known.

    Example: homeward export ssd --out ssd_missing.csv
    """
    from bot.commands.opened import opened, writable
    from handlers.returns import ssd as table

    file = writable(out or Path("ssd_missing.csv"))
    with opened(authority, database, by) as at:
        made, left_out = table.rows(at.desk, at.authority)
        _end(at, "ssd", file, table.HEADER, made, left_out, check=check)


def _end_of(on: str | None, at: Opened) -> datetime:
    """The end of a day that has come, or now. Raises Unusable."""
    from datetime import date

    from bot.errors import Unusable
    from policies.worktime import end_of_day

    if on is None:
        return at.desk.now
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise Unusable(f"'{on}' is not a day; write 2027-03-31.") from None
    if day > at.desk.today:
        raise Unusable(f"{day:%-d %B %Y} has not come yet.")
    return min(end_of_day(day), at.desk.now)


def _end(
    at: Opened, what: str, file: Path, header: Sequence[str], rows: Iterable[Sequence[object]], left_out: Sequence[LeftOut], *, check: bool
) -> None:
    """Say what is left out, write the file unless something is wrong, and keep in the journal that it was written."""
    from handlers.record import taken_out
    from handlers.returns import cells

    faults = [one for one in left_out if one.fault]
    for one in left_out if check else faults:
        typer.echo(str(one), err=not check)
    if faults:
        typer.echo(f"{_counted(len(faults), 'row is', 'rows are')} wrong, so nothing is written. Correct them and ask again.", err=True)
        raise typer.Exit(1)
    if check:
        typer.echo(f"{_counted(sum(1 for _ in rows), 'row', 'rows')} would be written, {len(left_out)} left out. Nothing is wrong.")
        return
    count = cells.write(file, header, rows)
    taken_out(at.desk, at.authority, at.by, {"what": f"export {what}", "rows": count})
    typer.echo(f"{file} has {_counted(count, 'row', 'rows')}; {len(left_out)} left out (--check says why).")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
