"""`homeward sandbox`: the training room."""

from pathlib import Path
from typing import Annotated

import typer

HELP = """Play the protocol in a training room with invented people and a clock of its own; nobody is told.

Example: homeward sandbox --port 8081 --database training.sqlite
"""


def sandbox(
    host: Annotated[str, typer.Option(help="The address to listen on; beyond this machine it asks for a password.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes any that is free.", min=0, max=65535)] = 8080,
    database: Annotated[Path, typer.Option(help="The file that keeps what was played.", dir_okay=False)] = Path("homeward-sandbox.sqlite"),
) -> None:
    from bot.settings import read
    from bot.training import run_sandbox

    run_sandbox(read(), host, port, database.absolute())
