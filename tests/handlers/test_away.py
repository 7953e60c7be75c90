"""An absence that became missing: everybody reads the same moment from which the child is missing, and lists go by it."""

from collections.abc import Callable

import pytest

from handlers.chronicle.chronology import chronology
from handlers.cycles.track import _changed
from handlers.desk import actor
from handlers.pages.episode_line import episode_line
from handlers.pages.home import home
from handlers.pages.overview import standing
from handlers.pages.sheet import sheet
from handlers.reports.rows import Span, load
from policies.figures import figure
from storage import episodes
from tests.fakes import AUTHORITY, Duty
from tests.handlers.conftest import Opens
from tests.moments import london
from tests.policies.stories import reported
from tests.protocols import duty as rule
from tests.protocols import protocol

AWAY = "away_from_placement_without_authorisation"
FROM_THEN, LENGTH = "since Mon 2 Feb 12:00, away since Mon 2 Feb 08:00", "3 h"


@pytest.fixture
def lapsed(opens: Opens) -> Duty:
    """Away since 08:00 with a limit of 12:00; a child missing since 09:30 is reported as well; it is 15:00."""
    duty = opens(rule("brief", "written_briefing", due="P5D"))
    duty.report(category=AWAY, missing_since="08:00")
    duty.type("reclassify", category=AWAY, absence_limit_at="12:00", reason="agreed")
    reference = duty.reference
    duty.report(missing_since="09:30")
    duty.reference = reference
    duty.until("2026-02-02 15:00")
    return duty


def typed(duty: Duty, text: str, by: str = "social_worker") -> str:
    return duty.answer(duty.hear(text, by)).text


def on_page(duty: Duty) -> str:
    with duty.desk() as desk:
        person = desk.directory.person("social_worker")
        assert person
        return "\n".join(home(desk, person).missing)


def in_overview(duty: Duty) -> str:
    with duty.desk() as desk:
        return "\n".join(f"{c.reference} {c.says} {c.missing}" for c in standing(desk, actor(desk, "team_manager")).children)


def on_sheet(duty: Duty) -> str:
    with duty.desk() as desk:
        return "\n".join(f"{c.reference} {c.headline}" for c in sheet(desk, AUTHORITY).missing)


def on_line(duty: Duty) -> str:
    with duty.desk() as desk:
        return episode_line(duty.reference, desk, actor(desk, "team_manager")).says


def on_card(duty: Duty) -> str:
    cards = (duty.now_shown(p.post.id).headline for _, p in duty.platform.sent if p.post.kind == "card")
    return next(headline for headline in cards if headline.startswith(duty.reference))


@pytest.mark.parametrize(
    "read", [on_card, on_line, on_sheet, in_overview, lambda duty: typed(duty, f"status {duty.reference}")], ids=lambda read: read.__name__
)
def test_since_when_is_the_same_wherever_it_is_read(lapsed: Duty, read: Callable[[Duty], str]) -> None:
    assert FROM_THEN in read(lapsed)


@pytest.mark.parametrize(
    "read", [on_page, in_overview, on_sheet, on_line, lambda duty: typed(duty, "list")], ids=lambda read: read.__name__
)
def test_for_how_long_is_counted_from_then(lapsed: Duty, read: Callable[[Duty], str]) -> None:
    says = read(lapsed)
    mine = says[says.index(lapsed.reference) :] if lapsed.reference in says else says
    assert LENGTH in mine
    assert "7 h" not in mine


@pytest.mark.parametrize("read", [on_page, in_overview, on_sheet, lambda duty: typed(duty, "list")], ids=lambda read: read.__name__)
def test_who_is_missing_longest_stands_first(lapsed: Duty, read: Callable[[Duty], str]) -> None:
    says = read(lapsed)
    with lapsed.desk() as desk:
        (other,) = (row.reference for row in episodes.open_of(desk.session, AUTHORITY) if row.reference != lapsed.reference)
    assert says.index(other) < says.index(lapsed.reference)


def test_the_handover_the_tracker_and_the_chronology_say_the_same(lapsed: Duty) -> None:
    handed = lapsed.answer(lapsed.submit(lapsed.hear("handover"), "social_worker", to="edt")).lines
    assert "2 not back, the longest away for 5 h 30 min." in handed[0]
    assert [line for line in handed if f"{lapsed.reference}: missing for 3 h;" in line]
    with lapsed.desk() as desk:
        assert {due.row.reference: due.row.since for due in _changed(desk)}[lapsed.reference] == "2026-02-02T12:00:00+00:00"
        row = episodes.by_reference(desk.session, lapsed.reference)
        assert row
        told = chronology(desk, actor(desk, "team_manager"), row)
    assert "since Mon 2 Feb 12:00 2026, away since Mon 2 Feb 08:00 2026" in told.summary[0]


def test_found_it_says_how_long_the_child_was_missing(lapsed: Duty) -> None:
    lapsed.type("found", found_at="14:00")
    assert "found after 2 h" in on_line(lapsed)
    assert FROM_THEN in on_card(lapsed)


def listed(duty: Duty) -> dict[str, str]:
    """Reference and moment of each row of a report, in its order."""
    with duty.desk() as desk:
        rows = load(desk, AUTHORITY, Span(london("2026-02-01 00:00"), duty.now))
    return {row.reference: f"{row.since:%H:%M}" if row.began else "away" for row in rows}


def test_a_workbook_lists_it_by_when_it_became_missing(lapsed: Duty) -> None:
    assert list(listed(lapsed).values()) == ["09:30", "12:00"]
    assert list(listed(lapsed))[-1] == lapsed.reference


def test_a_limit_that_is_to_come_has_made_nobody_missing(lapsed: Duty) -> None:
    lapsed.now = london("2026-02-02 11:00")
    assert sorted(listed(lapsed).values()) == ["09:30", "away"]


def test_where_nobody_knew_the_place_the_child_was_missing_from_the_beginning_in_the_figures_too() -> None:
    suspected = reported("2026-02-02 18:00", "whereabouts_known", since="2026-02-02 17:00", whereabouts_suspected=True)
    for story, codes in ((suspected, ["M 17:00"]), (suspected.set("2026-02-02 18:30", whereabouts_known=True), ["A 17:00"])):
        made = figure(protocol(), None, "e", story.told)
        assert [f"{s.code} {s.start:%H:%M}" for s in made.stretches] == codes
