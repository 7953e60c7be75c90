"""The list beside us, kept up with every episode and naming no child; and where Graph is asked for at all."""

from pathlib import Path

import pytest

from bot import configuration
from bot.beside import beside
from bot.commands import doctor
from bot.errors import Unusable
from bot.settings import Settings
from handlers.cycles.track import track
from handlers.errors import Later, Uncertain
from handlers.ports import Tracked
from tests.bot.slack.scene import HOMEWARD_YML
from tests.fakes import Duty
from tests.handlers.conftest import Opens, opens  # noqa: F401 - a fixture

GRAPH = HOMEWARD_YML + "graph: {mailbox: homeward@example.org, tracker: {site: s, list: l}}\n"


class Sheet:
    """A tracker that remembers; `trouble` is raised first, after the row was taken when it is a doubt."""

    def __init__(self) -> None:
        self.rows: dict[str, Tracked] = {}
        self.written = 0
        self.trouble: list[Exception] = []

    def write(self, row: Tracked, known: str | None) -> str:
        if self.trouble and not isinstance(self.trouble[0], Uncertain):
            raise self.trouble.pop(0)
        number = known or next((n for n, kept in self.rows.items() if kept.reference == row.reference), str(len(self.rows) + 1))
        self.rows[number], self.written = row, self.written + 1
        if self.trouble:
            raise self.trouble.pop(0)
        return number

    def hide(self, row: Tracked) -> str | None:
        number = next((n for n, kept in self.rows.items() if kept.reference == row.reference), None)
        return self.write(row, number) if number else None


@pytest.fixture
def duty(opens: Opens) -> Duty:  # noqa: F811
    found = opens(pack="triborough@2017-12-01")
    found.report(missing_since="09:30", surname="Sample", case_reference="LC-4711")
    return found


def test_an_episode_is_one_row_that_follows_it_and_names_no_child(duty: Duty) -> None:
    sheet = Sheet()
    assert track(duty.desks_at(duty.now), sheet) == 1
    assert track(duty.desks_at(duty.now), sheet) == 0
    duty.forward(hours=3)
    duty.type("found", by="social_worker", found_at="12:30")
    track(duty.desks_at(duty.now), sheet)
    [row] = sheet.rows.values()
    assert (row.reference, row.status) == (duty.reference, "returned")
    assert row.late > 0
    assert "Sample" not in str(row)
    assert "4711" not in str(row)


def test_a_row_that_was_not_written_is_written_the_next_time_and_is_still_one(duty: Duty) -> None:
    sheet = Sheet()
    sheet.trouble = [Later(60), Uncertain("lost")]
    assert [track(duty.desks_at(duty.now), sheet) for _ in range(4)] == [0, 0, 1, 0]
    assert len(sheet.rows) == 1


def test_a_closed_episode_is_written_once_more_and_then_left_alone(duty: Duty) -> None:
    sheet = Sheet()
    track(duty.desks_at(duty.now), sheet)
    duty.type("void", by="team_manager", reason="entered twice")
    assert [track(duty.desks_at(duty.now), sheet) for _ in range(3)] == [1, 0, 0]
    assert [row.status for row in sheet.rows.values()] == ["void"]


def test_a_restricted_episode_has_no_row_and_one_that_was_there_says_nothing(duty: Duty) -> None:
    sheet = Sheet()
    track(duty.desks_at(duty.now), sheet)
    duty.type("restrict", by="team_manager", reason="a relative works here")
    track(duty.desks_at(duty.now), sheet)
    [row] = sheet.rows.values()
    assert (row.category, row.status, row.since, row.open) == ("", "not listed", "", 0)


HIDDEN = ("", "not listed", "", 0, 0)


def restricted(duty: Duty, sheet: Sheet) -> tuple[object, ...]:
    """What the list says after the episode was restricted, and after nothing more."""
    duty.type("restrict", by="team_manager", reason="a relative works here")
    track(duty.desks_at(duty.now), sheet)
    written = sheet.written
    assert [track(duty.desks_at(duty.now), sheet), sheet.written - written] == [0, 0]
    [row] = sheet.rows.values()
    return row.category, row.status, row.since, row.open, row.late


def test_one_that_has_ended_says_nothing_either_when_it_is_restricted_later(duty: Duty) -> None:
    sheet = Sheet()
    track(duty.desks_at(duty.now), sheet)
    duty.type("void", by="team_manager", reason="entered twice")
    track(duty.desks_at(duty.now), sheet)
    assert restricted(duty, sheet) == HIDDEN
    duty.type("unrestrict", by="team_manager", reason="the relative has left")
    assert [track(duty.desks_at(duty.now), sheet) for _ in range(2)] == [1, 0]
    assert [row.status for row in sheet.rows.values()] == ["void"]
    assert restricted(duty, sheet) == HIDDEN


def test_one_whose_answer_was_lost_says_nothing_either_when_it_is_restricted_later(duty: Duty) -> None:
    sheet = Sheet()
    sheet.trouble = [Uncertain("lost")]
    track(duty.desks_at(duty.now), sheet)
    assert restricted(duty, sheet) == HIDDEN


def test_one_that_was_restricted_before_it_had_a_row_gets_none_until_it_is_open_to_everybody(duty: Duty) -> None:
    sheet = Sheet()
    duty.type("restrict", by="team_manager", reason="a relative works here")
    assert [track(duty.desks_at(duty.now), sheet) for _ in range(2)] == [0, 0]
    assert sheet.rows == {}
    duty.type("unrestrict", by="team_manager", reason="the relative has left")
    assert track(duty.desks_at(duty.now), sheet) == 1
    assert [row.status for row in sheet.rows.values()] == ["open"]


def test_graph_is_off_until_homeward_yml_asks_for_it(tmp_path: Path) -> None:
    off = beside(Settings(), configuration.understand(HOMEWARD_YML, "homeward.yml"))
    assert (off.graph, off.letters(), off.beats(lambda: pytest.fail("never asked"))) == (None, {}, [])


def test_what_is_half_configured_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="CLIENT_ID and TENANT_ID"):
        beside(Settings(), configuration.understand(GRAPH, "homeward.yml"))
    for url in ("http://graph.example.org", "http://127.0.0.1.example.org", "http://localhost@example.org", "http://[", "ftp://127.0.0.1"):
        with pytest.raises(Unusable, match="https"):
            beside(Settings(client_id="a", tenant_id="t", graph_base_url=url), configuration.understand(GRAPH, "homeward.yml"))
    with pytest.raises(Unusable, match="did you mean 'mailbox'"):
        configuration.understand(GRAPH.replace("mailbox", "mailbx"), "homeward.yml")


def test_doctor_says_by_which_way_letters_go(tmp_path: Path) -> None:
    file = tmp_path / "homeward.yml"
    said = []
    for text in (GRAPH, HOMEWARD_YML):
        file.write_text(text, encoding="utf-8")
        said.append(doctor.mail(Settings(homeward_config=file)))
    assert said == ["letters go by Graph, from homeward@example.org", "not used: nobody can be told by e-mail while chat is down"]


def test_it_does_what_homeward_yml_asks_for_and_nothing_else(tmp_path: Path) -> None:
    given = Settings(client_id="a", tenant_id="t")
    both = beside(given, configuration.understand(GRAPH, "homeward.yml"))
    assert list(both.letters()) == ["mail"]
    assert [beat.name for beat in both.beats(lambda: pytest.fail("never asked"))] == ["graph key", "tracker"]
    letters = beside(given, configuration.understand(HOMEWARD_YML + "graph: {mailbox: h@example.org}\n", "homeward.yml"))
    assert [beat.name for beat in letters.beats(lambda: pytest.fail("never asked"))] == ["graph key"]
