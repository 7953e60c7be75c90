"""`homeward audit`: whether what was recorded is what is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from storage.verify import Anchor

NO_ANCHOR = " Without --anchors it cannot be seen whether the journal was emptied, or written anew from its beginning."
app = typer.Typer(no_args_is_help=True, help="The journal: check that nobody changed it.")


@app.callback()
def audit() -> None:
    """The journal: check that nobody changed it."""


@app.command()
def verify(
    authority: Annotated[str | None, typer.Option(help="One authority only.")] = None,
    anchors: Annotated[Path | None, typer.Option(help="A file of `audit export`, kept elsewhere.", dir_okay=False)] = None,
    database: Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")] = None,
) -> None:
    """Read the journal to its end and name every entry that was changed, removed, moved or inserted; needs no keys.

    Whoever can write to the database can also empty the journal, or write a new one that fits: only anchors kept elsewhere show that.

    Example: homeward audit verify --anchors /mnt/elsewhere/homeward-anchors.jsonl
    """
    from bot.database import open_existing
    from bot.settings import read
    from storage import verify as journal
    from storage.db import reading

    engine = open_existing(database or read().database_url.get_secret_value())
    with reading(engine) as session:
        broken = [*journal.verify(session, authority), *journal.anchored(session, _read(anchors, authority) if anchors else [])]
    engine.dispose()
    for one in broken:
        typer.echo(one.sentence)
    if not broken:
        typer.echo("Nothing was changed, removed, moved or inserted." + ("" if anchors else NO_ANCHOR))
    raise typer.Exit(1 if broken else 0)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="The file; lines are added to it.", dir_okay=False)],
    database: Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")] = None,
) -> None:
    """Add the head of every journal, its number and hash, to a file kept where the database's administrators cannot write; daily.

    Example: homeward audit export --to /mnt/elsewhere/homeward-anchors.jsonl
    """
    import json
    from dataclasses import asdict
    from datetime import UTC, datetime

    from bot.database import open_existing
    from bot.errors import Unusable
    from bot.settings import read
    from storage import verify as journal
    from storage.db import reading

    engine = open_existing(database or read().database_url.get_secret_value())
    with reading(engine) as session:
        heads = journal.heads(session, datetime.now(UTC).isoformat(timespec="seconds"))
    engine.dispose()
    try:
        with to.open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(asdict(head))}\n" for head in heads)
    except OSError as error:
        raise Unusable(f"{to} cannot be written ({error.strerror}).") from None
    for head in heads:
        typer.echo(f"{head.authority}: entry {head.seq}, {head.hash[:16]}")


def _read(file: Path, authority: str | None) -> list[Anchor]:
    import json

    from bot.errors import Unusable
    from storage.verify import Anchor

    try:
        found = [Anchor(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError, TypeError) as error:
        raise Unusable(f"{file} is no file of anchors ({type(error).__name__}); `homeward audit export` writes one.") from None
    return [anchor for anchor in found if authority in {None, anchor.authority}]
