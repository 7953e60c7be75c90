"""The sheet of open children: whom to ring when chat is down, on paper, with as little of the child as the call needs."""

import base64
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.commands import chronology, report
from bot.errors import Unusable
from bot.paper import plain, printed
from handlers.pages.sheet import Sheet, sheet
from storage import journal
from storage.db import transaction
from storage.episodes import by_reference
from tests.bot.processes import configured, run
from tests.fakes import AUTHORITY, KEYS, Duty
from tests.handlers.conftest import (
    Opens,
    opens,  # noqa: F401 - a fixture
)
from tests.protocols import duty as rule

BRIEF = rule("brief", "written_briefing", due="PT6H", escalate_to=[])
LATER = rule("assess", "risk_assessment", due="PT24H")
ENV = {"HOMEWARD_KEYS": base64.urlsafe_b64encode(KEYS.keys[0]).decode()}


@pytest.fixture
def missing(opens: Opens) -> Duty:  # noqa: F811
    """R. Łukasz, missing since 08:00, reported at 10:00; it is 17:00 and the briefing is late."""
    duty = opens(BRIEF, LATER)
    duty.report(missing_since="08:00", initials="RL", surname="Łukasz", date_of_birth="4 Mar 2012", risk_level="high")
    duty.until("2026-02-02 17:00")
    return duty


def made(duty: Duty, *, names: bool = False) -> Sheet:
    with duty.desk() as desk:
        return sheet(desk, AUTHORITY, names=names)


def test_it_says_what_is_late_who_owes_it_and_whom_to_ring(missing: Duty) -> None:
    text = plain(made(missing))
    assert "Missing since Mon 2 Feb 08:00 (9 h); not found yet; risk high" in text
    assert "LATE: See to the brief (" in text
    assert "): social worker owes it, was due Mon 2 Feb 16:00, 1 h late. Ring Social worker." in text
    assert "Within 24 h:" in text
    assert "Police:" in text


def test_names_are_on_it_only_when_asked_for(missing: Duty) -> None:
    assert "Łukasz" not in plain(made(missing))
    assert f"{missing.reference} · RL Łukasz, born 2012-03-04" in plain(made(missing, names=True))


def test_whoever_has_it_in_hand_is_named_instead_of_rung(missing: Duty) -> None:
    missing.press("acknowledge", "written_briefing", "social_worker")
    assert "1 h late. Social worker has it in hand." in plain(made(missing))


def test_a_child_who_is_back_stands_on_it_only_while_something_is_late(missing: Duty) -> None:
    missing.type("found", by="edt", found_at="16:30")
    late = made(missing)
    assert (len(late.missing), len(late.back)) == (0, 1)
    missing.press("complete", "written_briefing", "social_worker")
    assert made(missing).summary == "0 children not back, 0 children back with something late."


def test_whom_no_message_reached_is_said(missing: Duty) -> None:
    with transaction(missing.engine) as session:
        statement = "UPDATE posts SET reference = NULL, state = 'queued' WHERE kind = 'due'"
        session.connection().exec_driver_sql(statement)
    assert "Not reached by any message: Social worker. Ring them." in plain(made(missing))


def test_restricted_episodes_are_counted_and_never_listed(missing: Duty) -> None:
    with transaction(missing.engine) as session:
        row = by_reference(session, missing.reference)
        assert row
        session.connection().exec_driver_sql("UPDATE episodes SET restricted = true")
    hidden = made(missing)
    assert "1 restricted and not listed here" in hidden.summary
    assert missing.reference not in plain(hidden)


def test_the_command_prints_a_pdf_for_its_owner_alone_and_the_journal_says_who_saw_it(missing: Duty, tmp_path: Path) -> None:
    configured(tmp_path)
    args = ("report", "open", "--database", str(missing.engine.url.database))
    printed_at = run(tmp_path, *args, "--pdf", "--out", "sheet.pdf", "--names", "--by", "mia.coordinator", env=ENV)
    assert (printed_at.returncode, printed_at.stderr) == (0, "")
    assert "1 child not back" in printed_at.stdout
    file = tmp_path / "sheet.pdf"
    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = run(tmp_path, *args, "--pdf", "--out", "sheet.pdf", env=ENV)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    nobody = run(tmp_path, *args, "--names", "--by", "sgt.police", env=ENV)
    assert (nobody.returncode, "not for them" in nobody.stderr) == (2, True)
    with missing.desk() as desk:
        shown = [(e.actor, e.payload["what"]) for e in journal.of_authority(desk.session, KEYS, AUTHORITY, 0, 99) if e.kind == "shown"]
    assert ("mia.coordinator", "sheet with names") in shown
    assert "sgt.police" not in {actor for actor, _ in shown}


def test_paper_tells_nothing_outside_its_pages(missing: Duty) -> None:
    paper = printed([made(missing, names=True)])
    assert "Łukasz".encode() not in paper
    assert "Łukasz".encode("utf-16-be") not in paper
    assert b"(Homeward: open children)" in paper


def test_while_nothing_can_be_written_it_is_printed_without_names_and_says_so(
    missing: Duty, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "PATIENCE", 0.1)
    with closing(sqlite3.connect(str(missing.engine.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        shown = report.shown_sheets(missing.engine, missing.office, missing.now, [AUTHORITY], names=False, by=None)
        with pytest.raises(Unusable, match="leave out --names"):
            report.shown_sheets(missing.engine, missing.office, missing.now, [AUTHORITY], names=True, by="team_manager")
    assert [child.reference for child in shown[0].missing] == [missing.reference]
    assert "is not in the journal; write it down by hand" in capsys.readouterr().err


def test_without_its_library_no_paper_is_made_and_nothing_is_written_down_as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab", None)
    with pytest.raises(Unusable, match="reportlab is not installed: install homeward"):
        report.open_children(pdf=True)
    with pytest.raises(Unusable, match="reportlab is not installed: install homeward"):
        chronology.chronology("HW-7F3K", "edt")
