"""`homeward serve`: the bot itself."""

from typing import Annotated

import typer

HELP = """Serve: upgrade a database of its own, run the cycles, answer /healthz, /readyz and /metrics.

Example: HOMEWARD_CONFIG=homeward.yml homeward serve --port 3000
"""


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes any that is free.", min=0, max=65535)] = 3000,
) -> None:
    from bot.logs import configure
    from bot.settings import read
    from bot.wiring import run_serve

    settings = read()
    configure(settings.homeward_log_level)
    run_serve(settings, host, port)
