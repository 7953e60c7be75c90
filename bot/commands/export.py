"""`homeward export`: the files a council hands in, and why a row is not in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def _end(
    at: Opened, what: str, file: Path, header: Sequence[str], rows: Iterable[Sequence[str]], left_out: Sequence[LeftOut], *, check: bool
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
