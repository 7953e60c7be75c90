"""What the project promises of itself: its pages say what is so, and every clause a bot can act on is met."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.main import app
from policies import coverage, words
from policies.load import pack, shipped
from policies.pack.pack import unknown_clauses

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.glob("**/*.md")])
AREAS = sorted({edition.split("@", 1)[0] for edition in shipped()})
by_name = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pytest.mark.parametrize("area", AREAS)
def test_the_coverage_page_of_an_area_is_up_to_date(area: str) -> None:
    kept = (DOCS / "coverage" / f"{area}.md").read_text(encoding="utf-8")
    assert kept == coverage.page(pack(area)), f"run: homeward packs coverage {area} > docs/coverage/{area}.md"


def test_every_area_has_a_coverage_page_and_no_page_is_without_an_area() -> None:
    assert sorted(page.stem for page in (DOCS / "coverage").glob("*.md") if page.name != "README.md") == AREAS


@pytest.mark.parametrize("edition", shipped())
def test_every_clause_a_bot_can_act_on_is_met_or_says_why_not(edition: str) -> None:
    assert coverage.unmet(pack(edition)) == []


@pytest.mark.parametrize("edition", shipped())
def test_no_rule_cites_a_clause_that_does_not_exist(edition: str) -> None:
    assert unknown_clauses(pack(edition)) == set()


@pytest.mark.parametrize("area", AREAS)
def test_what_the_register_says_is_met_elsewhere_is_a_clause_of_that_area(area: str) -> None:
    listed: dict[str, Any] = yaml.safe_load(words.register(f"met/{area}.yml")) or {}
    ours = tuple(f"{document.clauses}-" for document in pack(area).documents)
    assert [clause for clause in listed if clause not in words.clauses() or not clause.startswith(ours)] == []
    assert [clause for clause, how in listed.items() if not how] == []


def test_every_clause_of_the_register_belongs_to_a_pack() -> None:
    prefixes = tuple(f"{document.clauses}-" for area in AREAS for document in pack(area).documents)
    assert [clause for clause in words.clauses() if not clause.startswith(prefixes)] == []


@pytest.mark.parametrize("edition", shipped())
def test_the_changelog_says_which_edition_holds_from_when(edition: str) -> None:
    packs = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    listed = set(words.clauses())
    for document in pack(edition).documents:
        ours = sorted(clause for clause in listed if re.fullmatch(rf"{document.clauses}-\d+", clause))
        row = next((line for line in packs.splitlines() if f"{ours[0]} to {ours[-1]}" in line), "")
        assert edition.split("@")[1] in row, f"{document.title} of {edition}"


def anchors(page: Path) -> set[str]:
    """The names by which the headings of a page can be linked to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@by_name
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, heading = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (heading and heading not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
            waiting += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert [page for page in PAGES if page not in reached] == []


def test_the_page_that_says_where_to_look_names_every_folder_of_the_code() -> None:
    page = (DOCS / "code.md").read_text(encoding="utf-8")
    folders = {
        file.parent.relative_to(ROOT) for ring in ("bot", "handlers", "policies", "storage") for file in ROOT.glob(f"{ring}/**/*.py")
    }
    inside = {folder for folder in folders if folder.name != "versions"}
    assert [str(folder) for folder in sorted(inside) if f"](../{folder})" not in page] == []


def test_every_decision_is_listed_once_under_its_number() -> None:
    kept = sorted(page.name for page in (DOCS / "adr").glob("[0-9]*.md"))
    rows = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\)", (DOCS / "adr" / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for _, name in rows] == kept
    assert all(name.startswith(number) for number, name in rows)


def commands(page: Path) -> Iterator[list[str]]:
    """Every command line of the page that begins with `homeward`, in running text and in blocks."""
    text = page.read_text(encoding="utf-8")
    for line in [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^(?!#)(.*\bhomeward .*)$", "\n".join(blocks(text)), re.MULTILINE)]:
        found = re.search(r"(?:^|\s|/)homeward ([a-z-].*)$", line.split(" > ")[0].split("  #")[0])
        if found:
            yield shlex.split(found[1])


def blocks(text: str) -> list[str]:
    """What stands in fences of a shell."""
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@by_name
def test_every_command_that_is_named_exists_with_its_options(page: Path) -> None:
    for typed in commands(page):
        command: Any = get_command(app)
        rest = list(typed)
        while rest and hasattr(command, "commands") and not rest[0].startswith("-"):
            named = rest.pop(0).split("|")  # `packs list|show|check`
            assert set(named) <= set(command.commands), f"homeward {' '.join(typed)}"
            command = command.commands[named[0]]
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word.split("=")[0] for word in rest if word.startswith("--")} <= options, f"homeward {' '.join(typed)}"
