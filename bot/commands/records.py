"""`homeward records`: how long what is over stays, what must be kept, what is erased, what somebody may read about themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

if TYPE_CHECKING:
    from handlers.desk import Actor, Desk

app = typer.Typer(no_args_is_help=True, help="Records: retention, legal hold, erasure, subject access.")
Authority = Annotated[str, typer.Option(help="Its id in homeward.yml.")]
By = Annotated[str, typer.Option(help="Who decides: a person of homeward.yml, a head of service, the coordinator or an administrator.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept sealed in the journal.")]
Reference = Annotated[str, typer.Argument(help="An episode of the child, like HW-7F3K.")]
Database = Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")]


@app.callback()
def records() -> None:
    """Records: retention, legal hold, erasure, subject access."""


@app.command()
def due(authority: Authority, by: By, database: Database = None) -> None:
    """The dry run: name everything whose time is over by the authority's rule, and what a legal hold keeps; changes nothing.

    Example: homeward records due --authority westbrook --by mia.coordinator
    """
    from bot.commands.desks import acting
    from handlers import retention

    def look(desk: Desk, actor: Actor) -> list[str]:
        actor.check("records")
        return [retention.line(desk, actor, one) for one in retention.due(desk, actor.authority)]

    _print(acting(authority, by, database, look, keep=False), "Nothing is over its time.")


@app.command()
def run(authority: Authority, by: By, reason: Reason, database: Database = None) -> None:
    """Erase everything whose time is over and that no legal hold keeps; a tombstone of each stays in the journal.

    Example: homeward records run --authority westbrook --by mia.coordinator --reason "25 months after closing"
    """
    from bot.commands.desks import acting
    from handlers import retention

    erased = acting(
        authority,
        by,
        database,
        lambda desk, actor: [f"Erased: {retention.line(desk, actor, one)}" for one in retention.run(desk, actor, reason)],
    )
    _print(erased, "Nothing is over its time.")


@app.command()
def erase(reference: Reference, authority: Authority, by: By, reason: Reason, database: Database = None) -> None:
    """Erase one child's record before its time: keys destroyed, posts blanked, a tombstone kept.

    Example: homeward records erase HW-7F3K --authority westbrook --by mia.coordinator --reason "the court ordered it"
    """
    from bot.commands.desks import acting
    from handlers import retention

    _print(acting(authority, by, database, lambda desk, actor: list(retention.erase(desk, actor, reference, reason).lines)))


@app.command()
def hold(
    reference: Reference,
    authority: Authority,
    by: By,
    reason: Reason,
    *,
    release: Annotated[bool, typer.Option("--release", help="Release it.")] = False,
    database: Database = None,
) -> None:
    """Put a legal hold on a child's record, so that nothing erases it; or release it.

    Example: homeward records hold HW-7F3K --authority westbrook --by mia.coordinator --reason "review of the case"
    """
    from bot.commands.desks import acting
    from handlers import retention

    _print(acting(authority, by, database, lambda desk, actor: list(retention.hold(desk, actor, reference, reason, release=release).lines)))


@app.command()
def refused(authority: Authority, by: By, database: Database = None) -> None:
    """List posts of erased records that a platform has not blanked (yet), for somebody to delete by hand; ends with 1 when there are any.

    Those of the authority's own records, in whosever room they stand, and those in its rooms of what another shared with it.

    Example: homeward records refused --authority westbrook --by mia.coordinator
    """
    from bot.commands.desks import acting
    from handlers import retention

    found = acting(authority, by, database, retention.refused, keep=False)
    _print(found, "Every post of an erased record is blank.")
    raise typer.Exit(1 if found else 0)


@app.command()
def access(
    reference: Reference,
    authority: Authority,
    by: By,
    reason: Reason,
    out: Annotated[Path, typer.Option(help="The file; it must be new, and only you can read it.", dir_okay=False)],
    database: Database = None,
) -> None:
    """Write all that is kept about a child into a file, for a subject access request; check for others' data before you hand it out.

    Example: homeward records access HW-7F3K --authority westbrook --by mia.coordinator --reason "request of 3 May" --out request.json
    """
    import json

    from bot.commands.desks import acting
    from handlers import retention

    with _new(out) as file:
        found = acting(authority, by, database, lambda desk, actor: retention.everything(desk, actor, reference, reason))
        json.dump(found, file, ensure_ascii=False, indent=2)
    typer.echo(f"{out} holds {len(found['episodes'])} episodes. Others' names and words are in it: read it before you hand it out.")


@contextmanager
def _new(out: Path) -> Iterator[TextIO]:
    """A file that only its owner may read, made before anything is looked at; gone again where nothing came of it."""
    import os

    from bot.errors import Unusable

    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Unusable(f"{out} cannot be made ({error.strerror}); name a new file.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        try:
            yield file
        except BaseException:
            out.unlink()
            raise


def _print(lines: list[str], nothing: str = "") -> None:
    for line in lines or [nothing]:
        typer.echo(line)
