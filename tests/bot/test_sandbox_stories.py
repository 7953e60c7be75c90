"""The stories of the training room: each can be played to a good end, and nobody who does nothing gets there."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import stories
from bot.sandbox.stories import Story
from bot.simulate.play import Played, play
from bot.simulate.reading import read
from bot.simulate.run import Asked, run
from bot.simulate.stage import AUTHORITY
from handlers.training.debrief import Debrief, debrief
from handlers.training.saving import saved
from storage import episodes

STORIES = list(stories.shipped().values())
by_name = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def debriefed(played: Played, story: Story) -> Debrief:
    with played.stage.desks_at(story.ends)() as desk:
        return debrief(desk, AUTHORITY, story.goals)


@by_name
def test_played_as_its_file_says_every_goal_is_met_and_nothing_is_refused(story: Story) -> None:
    played = play(story.scenario)
    assert played.refused == []
    found = debriefed(played, story)
    assert {goal.says: (goal.state, goal.how) for goal in found.goals if goal.state != "done"} == {}
    assert found.verdict.startswith("Every goal was met.")


@by_name
def test_with_nobody_acting_the_debrief_says_what_was_missed_and_under_which_clause(story: Story) -> None:
    alone = replace(story.scenario, timeline=tuple(step for step, _ in story.world))
    found = debriefed(play(alone), story)
    assert not all(goal.state == "done" for goal in found.goals)
    if any(step.do == "report" for step in alone.timeline):
        missed = found.of("late", "done_late")
        assert missed
        assert all(point.clauses for point in missed)
        assert any(goal.clauses and goal.state == "late" for goal in found.goals)


def test_the_seven_that_were_promised_are_there() -> None:
    told = ("first-night", "in-care-24-hours", "three-and-five-days", "third-in-a-month", "absence-that-lapses")
    assert [story.id for story in STORIES] == [*told, "clock-change-weekend", "partner-who-does-not-answer"]


@by_name
def test_every_step_that_happens_by_itself_is_told_in_a_sentence_and_the_story_can_be_read_in_a_minute(story: Story) -> None:
    assert all(says.endswith(".") for _, says in story.world)
    assert len(f"{story.hear} {story.goal}".split()) < 120
    assert story.begins <= story.scenario.timeline[0].at < story.ends
    assert story.ends - story.begins < timedelta(days=31)


REPLAYED = [
    "core-undone-and-reopened",
    "core-extended",
    "bury-own-absence-becomes-missing",
    "bury-own-meeting-fixed",
    "rutland-own-six-days",
]


@pytest.mark.parametrize("name", REPLAYED)
def test_what_was_played_can_be_saved_and_comes_to_the_same_when_it_is_played_again(name: str, tmp_path: Path) -> None:
    first = play(read(SCENARIOS / f"{name}.yml"))
    with first.stage.desks_at(first.scenario.until)() as desk:
        row = episodes.of_child(desk.session, first.child_id)[-1]
        kept = saved(row.reference, AUTHORITY, desk)
    file = tmp_path / kept.name
    file.write_text(kept.text, encoding="utf-8")
    complaints: list[str] = []
    assert run([file], Asked(), lambda _: None, complaints.append) == 0, complaints


def test_no_free_text_and_no_name_is_in_a_saved_file() -> None:
    played = play(read(SCENARIOS / "rutland-own-six-days.yml"))
    with played.stage.desks_at(played.scenario.until)() as desk:
        text = saved(episodes.of_child(desk.session, played.child_id)[0].reference, AUTHORITY, desk).text
    assert "not safe there" not in text
    assert "free text is not saved" in text
