"""`homeward people`: whether everybody who should be there can be reached; suspension from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.settings import Settings
    from handlers.desk import Actor, Desk
    from handlers.outgoing import Answer
    from storage.arrangements import Arrangement

app = typer.Typer(no_args_is_help=True, help="People: gaps in the rota, who cannot be reached; suspend an account.")
Database = Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")]
By = Annotated[str, typer.Option(help="Who decides: a person of homeward.yml, a head of service, the coordinator or an administrator.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept sealed in the journal.")]


@app.callback()
def people() -> None:
    """People: gaps in the rota, who cannot be reached; suspend an account."""


@app.command()
def check(authority: Annotated[str | None, typer.Option(help="One authority only.")] = None, database: Database = None) -> None:
    """Name every gap of the fortnight to come, whoever is there twice or cannot be reached, and who is away; 1 for a problem.

    Example: homeward people check --authority westbrook
    """
    from datetime import UTC, datetime

    from bot import configuration
    from bot.errors import Unusable
    from bot.settings import read
    from handlers import roll_call
    from policies.load import load

    settings = read()
    configured = configuration.read(settings.homeward_config)
    folder = settings.homeward_config.absolute().parent
    directory, packs = configuration.directory(configured, folder), configuration.packs(configured, folder)
    chosen = [a for a in directory.authorities if authority in {None, a.id}]
    if not chosen:
        raise Unusable(f"'{authority}' is not an authority of {settings.homeward_config}.")
    now, wrong = datetime.now(UTC), 0
    arranged = _arranged(settings, database, now)
    for one in chosen:
        name, text = _pack(one.pack, packs, now)
        found = roll_call.call(directory, arranged, one.id, load(text, name), now)
        wrong += len(found.problems)
        for line in (*(found.problems or ("No gap in the fortnight to come, and everybody can be reached.",)), *found.notes):
            typer.echo(f"{one.name}: {line}")
    raise typer.Exit(1 if wrong else 0)


@app.command()
def suspend(
    person: Annotated[str, typer.Argument(help="Their id in homeward.yml.")],
    authority: Annotated[str, typer.Option(help="The authority for which you decide.")],
    by: By,
    reason: Reason,
    *,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="For every authority, not only this one.")] = False,
    database: Database = None,
) -> None:
    """From this moment on somebody may do and hears nothing, whatever homeward.yml says; also while the bot runs.

    Example: homeward people suspend tom.manager --authority westbrook --by mia.coordinator --reason "telephone stolen"
    """
    from handlers.verbs import suspension

    command = suspension.Suspend(person, reason, everywhere)
    _decide(authority, by, database, lambda desk, actor: suspension.suspend(command, desk, actor))


@app.command()
def restore(
    person: Annotated[str, typer.Argument(help="Their id in homeward.yml.")],
    authority: Annotated[str, typer.Option(help="The authority for which you decide.")],
    by: By,
    reason: Reason,
    database: Database = None,
) -> None:
    """They may act again, with the roles that homeward.yml gives them.

    Example: homeward people restore tom.manager --authority westbrook --by mia.coordinator --reason "a new telephone"
    """
    from handlers.verbs import suspension

    command = suspension.Suspend(person, reason)
    _decide(authority, by, database, lambda desk, actor: suspension.restore(command, desk, actor))


def _decide(authority: str, by: str, database: str | None, do: Callable[[Desk, Actor], Answer]) -> None:
    from bot.commands.desks import acting

    typer.echo(acting(authority, by, database, do).text)


def _arranged(settings: Settings, database: str | None, now: datetime) -> list[Arrangement]:
    """Absences and suspensions, where there is a database at the newest schema yet."""
    from bot.database import address_of, open_existing, sqlite_file
    from storage import arrangements
    from storage.db import reading
    from storage.schema import is_current

    named = database or settings.database_url.get_secret_value()
    file = sqlite_file(address_of(named))
    if file is not None and not file.exists():
        return []
    engine = open_existing(named)
    try:
        if not is_current(engine):
            return []
        with reading(engine) as session:
            return arrangements.current(session, now)
    finally:
        engine.dispose()


def _pack(name: str, packs: dict[str, str], now: datetime) -> tuple[str, str]:
    from policies.load import edition

    return (name, packs[name]) if name in packs else edition(name, now.date())
