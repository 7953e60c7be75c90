"""The pages for people: what they say of targets, settings and the example is so (links and commands: tests/test_promises.py)."""

import re
import tomllib
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])


def test_the_two_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    named = re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert named == ["sandbox", "test"]
    assert set(named) <= set(targets)


def test_every_variable_that_is_read_is_named_on_some_page() -> None:
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    ours = [name.upper() for name in Settings.model_fields if name.startswith(("database_", "homeward_"))]
    assert [name for name in ours if name not in pages] == []


def test_the_example_of_homeward_yml_is_shipped() -> None:
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]["bot"]
    assert "homeward.example.yml" in shipped
    assert "sandbox/static/**/*" in shipped
