"""`homeward simulate`: what would be sent to whom and when."""

from pathlib import Path
from typing import Annotated

import typer

HELP = """Play timelines on a virtual clock, print what would be sent to whom and when, and compare with what they expect.

Example: homeward simulate tests/scenarios --budget

Example: homeward simulate overnight.yml --pack westbrook.yaml
"""


def simulate(
    files: Annotated[list[Path], typer.Argument(help="Scenario files, or folders of them.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One object a line, one line a file.")] = False,
    pack: Annotated[Path | None, typer.Option(help="A pack file to play in place of the shipped pack of its area.")] = None,
    budget: Annotated[bool, typer.Option("--budget", help="Check and print how many posts everybody gets.")] = False,
    idle: Annotated[bool, typer.Option("--idle", help="Nobody acts: only what happens to the child is kept.")] = False,
) -> None:
    from bot.simulate.run import Asked, run

    asked = Asked(as_json=as_json, budget=budget, idle=idle, pack=pack)
    raise typer.Exit(run(files, asked, typer.echo, lambda sentence: typer.echo(sentence, err=True)))
