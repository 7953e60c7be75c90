"""docs/who-may-do-what.md says what the code does."""

from pathlib import Path

from typer.testing import CliRunner

from bot.main import app
from handlers import permissions

PAGE = (Path(__file__).parents[1] / "docs" / "who-may-do-what.md").read_text(encoding="utf-8")


def test_the_page_has_the_tables_that_the_command_prints() -> None:
    printed = CliRunner().invoke(app, ["access", "show"]).output
    assert permissions.table() in PAGE
    assert permissions.groups() in PAGE
    assert permissions.table() in printed
    assert permissions.groups() in printed
