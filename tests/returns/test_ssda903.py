"""The SSDA903 Missing table of a generated year: what belongs in it, and the sector's own validator, rule by rule."""

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.year import tables903
from bench.year.town import AUTHORITY
from handlers.desk import Desk
from handlers.returns import cells, ssda903
from handlers.returns.ssda903 import Collection, Entry
from tests.generated import Written

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / "build/validator903"
NEEDS_VALIDATOR = pytest.mark.skipif(
    not (VALIDATOR / "installed").exists(), reason="the validator is not installed under build/validator903 (.ci/run does it)"
)
MISSING_RULES = {
    "564",
    "565",
    "566",
    "567",
    "570",
    "571",
    "574",
    "575",
    "577",
    "578",
    "580",
    "581",
    "586",
    "1004",
    "1005",
    "1006",
    "1012",
    "INT04",
    "INT13",
}
CRASHES = {"231", "233"}  # of release 0.1.17, on tables of other subjects


FAULTS: dict[str, Callable[[Entry], Entry]] = {
    "567": lambda e: replace(e, end=e.start - timedelta(days=1)),
    "586": lambda e: replace(e, born=e.start),
    "574": lambda e: replace(e, end=None),
}


def made(desk: Desk) -> ssda903.Table:
    return ssda903.table(desk, AUTHORITY, Collection(2027))


def test_the_table_has_the_episodes_of_children_in_our_care_and_no_others(year_desk: Desk, written: Written) -> None:
    table = made(year_desk)
    ours = {name: p for name, p in written.plans.items() if p.child.kind == "ours" and not p.void}
    named = {one.name.split(" ")[0] for one in table.entries} | {one.name.split(" ")[0] for one in table.left_out}
    assert {one.child for one in table.entries} <= {p.child.case_reference for p in ours.values()}
    assert ours.keys() - named <= {n for n, p in ours.items() if p.start.date() > date(2027, 3, 31) or _before_the_year(p)}
    assert not table.faults
    for one in table.entries:
        plan = ours[one.name.split(" ")[0]]
        assert one.code == ("M" if plan.missing and (plan.turned_missing is None or "part" in one.name) else "A")


def _before_the_year(plan: object) -> bool:
    found = getattr(plan, "found", None)
    return found is not None and found.date() < date(2026, 4, 1)


def test_an_18th_birthday_ends_an_episode_and_the_end_of_the_year_leaves_it_open(year_desk: Desk, written: Written) -> None:
    table = made(year_desk)
    births = {child.case_reference: child for child in written.children}
    for one in table.entries:
        of_age = births[one.child].eighteen
        assert one.start < of_age
        assert one.end is None or one.end <= of_age
        if one.end is None:
            assert of_age > date(2027, 3, 31)
    open_ones = {n for n, p in written.plans.items() if p.child.kind == "ours" and p.found is None and not p.void}
    assert open_ones <= {one.name.split(" ")[0] for one in table.entries if one.end is None or one.end == births[one.child].eighteen}
    assert open_ones


def test_every_row_left_out_says_why(year_desk: Desk, written: Written) -> None:
    table = made(year_desk)
    reasons = {one.why.split(",")[0].split(";")[0] for one in table.left_out}
    assert "not looked after" in reasons
    assert "looked after by another council" in reasons
    assert {one.name for one in table.left_out}.isdisjoint({one.name for one in table.entries})


def with_fault(entries: Sequence[Entry], fault: Callable[[Entry], Entry]) -> list[Entry]:
    """The table with a fault in a row that has a later one of the same child behind it."""
    n = next(n for n, one in enumerate(entries[:-1]) if n > 1 and entries[n + 1].child == one.child and entries[n + 1].start > one.start)
    return [*entries[:n], fault(entries[n]), *entries[n + 1 :]]


@pytest.mark.parametrize("code", ["567", "574", "586"])
def test_a_planted_fault_is_refused_before_the_validator_sees_it(year_desk: Desk, code: str) -> None:
    found = ssda903.wrong(with_fault(made(year_desk).entries, FAULTS[code]))
    assert code in {one.code for one in found if one.fault}


def tables(desk: Desk, written: Written, folder: Path, entries: Sequence[Entry]) -> list[Path]:
    files = [folder / name for name in ("header.csv", "episodes.csv", "missing.csv")]
    cells.write(files[0], tables903.HEADER, tables903.header(written.children, written.year))
    cells.write(files[1], tables903.EPISODES, tables903.episodes(written.children, written.year))
    cells.write(files[2], ssda903.HEADER, (one.cells() for one in entries))
    return files


@NEEDS_VALIDATOR
def test_the_sectors_validator_fires_no_rule_on_the_missing_table(year_desk: Desk, written: Written, tmp_path: Path) -> None:
    entries = made(year_desk).entries
    said = validated(tables(year_desk, written, tmp_path, entries), *sorted(MISSING_RULES))
    assert len(entries) > 100
    assert said == {"fired": {}, "failed": [], "ran": said["ran"]}
    assert set(said["ran"]) == MISSING_RULES


@pytest.mark.soak
@NEEDS_VALIDATOR
def test_the_sectors_validator_fires_no_rule_at_all(year_desk: Desk, written: Written, tmp_path: Path) -> None:
    said = validated(tables(year_desk, written, tmp_path, made(year_desk).entries))
    assert said["fired"] == {}
    assert set(said["failed"]) <= CRASHES
    assert len(said["ran"]) > 130


@NEEDS_VALIDATOR
def test_the_sectors_validator_fires_where_we_refuse(year_desk: Desk, written: Written, tmp_path: Path) -> None:
    planted = with_fault(made(year_desk).entries, FAULTS["574"])
    planted[0] = FAULTS["567"](planted[0])
    planted[-1] = FAULTS["586"](planted[-1])
    assert {one.code for one in ssda903.wrong(planted)} == FAULTS.keys()
    assert validated(tables(year_desk, written, tmp_path, planted), *FAULTS)["fired"].keys() == FAULTS.keys()


def validated(files: list[Path], *only: str) -> dict[str, Any]:
    command = [str(VALIDATOR / "bin/python"), "-W", "ignore", "requirements/validator/every_rule.py", *map(str, files), "2027", *only]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
