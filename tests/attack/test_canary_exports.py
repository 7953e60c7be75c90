"""Canaries in what the command line exports: each file holds what it is for, and nothing else about the child."""

import base64
import re
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine
from typer.main import get_command

from bot import charts, paper, workbook
from bot.main import app
from bot.poster import drawn
from handlers.reports import periods, report, say
from handlers.reports.catalogue import DESIGNS
from handlers.reports.poster import poster
from tests.attack.canaries import BORN, CANARIES, leaks
from tests.bot.processes import configured
from tests.fakes import AUTHORITY, KEYS, Duty, town
from tests.moments import london

HOMEWARD = get_command(app)
CASE, PLACE = CANARIES["case_reference"], CANARIES["place"]
WHOLE = (*CANARIES.values(), *BORN)
# What a file may hold, and why (docs/privacy.md); where the table is silent, no canary at all.
PERMITTED: dict[str, tuple[str, ...]] = {
    "missing.csv": (CASE, *BORN),  # the statutory table asks for the child's number and date of birth
    "annex-a.csv": (CASE,),  # the inspectors' list is joined by the child's number
    "ssd.csv": (CASE,),  # so is this one; it asks for no birth date
    "whole.pdf": WHOLE,  # a review reads everything: by a person of the council, kept in the journal
    "named.pdf": (CANARIES["surname"], CANARIES["initials"], CASE, *BORN),  # for a call that needs them, to somebody of the council
    "access.json": WHOLE,  # a subject access request is for everything
    "meeting.ics": (PLACE,),  # where to come, for one who is invited
}
COMMANDS = {
    "annual.xlsx": "report annual --period 2026-02 --xlsx annual.xlsx",
    "charts": "report interviews --period 2026-02-04 --png charts",
    "hidden": "report monthly --period 2026-02 --hide",
    "missing.csv": "export ssda903 --year 2026 --out missing.csv",
    "annex-a.csv": "export annex-a --on 2026-03-31 --out annex-a.csv",
    "ssd.csv": "export ssd --out ssd.csv",
    "check": "export ssd --check",
    "redacted.pdf": "chronology {} --by mia.coordinator --child --redacted --out redacted.pdf",
    "whole.pdf": "chronology {} --by mia.coordinator --out whole.pdf",
    "anchors.jsonl": "audit export --to anchors.jsonl",
    "access.json": "records access {} --authority westbrook --by mia.coordinator --reason asked --out access.json",
    "due": "records due --authority westbrook --by mia.coordinator",
    "refused": "records refused --authority westbrook --by mia.coordinator",
    "people": "people check",
    "verify": "audit verify",
}
WHILE_OPEN = {
    "open.pdf": "report open --pdf --out open.pdf",
    "named.pdf": "report open --pdf --names --by mia.coordinator --out named.pdf",
}


@pytest.fixture
def duty(sqlite: Engine) -> Duty:
    """A child in care: reported, a meeting fixed and answered, with words in every field that takes them."""
    duty = Duty(sqlite, town("triborough@2017-12-01"), london("2026-02-02 10:00"), {})
    told = {name: CANARIES[name] for name in ("surname", "initials", "case_reference", "police_reference", "narrative", "on_behalf")}
    born = CANARIES["date_of_birth"]
    duty.report(**told, date_of_birth=born, care_status="looked_after", missing_since="08:00", police_told="yes", risk_level="high")
    duty.forward(hours=14)
    duty.type("note", text=CANARIES["note"], on_behalf=CANARIES["on_behalf"])
    duty.submit(duty.hear(f"meeting {duty.reference} strategy"), "social_worker", starts="4 Feb 10:00", place=PLACE)
    return duty


@pytest.fixture
def run(duty: Duty, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    """A command as somebody types it; gives what it prints."""

    def typed(command: str) -> str:
        HOMEWARD.main(command.format(duty.reference).split(), standalone_mode=False)
        said = capsys.readouterr()
        return said.out + said.err

    return typed


def over(duty: Duty) -> None:
    duty.hear(f"cancel {duty.reference} strategy")
    duty.type("found", found_at="3 Feb 09:00", note=CANARIES["note"], seen_by=CANARIES["seen_by"])
    duty.type("correct", missing_since="2 Feb 07:30", reason=CANARIES["reason"])
    duty.forward(hours=2)


def read(file: Path) -> str:
    """All that a file says to those who open it, and to those who look into it."""
    raw = file.read_bytes()
    parts = [raw.decode("utf-8", "replace"), raw.decode("utf-16-be", "replace")]
    if file.suffix == ".xlsx":
        with ZipFile(BytesIO(raw)) as book:
            parts += [name + book.read(name).decode() for name in book.namelist()]
    if file.suffix == ".pdf":
        parts += [_printed(stream) for stream in re.findall(rb"stream\r?\n(.+?)endstream", raw, re.DOTALL)]
    return "\n".join(parts)


def _printed(stream: bytes) -> str:
    """The text of a page, in lines and run together: a narrow column breaks words."""
    try:
        page = zlib.decompress(base64.a85decode(b"<~" + stream.strip(), adobe=True))
    except (ValueError, zlib.error):
        return ""
    pieces = re.findall(r"\(((?:[^()\\]|\\.)*)\) Tj", page.decode("latin-1"))
    return " ".join(pieces) + "\n" + "".join(pieces)


def test_no_report_of_any_kind_holds_a_canary(duty: Duty, tmp_path: Path) -> None:
    """In words with every figure and with few hidden, as charts and as a workbook: all there are."""
    over(duty)
    with duty.desk() as desk:
        for design in DESIGNS:
            made = report.make(desk, AUTHORITY, design, periods.holding(design.every, desk.today))
            file = tmp_path / f"{design.word}.xlsx"
            file.write_bytes(workbook.xlsx(made))
            words = repr([say.headline(made), *say.lines(made, whole=True), *say.lines(made, whole=False), made])
            dots = charts.texts(drawn(poster(made, whole=True)))  # as a PNG holds them, they cannot be searched
            assert say.headline(made) in dots
            words += "\n".join(dots)
            assert leaks(words + read(file)) == [], design.word
            assert duty.reference in read(file) or not made.listing, design.word
    assert len(DESIGNS) == 18


def test_an_export_holds_what_it_is_for_and_no_other_canary(
    duty: Duty, run: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paper, "fonts", lambda: ("Helvetica", "Helvetica-Bold"))  # whose letters stand in the file as they are
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{duty.engine.url.database}")
    monkeypatch.setenv("HOMEWARD_KEYS", base64.urlsafe_b64encode(KEYS.keys[0]).decode())
    said = {"open": run("report open")}
    (file,) = duty.answer(duty.hear(f"agenda {duty.reference} strategy", "police")).files
    (tmp_path / "meeting.ics").write_bytes(file.content)
    said |= {name: run(command) for name, command in WHILE_OPEN.items()}
    assert duty.reference in said["open"]
    over(duty)
    said |= {name: run(command) for name, command in COMMANDS.items()}
    files = {path.name: read(path) for path in tmp_path.rglob("*") if path.suffix not in {".yml", ".db"} and path.is_file()}
    assert files.keys() >= {name for name in (*COMMANDS, *WHILE_OPEN) if "." in name}
    assert any(name.endswith(".png") for name in files)
    assert duty.reference in files["annual.xlsx"]
    assert {name: found for name, text in said.items() if (found := leaks(text))} == {}
    assert {name: found for name, text in files.items() if (found := leaks(name + text, PERMITTED.get(name, ())))} == {}
    for name, words in PERMITTED.items():
        assert leaks(files[name]), f"{name} lacks what it is for ({words[0]})"
