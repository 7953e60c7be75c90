"""What happens when time passes and something is wrong: the others go on, and people hear of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from handlers.clock import next_moment, run_all
from handlers.cycles import digest as digests
from handlers.cycles.remind import remind
from handlers.cycles.watch import sweep, watch
from handlers.desk import Desk
from handlers.directory import Authority
from handlers.errors import Refused
from policies.words import PackError
from tests import protocols
from tests.fakes import AUTHORITY, PLATFORM, Duty
from tests.handlers.conftest import Opens
from tests.moments import london
from tests.protocols import duty as rule

BRIEF = rule("brief", "written_briefing", due="PT24H")


@pytest.fixture
def missing(opens: Opens) -> Duty:
    duty = opens(BRIEF)
    duty.report(missing_since="08:00")
    return duty


def spoil(duty: Duty, reference: str) -> None:
    """Make an episode one that cannot be worked out: its pack is gone from the shelf and unreadable."""
    with duty.engine.begin() as connection:
        row = connection.execute(sa.text("SELECT * FROM packs LIMIT 1")).mappings().one()
        spoilt = {**row, "hash": "spoilt", "text": "format: 1"}
        names = ", ".join(spoilt)
        connection.execute(sa.text(f"INSERT INTO packs ({names}) VALUES ({', '.join(f':{n}' for n in spoilt)})"), spoilt)
        connection.execute(sa.text("UPDATE episodes SET pack_hash = 'spoilt' WHERE reference = :r"), {"r": reference})


def test_one_broken_episode_does_not_silence_the_others(missing: Duty, caplog: pytest.LogCaptureFixture) -> None:
    broken = missing.reference
    missing.report(missing_since="09:00")
    spoil(missing, broken)
    missing.until("2026-02-03 10:00")
    assert [s.to for s in missing.came(kind="due")] == [("social_worker",)]
    alarms = [s.text for s in missing.ever(kind="alarm") if broken in s.text]
    assert any("could not be worked out" in text for text in alarms)
    assert len(alarms) <= 2  # once a day, not once a look
    assert all(record.levelno >= logging.ERROR for record in caplog.records if broken in record.getMessage())


def test_what_cannot_be_worked_out_does_not_keep_the_bot_busy_for_ever(missing: Duty) -> None:
    spoil(missing, missing.reference)
    missing.now = london("2026-02-03 10:00")
    run_all(missing.desks_at(missing.now), {PLATFORM: missing.platform})


def test_a_broken_episode_stands_in_the_list_with_the_others(missing: Duty) -> None:
    broken = missing.reference
    whole = missing.report(missing_since="09:00").reference or ""
    spoil(missing, broken)
    lines = missing.answer(missing.hear("list", "team_manager")).lines
    assert [line[:7] for line in lines] == [broken, whole]
    assert "could not be worked out" in lines[0]
    assert whole in missing.answer(missing.hear("mine", "social_worker")).text


def test_a_second_look_finds_what_is_stored_otherwise(missing: Duty) -> None:
    assert sweep(missing.desks_at(missing.now)) == []
    with missing.engine.begin() as connection:
        connection.execute(sa.text("UPDATE obligations SET status = 'void'"))
    (sentence,) = sweep(missing.desks_at(missing.now))
    assert missing.reference in sentence
    assert "(brief)" in sentence


def test_a_post_that_does_not_go_out_is_raised_once(missing: Duty) -> None:
    with missing.engine.begin() as connection:
        connection.execute(sa.text("UPDATE posts SET state = 'queued', reference = NULL, sent_at = NULL WHERE kind = 'card'"))
    missing.now = london("2026-02-02 10:30")
    desks = missing.desks_at(missing.now)
    assert watch(desks)
    assert watch(desks) == []


def test_many_episodes_are_looked_at_with_as_few_questions_as_one(opens: Opens) -> None:
    duty = opens(pack="bury@2024-06-21")
    for hour in ("07:00", "07:30", "08:00", "08:30"):
        duty.report(missing_since=hour, care_status="looked_after")
    asked: list[str] = []
    sa.event.listen(duty.engine, "before_cursor_execute", lambda *told: asked.append(told[2][:6]))
    desks = duty.desks_at(london("2026-02-03 10:00"))
    assert remind(desks, limit=1) == 1
    of_one = asked.count("SELECT")
    asked.clear()
    assert remind(desks) == 3
    assert asked.count("SELECT") == of_one


def test_looking_twice_at_one_moment_does_nothing_the_second_time(missing: Duty) -> None:
    missing.until("2026-02-03 10:00")
    sent = len(missing.platform.sent)
    desks = missing.desks_at(missing.now)
    assert remind(desks) == 0
    run_all(desks, {PLATFORM: missing.platform})
    assert len(missing.platform.sent) == sent


def test_the_bot_says_when_it_will_look_again(missing: Duty) -> None:
    with missing.desk() as desk:
        assert next_moment(desk) == london("2026-02-02 21:30")
    missing.press("complete", "written_briefing", "social_worker")
    missing.until("2026-02-03 10:00")
    assert missing.episode.next_change_at is None


def test_no_reminder_is_lost_when_the_bot_was_away(missing: Duty) -> None:
    """Nobody looks for three days; then each hears once, as high as it has come."""
    missing.now = london("2026-02-05 11:00")
    missing.forward()
    about = missing.came(action="written_briefing")
    assert sorted((s.kind, s.to[0]) for s in about if s.kind != "digest") == [
        ("due", "social_worker"),
        ("escalation", "head_of_service"),
        ("escalation", "team_manager"),
    ]
    assert all("49 h late" in s.text or "2 days 1 h late" in s.text for s in about if s.kind != "digest")


def test_digests_are_gathered_page_by_page_and_a_kill_on_the_way_leaves_none_half(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "PAGE", 1)
    duty = opens(rule("file", "missing_record"))  # a duty the protocol gives no time for
    references = {duty.report(missing_since=f"0{n}:00").reference for n in (7, 8, 9)}
    duty.now = london("2026-02-03 08:30")
    pages = 0

    @contextmanager
    def killed() -> Iterator[Desk]:
        nonlocal pages
        pages += 1
        if pages == 4:
            raise KeyboardInterrupt
        with duty.desk() as desk:
            yield desk

    with pytest.raises(KeyboardInterrupt):
        digests.digest(killed)
    duty.forward()
    came = duty.came(kind="digest", people="social_worker")
    assert {seen.text[:7] for seen in came} == references
    assert len({seen.post for seen in came}) == 1


# ---- editions


def with_text(duty: Duty, edition: str, text: str) -> None:
    """The authority uses another text from now on."""
    directory = duty.office.directory
    moved = tuple(replace(a, pack=edition) for a in directory.authorities)
    duty.office = replace(duty.office, directory=replace(directory, authorities=moved), extra={**duty.office.extra, edition: text})


def test_an_episode_keeps_the_edition_it_began_under(missing: Duty) -> None:
    first = missing.reference
    with_text(missing, "westbrook@2026-02-02", protocols.text(rule("brief", "written_briefing", due="PT1H"), effective="2026-02-02"))
    missing.report(missing_since="09:00")
    assert missing.owed("written_briefing").due == london("2026-02-02 11:00")
    missing.reference = first
    assert missing.owed("written_briefing").due == london("2026-02-03 10:00")
    missing.until("2026-02-03 10:00")
    missing.expect(kind="due", action="written_briefing", at="2026-02-03 10:00")


def test_a_broken_edition_stops_new_reports_with_a_sentence_and_the_editions_in_force_go_on(missing: Duty) -> None:
    with_text(missing, "westbrook@2026-02-02", protocols.text(rule("brief", "writen_briefing")))
    with pytest.raises((Refused, PackError), match="did you mean 'written_briefing'"):
        missing.hear("report", "edt")
    missing.until("2026-02-03 10:00")
    missing.expect(kind="due", action="written_briefing")


def test_an_authority_is_found_by_its_id(missing: Duty) -> None:
    with missing.desk() as desk:
        assert isinstance(desk.authority(AUTHORITY), Authority)
