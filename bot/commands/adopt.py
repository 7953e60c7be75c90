"""`homeward packs adopt`: open episodes of an authority move to the edition in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from handlers.verbs.adopt import Adopted

HELP = """Move the open episodes of an authority to the edition homeward.yml names, with a reason; print what changes.

New episodes follow that edition anyway; open ones stay with the edition they began under until this is done. Each gets one post.

Example: homeward packs adopt westbrook --by mia.coordinator --reason "Version 16 is in force since Monday"
"""


def adopt(
    authority: Annotated[str, typer.Argument(help="Its id in homeward.yml.")],
    by: Annotated[str, typer.Option(help="Who decides: a person of homeward.yml, a head of service, the coordinator or an administrator.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept in the journal of every episode.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would change.")] = False,
    database: Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")] = None,
) -> None:
    from bot.commands.desks import acting
    from handlers.verbs import adopt as verb

    moved = acting(authority, by, database, lambda desk, actor: verb.adopt(desk, actor, reason), keep=not dry_run, alone=True)
    _say(moved, dry_run=dry_run)


def _say(moved: list[Adopted], *, dry_run: bool) -> None:
    for edition in dict.fromkeys((one.before, one.after, one.changes) for one in moved):
        before, after, changes = edition
        told = [one.reference for one in moved if (one.before, one.after, one.changes) == edition]
        typer.echo(f"{', '.join(told)}: {before} → {after}" + (" (nothing was changed yet)" if dry_run else ""))
        for line in changes or ("  The two editions ask the same.",):
            typer.echo(f"  {line.strip()}")
