"""Annex A, ssd_missing, and history taken from an extract: counted again from the plan of the year, taken twice, badly formed."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.year.town import AUTHORITY
from handlers.desk import Actor, Desk, actor
from handlers.returns import annex_a, comparing, extract, ssd, taking
from tests.generated import NOW, Written

END = datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC)


def test_annex_a_counts_the_last_twelve_months_and_asks_about_the_last_return(year_desk: Desk, written: Written) -> None:
    made, _ = annex_a.figures(year_desk, AUTHORITY, END)
    plans: dict[str, list[object]] = {}
    for plan in written.plans.values():
        if plan.child.kind == "ours" and not plan.void:
            plans.setdefault(plan.child.case_reference, []).append(plan)
    assert made
    for one in made:
        theirs = [p for p in plans[one.child] if p.start >= datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)]  # type: ignore[attr-defined]
        missing = [p for p in theirs if p.missing]  # type: ignore[attr-defined]
        assert one.missing == len(missing), one.child
        ended = [p for p in missing if p.found and p.found < END]  # type: ignore[attr-defined]
        last = max(ended, key=lambda p: p.start, default=None)  # type: ignore[attr-defined]
        expected = "" if last is None else annex_a.YES if last.offered or last.declined or last.conducted else annex_a.NO  # type: ignore[attr-defined]
        assert one.offered == expected, one.child


def test_the_ssd_table_has_its_seven_columns_and_every_child_with_a_case_reference(year_desk: Desk, written: Written) -> None:
    made, left_out = ssd.rows(year_desk, AUTHORITY)
    named = {row[0].rsplit("-", 1)[0] if row[0].count("-") > 1 else row[0] for row in made}
    nameless = {one.name for one in left_out if "case reference" in one.why}
    assert nameless
    assert named >= {r for r, p in written.plans.items() if p.missing and not p.void and r not in nameless}
    assert {len(row) for row in made} == {len(ssd.HEADER)}
    assert {row[3] for row in made} == {"M", "A"}
    assert {row[5] for row in made} <= {"Y", "N", "NA", ""}


def test_our_own_extract_has_nothing_to_reconcile_and_nothing_to_take(year_desk: Desk, tmp_path: Path) -> None:
    rows = read(tmp_path, ssd.rows(year_desk, AUTHORITY)[0])
    assert list(comparing.differences(year_desk, AUTHORITY, rows)) == []
    done = taken(year_desk, actor(year_desk, "social_worker", AUTHORITY), rows)
    assert (done.episodes, done.overlapping) == (0, ())


def test_reconciling_names_what_differs(year_desk: Desk, tmp_path: Path) -> None:
    made = [list(row) for row in ssd.rows(year_desk, AUTHORITY)[0]]
    gone = made.pop()
    made[0][3] = "A" if made[0][3] == "M" else "M"
    found = list(comparing.differences(year_desk, AUTHORITY, read(tmp_path, made)))
    assert any(gone[0].split("-")[1] in line and "not in the extract" in line for line in found)
    assert any(f"type {made[0][3]} there" in line for line in found)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("T1", "P1", "yesterday", "M", ""), "no time"),
        (("T1", "P1", "2026-01-02T10:00:00", "X", ""), "must be M or A"),
        (("T1", "P1", "2026-01-02T10:00:00", "M", "2026-01-01T10:00:00"), "ends before it starts"),
        (("T1", "P1", "2036-01-02T10:00:00", "M", ""), "future"),
        (("", "P1", "2026-01-02T10:00:00", "M", ""), "no miss_table_id"),
        (("T1", "", "2026-01-02T10:00:00", "M", ""), "no miss_person_id"),
        (("T1", "P\x071", "2026-01-02T10:00:00", "M", ""), "a sign that nobody can type"),
    ],
)
def test_a_row_that_cannot_be_is_named_with_its_line(tmp_path: Path, cells: tuple[str, ...], said: str) -> None:
    rows, mistakes = extract.read(file_of(tmp_path, [(*cells, "", "")]), NOW)
    assert rows == []
    assert str(mistakes[0]).startswith("line 2: ")
    assert said in str(mistakes[0])


def test_rows_over_one_another_are_named_and_another_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    row = ("T1", "P1", "2026-01-02T10:00:00", "M", "2026-01-05T10:00:00", "", "")
    _, mistakes = extract.read(file_of(tmp_path, [row, ("T2", "P1", "2026-01-03T10:00:00", *row[3:])]), NOW)
    assert [str(one) for one in mistakes] == ["line 3: it begins before line 2 of the same person has ended"]
    other = tmp_path / "other.csv"
    other.write_text("CHILD,DOB\n1,2\n")
    with pytest.raises(extract.NotAnExtract, match="no column miss_table_id"):
        extract.read(other, NOW)
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with pytest.raises(extract.NotAnExtract):
        extract.read(empty, NOW)


def test_the_hour_that_comes_twice_is_read_as_the_first(tmp_path: Path) -> None:
    rows, _ = extract.read(file_of(tmp_path, [("T1", "P1", "2026-10-25T01:30:00", "M", "25/10/2026 03:00", "Y", "")]), NOW)
    assert rows[0].start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert rows[0].end == datetime(2026, 10, 25, 3, 0, tzinfo=UTC)


def file_of(folder: Path, rows: Iterable[Sequence[str]]) -> Path:
    file = folder / "extract.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([ssd.HEADER, *rows])
    return file


def read(folder: Path, rows: Iterable[Sequence[str]]) -> list[extract.Given]:
    given, mistakes = extract.read(file_of(folder, rows), NOW)
    assert mistakes == []
    return given


def taken(desk: Desk, who: Actor, rows: list[extract.Given]) -> taking.Taken:
    done = taking.Taken()
    for person, theirs in extract.by_person(rows).items():
        done = done.plus(taking.take(desk, who, person, theirs, keep=True))
    return done
