"""`homeward import ssd` and `homeward reconcile ssd`: history from the case system, and what the two say differently."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opened import AUTHORITY, BY, DATABASE

if TYPE_CHECKING:
    from bot.commands.opened import Opened
    from handlers.returns.extract import Given, Mistake
    from handlers.returns.taking import Taken

taking = typer.Typer(no_args_is_help=True, help="Take history from the case system, so that thresholds are right on the first day.")
comparing = typer.Typer(no_args_is_help=True, help="Compare with the case system's extract.")
File = Annotated[Path, typer.Argument(help="An extract of ssd_missing as CSV.")]
Authority = Annotated[str | None, typer.Option(help=AUTHORITY)]
Database = Annotated[str | None, typer.Option(help=DATABASE)]
SAID = 20  # mistakes named one by one
AT_ONCE = 100  # persons in one transaction; what is cut off is taken by asking again


@taking.callback()
def take() -> None:
    """Take history from the case system, so that thresholds are right on the first day."""


@comparing.callback()
def compare() -> None:
    """Compare with the case system's extract."""


@taking.command("ssd")
def take_ssd(
    file: File,
    by: Annotated[str, typer.Option(help="Who takes it: a person of homeward.yml. It is kept in the journal.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken.")] = False,
    leave_out: Annotated[bool, typer.Option("--leave-out", help="Take what can be taken, and leave out rows with a mistake.")] = False,
    authority: Authority = None,
    database: Database = None,
) -> None:
    """Take past episodes from an extract of ssd_missing. They count towards thresholds and ask nothing of anybody.

    With a mistake in any row nothing is taken, unless --leave-out is given. Taking the same file twice changes nothing.

    Example: homeward import ssd ssd_missing.csv --by mia.coordinator --dry-run
    """
    from bot.commands.opened import opened

    with opened(authority, database, by) as at:
        rows = _without_mistakes(*_read(file, at), leave_out=leave_out)
    from handlers.returns.extract import by_person

    people = list(by_person(rows).items())
    done = None
    for n in range(0, len(people), AT_ONCE):
        with opened(authority, database, by) as at:
            part = _take(at, people[n : n + AT_ONCE], keep=not dry_run)
        done = part if done is None else done.plus(part)
    _say(done, keep=not dry_run)


@comparing.command("ssd")
def compare_ssd(
    file: File,
    *,
    authority: Authority = None,
    database: Database = None,
    by: Annotated[str | None, typer.Option(help=BY)] = None,
) -> None:
    """List every episode that the extract and the bot say differently; 1 when there is any.

    Example: homeward reconcile ssd ssd_missing.csv
    """
    from bot.commands.opened import opened
    from handlers.record import taken_out
    from handlers.returns.comparing import differences

    with opened(authority, database, by) as at:
        rows, mistakes = _read(file, at)
        found = [*(str(one) for one in mistakes), *differences(at.desk, at.authority, rows)]
        taken_out(at.desk, at.authority, at.by, {"what": "reconcile ssd", "rows": len(rows)})
    for line in found:
        typer.echo(line)
    typer.echo(f"{len(rows)} rows were compared: {len(found) or 'nothing'} differ{'s' if len(found) < 2 else ''}.")
    raise typer.Exit(1 if found else 0)


def _read(file: Path, at: Opened) -> tuple[list[Given], list[Mistake]]:
    from bot.errors import Unusable
    from handlers.returns.extract import NotAnExtract, read

    try:
        return read(file, at.desk.now)
    except NotAnExtract as error:
        raise Unusable(str(error)) from None


def _without_mistakes(rows: list[Given], mistakes: list[Mistake], *, leave_out: bool) -> list[Given]:
    """The rows, those with a mistake left out; ends with 1 when there is one and it may not be left out."""
    for one in mistakes[:SAID]:
        typer.echo(str(one), err=True)
    if len(mistakes) > SAID:
        typer.echo(f"and {len(mistakes) - SAID} more", err=True)
    if mistakes and not leave_out:
        typer.echo(f"{len(mistakes)} rows have a mistake, so nothing is taken. Correct them, or give --leave-out.", err=True)
        raise typer.Exit(1)
    wrong = {one.line for one in mistakes}
    return [row for row in rows if row.line not in wrong]


def _take(at: Opened, people: Iterable[tuple[str, list[Given]]], *, keep: bool) -> Taken:
    from handlers.desk import actor
    from handlers.returns.taking import Taken, take

    who, done = actor(at.desk, at.by, at.authority), Taken()
    for person, rows in people:
        done = done.plus(take(at.desk, who, person, rows, keep=keep))
    return done


def _say(done: Taken | None, *, keep: bool) -> None:
    from handlers.returns.taking import Taken, sentence

    done = done or Taken()
    for row, reference in done.overlapping[:SAID]:
        typer.echo(f"line {row.line}: it overlaps {reference}, which is here and begins at another time; it is left out.", err=True)
    for row in done.open_ones[:SAID]:
        typer.echo(f"line {row.line}: {row.table_id} has no end; it is left out.", err=True)
    typer.echo(sentence(done, keep=keep))
