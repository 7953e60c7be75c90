"""`homeward doctor`: whether an installation can work, one line for each thing it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

HELP = """Look at everything the bot needs and say what is wrong.

Example: homeward doctor
"""


def doctor() -> None:
    from bot.errors import Unusable
    from bot.settings import read

    settings, wrong = read(), 0
    for what, look in CHECKS.items():
        try:
            typer.echo(f"ok  {what}: {look(settings)}")
        except Unusable as error:
            wrong += 1
            typer.echo(f"no  {what}: {error}")
    raise typer.Exit(1 if wrong else 0)


def configuration(settings: Settings) -> str:
    from bot.configuration import directory, read

    found = read(settings.homeward_config)
    directory(found, settings.homeward_config.absolute().parent)
    return f"{settings.homeward_config} names {len(found.authorities)} authorities and {len(found.people)} people"


def keys(settings: Settings) -> str:
    from bot.keys import vault

    count = len(vault(settings).keys)
    return f"{count} encryption key{'s' if count > 1 else ''}"


def database(settings: Settings) -> str:
    from datetime import UTC, datetime

    from bot.database import address_of, open_existing, sqlite_file
    from bot.errors import Unusable
    from storage import clocks
    from storage.db import reading
    from storage.schema import is_current

    named = settings.database_url.get_secret_value()
    url = address_of(named)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return f"{file} is made when the bot first serves"
    engine = open_existing(named)
    current = is_current(engine)
    with reading(engine) as session:
        wrong = clocks.apart(session, datetime.now(UTC))
    engine.dispose()
    if wrong:
        raise Unusable(f"{wrong}.")
    if not current:
        raise Unusable(f"{url.render_as_string()} has another schema than this version; run `homeward db upgrade`.")
    return f"{url.render_as_string()} answers, at the newest schema"


def platforms(settings: Settings) -> str:
    return ", ".join(settings.platform_keys()) or "none configured, so nobody can be told anything"


def slack(settings: Settings) -> str:
    from bot.configuration import directory, read
    from bot.errors import Unusable

    found = read(settings.homeward_config)
    if not found.slack and settings.slack_bot_token is None:
        return "not used"
    from bot.slack.access import access
    from bot.slack.serving import look_for_problems

    way = access(settings, found)
    problems = look_for_problems(way, directory(found, settings.homeward_config.absolute().parent)) if way else []
    if problems:
        raise Unusable(" ".join(problems))
    how = "over HTTP" if settings.slack_signing_secret else "over a socket"
    return f"{len(found.slack)} workspace{'s' if len(found.slack) > 1 else ''}, heard {how}"


def teams(settings: Settings) -> str:
    from bot.configuration import directory, read
    from bot.database import open_existing
    from bot.errors import Unusable

    found = read(settings.homeward_config)
    if not found.tenants() or not (settings.client_id or settings.homeward_teams_local):
        return "not used"
    from bot.teams.access import access
    from bot.teams.serving import look_for_problems

    engine = open_existing(settings.database_url.get_secret_value())
    folder = settings.homeward_config.absolute().parent
    problems = look_for_problems(access(settings, "127.0.0.1"), engine, directory(found, folder))
    engine.dispose()
    if problems:
        raise Unusable(" ".join(problems))
    return f"{len(found.tenants())} tenant{'s' if len(found.tenants()) > 1 else ''}"


def graph(settings: Settings) -> str:
    from bot.beside import beside
    from bot.configuration import read
    from bot.errors import Unusable

    found = beside(settings, read(settings.homeward_config))
    if found.graph is None or found.wanted is None:
        return "not used"
    from bot.graph.check import problems

    missing = list(problems(found.graph, found.wanted))
    found.close()
    if missing:
        raise Unusable(" ".join(missing))
    used = [name for name in ("mailbox", "calendar", "tracker") if getattr(found.wanted, name)]
    return f"asked for: {', '.join(used) or 'nothing'}"


def mail(settings: Settings) -> str:
    from bot.configuration import read
    from bot.errors import Unusable
    from bot.platforms import mail_part
    from handlers.errors import Later, Undeliverable

    if not (found := mail_part(settings)):
        wanted = read(settings.homeward_config).graph
        by_graph = wanted and wanted.mailbox
        return f"letters go by Graph, from {by_graph}" if by_graph else "not used: nobody can be told by e-mail while chat is down"
    try:
        for server in found.values():
            server.check()
    except Later:
        raise Unusable("the mail server does not answer; look at HOMEWARD_SMTP, and whether this machine may reach it.") from None
    except Undeliverable as refused:
        raise Unusable(f"{refused}.") from None
    return f"the server takes letters from {settings.homeward_mail_from}"


CHECKS: dict[str, Callable[[Settings], str]] = {
    "configuration": configuration,
    "keys": keys,
    "database": database,
    "platforms": platforms,
    "slack": slack,
    "teams": teams,
    "graph": graph,
    "mail": mail,
}
