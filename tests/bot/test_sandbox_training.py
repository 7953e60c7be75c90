"""A training session without a page: its stories, its clock, what is unread, and starting over."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.sandbox import exercise, stories
from bot.sandbox.conductor import typed, unmoved
from bot.sandbox.drawing import drawing
from bot.sandbox.exercise import Exercise
from bot.sandbox.files import open_files
from bot.sandbox.protocol import page
from bot.sandbox.screen import scene
from bot.sandbox.tab import from_address
from bot.sandbox.town import AUTHORITY
from bot.sandbox.training import Training
from bot.sandbox.unread import Unread
from handlers.desk import actor
from handlers.errors import Refused
from handlers.incoming import Submitted
from handlers.outgoing import Form
from handlers.pages.episode_line import episode_line, opened
from handlers.pages.overview import standing
from handlers.training.ahead import next_due, next_mark
from handlers.training.debrief import debrief
from policies.load import pack
from policies.timeline import timeline
from policies.worktime import LONDON
from storage import episodes, journal
from tests.moments import london
from tests.policies.stories import asked, reported

NIGHT = datetime(2026, 2, 6, 22, 15, tzinfo=UTC)
THREE_DAYS = "three-and-five-days"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room in which nothing has happened, made once."""
    folder = tmp_path_factory.mktemp("empty")
    open_files(folder / "room.sqlite", NIGHT).engine.dispose()
    return folder


@pytest.fixture
def training(empty: Path, tmp_path: Path) -> Iterator[Training]:
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    found = Training(open_files(tmp_path / "room.sqlite", NIGHT))
    yield found
    found.engine.dispose()


def began(training: Training, story: str) -> Training:
    chosen = stories.shipped()[story]
    training.start_over(Exercise(chosen.scenario.pack, chosen.begins, story))
    return training


def report(training: Training, **values: str) -> None:
    form = training.hear("report", "edt")
    assert isinstance(form, Form)
    filled = {field.id: field.value for field in form.fields} | {"missing_since": "21:30"} | values
    training.submit(Submitted("report", filled, "edt", dict(form.context), AUTHORITY))


def references(training: Training) -> list[str]:
    with training.look() as session:
        return [row.reference for row in episodes.of_authority(session, AUTHORITY)]


def test_starting_over_leaves_nothing_of_what_was_played_and_takes_the_protocol_of_the_story(training: Training) -> None:
    report(training)
    before = references(training)
    began(training, "in-care-24-hours")
    assert (training.pack.area, training.moment) == ("bury", london("2026-02-01 21:10"))
    assert len(references(training)) == 1
    assert not set(references(training)) & set(before)


def test_whoever_calls_the_panel_is_told_at_nine_once_a_month_while_a_child_waits_for_it(training: Training) -> None:
    training.start_over(Exercise("bury", NIGHT))
    report(training, risk_level="high")
    for day in (3, 30):
        training.move_to(NIGHT + timedelta(days=day))
    lead = next(person for person in training.people if person.id == "lead_manager_missing")
    with training.look() as session:
        room = scene(session, lead, "coordination", None, training.moment)
    told = [post.at for post in room.posts if post.body.headline == "The monthly panel"]
    assert told == [london("2026-02-09 09:00"), london("2026-03-02 09:00")]


def test_the_line_about_records_past_their_time_comes_on_the_clock_of_the_room(training: Training) -> None:
    report(training)
    for verb, values in (("found", {"found_at": "22:00", "wellbeing": "yes"}), ("close", {"reason": "back home"})):
        form = training.hear(f"{verb} {references(training)[0]}", "la_missing_coordinator")
        assert isinstance(form, Form)
        filled = {field.id: field.value for field in form.fields} | values
        training.submit(Submitted(verb, filled, "la_missing_coordinator", dict(form.context), AUTHORITY))
    training._desks_at(london("2028-02-20 10:00"))
    for day in ("2028-03-20 10:00", "2028-04-04 10:00"):
        training.move_to(london(day))
    lead = next(person for person in training.people if person.id == "la_missing_coordinator")
    with training.look() as session:
        posts = scene(session, lead, "management", None, training.moment).posts
    assert [post.at for post in posts if "Nothing is erased by itself" in repr(post.body)] == [london("2028-04-03 09:00")]


def test_a_story_goes_on_after_a_restart_and_no_step_of_it_happens_twice(training: Training) -> None:
    began(training, THREE_DAYS)
    training.engine.dispose()
    again = Training(open_files(training.files.database, NIGHT))
    again.catch_up()
    assert again.story is not None
    assert again.story.id == THREE_DAYS
    assert len(references(again)) == 1
    with again.look() as session:
        assert exercise.progress(session).steps == 1
    again.engine.dispose()


def test_the_clock_stops_where_something_happens_in_the_story(training: Training) -> None:
    began(training, THREE_DAYS)
    moved = training.move_to(training.moment + timedelta(days=10))
    assert moved.end == london("2026-02-12 08:00")
    assert [event.says[:13] for event in moved.events] == ["Police ring: "]
    assert training.move_to(training.moment + timedelta(days=1)).end == london("2026-02-13 08:00")


def test_what_the_players_did_already_does_not_happen_again(training: Training) -> None:
    began(training, THREE_DAYS)
    training.move_to(training.moment + timedelta(hours=9))
    reference = references(training)[0]
    form = training.hear(f"found {reference}", "police")
    assert isinstance(form, Form)
    values = {field.id: field.value for field in form.fields}
    training.submit(Submitted("found", values, "police", dict(form.context), AUTHORITY))
    moved = training.move_to(training.moment + timedelta(days=9))
    assert moved.events == ()
    assert training.world is not None
    assert training.world.next_at is None


def test_two_who_press_the_clock_at_once_move_it_once(training: Training) -> None:
    seen = training.moment
    unmoved(training, seen).move_to(seen + timedelta(hours=1))
    with pytest.raises(Refused, match="Somebody else has just moved the clock to Fri 6 Feb 23:15"):
        unmoved(training, seen)


@pytest.mark.parametrize("text", ["", "soon", "2026-02-31T10:00", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_what_is_no_moment_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refused):
        typed(text)


def test_the_next_due_time_and_the_next_mark_are_found_over_all_children(training: Training) -> None:
    began(training, THREE_DAYS)
    with training.look() as session:
        desk = training.desk(session)
        assert next_due(desk, AUTHORITY) == london("2026-02-07 23:59:59")
        assert next_mark(desk, AUTHORITY) == london("2026-02-07 21:30")


def test_who_is_late_on_what_is_listed_with_the_person_and_the_clause_and_only_to_those_it_concerns(training: Training) -> None:
    began(training, THREE_DAYS)
    training.move_to(london("2026-02-09 22:30"))
    with training.look() as session:
        desk = training.desk(session)
        found = standing(desk, actor(desk, "team_manager"))
        police = standing(desk, actor(desk, "police"))
    late = {owed.action: (owed.who, owed.how) for owed in found.late.first}
    assert late["strategy_discussion"] == ("Ines Marlow", "1 h late")
    assert late["dcs_notification"][0] == "Helen Brandt"
    assert all(owed.clauses for owed in found.late.first)
    assert {owed.action for owed in police.late.first} < set(late)
    assert "hos_notification" not in {owed.action for owed in police.late.first}


def test_a_list_that_is_too_long_is_cut_and_counted(training: Training) -> None:
    began(training, THREE_DAYS)
    training.move_to(london("2026-02-09 22:30"))
    with training.look() as session:
        desk = training.desk(session)
        cut = standing(desk, actor(desk, "team_manager"), most=2).late
    assert (len(cut.first), cut.count > 2) == (2, True)


def test_looking_at_a_timeline_is_written_down_and_nobody_sees_one_that_is_not_theirs(training: Training) -> None:
    began(training, THREE_DAYS)
    reference = references(training)[0]
    training.note_look(reference, "team_manager")
    with training.look() as session:
        desk = training.desk(session)
        entries = journal.of_authority(session, desk.vault, AUTHORITY, 0, 1000)
        shown = [e for e in entries if e.kind == "shown" and e.payload.get("what") == "timeline"]
        assert [e.actor for e in shown] == ["team_manager"]
        with pytest.raises(Refused, match="not invited"):
            episode_line(reference, desk, actor(desk, "school"))
        with pytest.raises(Refused, match="no episode"):
            opened("HW-0000", desk, actor(desk, "team_manager"))


def test_a_goal_follows_what_has_a_time_though_the_same_was_asked_without_one(training: Training) -> None:
    story = began(training, "partner-who-does-not-answer").story
    assert story is not None
    form = training.hear(f"schedule {references(training)[0]} strategy meeting", "team_manager")
    while isinstance(form, Form):
        filled = {field.id: field.value for field in form.fields} | {"meeting": "strategy_meeting", "starts": "17:00"}
        form = training.submit(Submitted(form.id, filled, "team_manager", dict(form.context), AUTHORITY))
    with training.look() as session:
        found = debrief(training.desk(session), AUTHORITY, story.goals)
    assert [(goal.state, goal.how) for goal in found.goals] == [
        ("done", "fixed"),
        ("not yet", "no answer yet"),
        ("ahead", "due Tue 3 Feb 19:00 if still missing"),
    ]


def test_unread_posts_count_for_those_who_can_see_them_until_they_look(training: Training) -> None:
    unread = Unread(lambda: training.people)
    training.screen.arrived = unread.arrived
    report(training)
    worker, school = unread.counts("social_worker"), unread.counts("school")
    assert worker.by_place["coordination"] >= 2
    assert "coordination" in worker.mentioned
    assert "coordination" not in school.by_place
    thread = next(iter(worker.by_thread))
    unread.saw("social_worker", "coordination", None)
    assert unread.counts("social_worker").by_place["coordination"] == worker.by_thread[thread]
    unread.saw("social_worker", "coordination", thread)
    assert "coordination" not in unread.counts("social_worker").by_place
    assert unread.counts("team_manager").by_place


def test_markup_in_a_drawing_is_text_and_a_line_without_anything_can_be_drawn() -> None:
    derived = asked(pack("triborough"), reported("2026-02-06 22:15", since="2026-02-06 21:30"), now="2026-02-06 22:15")
    svg = drawing(timeline(derived, london("2026-02-06 22:15")), "<script>alert(1)</script>")
    assert "<script>" not in svg
    assert ET.fromstring(svg).tag.endswith("svg")
    empty = drawing(timeline(derived, london("2026-02-06 22:15"), lambda _: False), "HW-1")
    assert "now" in empty


def test_a_protocol_page_names_every_rule_and_links_every_clause_to_what_it_says() -> None:
    found = page("triborough") or ""
    assert "Hold the strategy discussion with police" in found
    assert 'href="#TRI-079"' in found
    assert 'id="TRI-079"' in found
    assert "not asked for" in (page("bury", "triborough@2017-12-01") or "")
    assert "ask the same" in (page("bury", "bury") or "")
    assert page("<script>") is None


def test_an_address_that_speaks_of_nobody_falls_back_to_the_start(training: Training) -> None:
    directory = training.office.directory
    assert (from_address(directory, "", "", "").place, from_address(directory, "edt", "", "").place) == ("exercise", "coordination")
    strange = from_address(directory, "x" * 5000, "../etc", "<b>", "HW-'")
    assert (strange.who.id, strange.place) == ("edt", "coordination")
    assert from_address(directory, "police", "management", "").place == "partners"


def test_reports_come_by_themselves_with_a_picture_drawn_of_the_figures(training: Training) -> None:
    report(training)
    training.move_to(datetime(2026, 2, 9, 9, tzinfo=UTC))  # a Monday
    with training.look() as session:
        manager = next(person for person in training.people if person.id == "la_missing_coordinator")
        shown = training.pictures.into(scene(session, manager, "management", None, training.moment), training.desk(session), AUTHORITY)
    reports = [post for post in shown.posts if post.kind == "report"]
    texts = [post for post in reports if not post.body.enclosed]
    assert texts
    assert all(post.at.astimezone(LONDON).time() >= time(8, 30) for post in reports)
    assert training.moment == datetime(2026, 2, 9, 9, tzinfo=UTC)
    assert not any("Late:" in line for post in texts for line in post.body.lines)
    drawn_ones = [post for post in reports if post.picture]
    assert len(drawn_ones) >= len(texts)
    ET.fromstring(drawn_ones[0].picture)
    assert any("Return interviews late" in post.picture for post in drawn_ones)
    assert len({post.body.headline for post in texts}) == len(texts)
