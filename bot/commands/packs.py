"""`homeward packs`: the protocols that come with the bot, and files on their way to becoming one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import adopt

if TYPE_CHECKING:
    from policies.pack import Pack

app = typer.Typer(no_args_is_help=True, help="Protocols: list them, read one, check a file, compare two, adopt an edition.")
app.command("adopt", help=adopt.HELP)(adopt.adopt)
NAMED = "An area (its newest edition), one edition of it, or a pack file."


@app.command("list")
def list_packs() -> None:
    """List the protocols that come with the bot.

    Example: homeward packs list
    """
    from policies.load import pack, shipped

    for edition in shipped():
        known = pack(edition)
        undated = ", undated" if known.undated else ""
        rules = f"{len(known.duties)} duties, {len(known.notices)} notices, {len(known.thresholds)} thresholds"
        typer.echo(f"{edition:<24}  {known.name}: {rules}{undated}")


@app.command()
def show(name: Annotated[str, typer.Argument(help=NAMED)]) -> None:
    """Print what a protocol asks of whom, by when, under which clause.

    Example: homeward packs show triborough@2017-12-01
    """
    from policies.describe import described

    with _problems():
        found = _named(name)
    for line in described(found):
        typer.echo(line)


@app.command()
def check(files: Annotated[list[str], typer.Argument(help="Pack files.")]) -> None:
    """Check that files are protocols the bot can use; the first mistake of each is named.

    Example: homeward packs check my-area/2026-09-01.yaml
    """
    from policies.coverage import unmet
    from policies.load import load
    from policies.words import PackError

    texts = {file: _text(file) for file in files}
    wrong = 0
    for file, text in texts.items():
        try:
            found = load(text, file)
        except PackError as error:
            wrong += 1
            typer.echo(_sentence(error), err=True)
            continue
        typer.echo(f"{file}: {found.id}, {len(found.rules())} rules, every one with its clauses")
        if left := unmet(found):
            typer.echo(f"{file}: nothing meets {', '.join(left)} yet; homeward packs coverage says what they ask")
    raise typer.Exit(1 if wrong else 0)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help=NAMED)],
    after: Annotated[str, typer.Argument(help=NAMED)],
) -> None:
    """Say what would change from one edition to another: + new, - gone, ~ asks something else.

    Example: homeward packs diff bury@2024-06-21 bury/2026-09-01.yaml
    """
    from policies.compare import differences

    with _problems():
        old, new = _named(before), _named(after)
    lines = differences(old, new)
    for line in lines:
        typer.echo(line)
    if not lines:
        typer.echo(f"{old.id} and {new.id} ask the same.")


@app.command()
def coverage(name: Annotated[str, typer.Argument(help=NAMED)]) -> None:
    """Print a page with every clause of a protocol's documents and how it is met, or why it is not.

    Example: homeward packs coverage rutland > docs/coverage/rutland.md
    """
    from policies.coverage import page

    with _problems():
        found = _named(name)
    typer.echo(page(found), nl=False)


@app.command("words")
def list_words(
    kind: Annotated[
        str, typer.Argument(help="roles, agencies, actions, categories, care_statuses, risk_levels, facts, moments, forms or reports.")
    ],
    part: Annotated[str, typer.Argument(help="Only words that hold this, or whose meaning does.")] = "",
) -> None:
    """List the words a pack may use, with their meaning.

    Example: homeward packs words actions meeting
    """
    from bot.errors import Unusable
    from policies import glossary, words

    known = glossary.meanings(kind)
    if known is None:
        near = words.nearest(kind, glossary.KINDS)
        raise Unusable(f"'{kind}' is not a kind of word{near or '; there are ' + ', '.join(glossary.KINDS) + '.'}")
    for word, meaning in known.items():
        if part.lower() in f"{word} {meaning}".lower():
            typer.echo(f"{word:<36}  {meaning}")


@contextmanager
def _problems() -> Iterator[None]:
    """A file with a mistake is a problem that was found, in one sentence; the command ends with 1."""
    from policies.words import PackError

    try:
        yield
    except PackError as error:
        typer.echo(_sentence(error), err=True)
        raise typer.Exit(1) from None


def _named(name: str) -> Pack:
    """The pack in a file, or a shipped one. Raises Unusable when there is neither, PackError for a mistake in a file."""
    from bot.errors import Unusable
    from policies.load import load, pack
    from policies.words import PackError

    if name.endswith((".yaml", ".yml")):
        return load(_text(name), name)
    try:
        return pack(name)
    except PackError as error:
        raise Unusable(_sentence(error)) from None


def _text(file: str) -> str:
    """What a file holds. Raises Unusable when it cannot be read."""
    from bot.errors import Unusable

    try:
        return Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Unusable(f"{file} is not a text file.") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}.") from None


def _sentence(error: Exception) -> str:
    said = str(error)
    return said if said.endswith(("?", ".")) else f"{said}."
