"""A child placed across a border: both authorities see it, and each what it may."""

from dataclasses import replace

import pytest

from handlers import retention
from handlers.desk import actor
from handlers.directory import Authority, Room
from handlers.errors import Refused, Undeliverable
from tests.fakes import PLATFORM, Duty, person, town
from tests.handlers.conftest import Opens
from tests.protocols import duty as rule


@pytest.fixture
def shared(opens: Opens) -> Duty:
    base = town("westbrook@2020-01-01")
    east = Authority("eastbrook", "Eastbrook", "westbrook@2020-01-01", (Room(PLATFORM, "east", "coordination"),))
    people = (
        person("east.head", "head_of_service", authority="eastbrook"),
        person("east.worker", "social_worker", authority="eastbrook"),
        person("east.police", "police", authority="eastbrook"),
    )
    directory = replace(base, authorities=(*base.authorities, east), people=(*base.people, *people))
    rules = (
        rule("brief", "written_briefing", owner="team_manager", due="PT4H"),
        rule("host", "host_authority_notification", owner="social_worker", due="PT4H", tell=["host_authority"]),
    )
    duty = opens(*rules, directory=directory)
    duty.report(missing_since="09:30", narrative="a secret")
    return duty


def share(duty: Duty, what: str = "share") -> str:
    form = duty.form(duty.hear(f"share {duty.reference}", "team_manager"))
    return duty.answer(duty.submit(form, "team_manager", authority="eastbrook", share=what, reason="placed there")).text


def test_until_it_is_shared_the_other_authority_knows_nothing(shared: Duty) -> None:
    with pytest.raises(Refused):
        shared.hear(f"status {shared.reference}", "east.worker")
    assert share(shared) == f"Eastbrook sees {shared.reference}."
    assert any(p.post.authority == "eastbrook" and p.post.room == "coordination" for _, p in shared.platform.sent)
    assert shared.reference in shared.answer(shared.hear("list", "east.worker")).text
    share(shared, "stop")
    with pytest.raises(Refused):
        shared.hear(f"status {shared.reference}", "east.worker")
    assert shared.answer(shared.hear("list", "east.worker")).text == "No episode is open."


def test_the_other_authority_sees_how_it_stands_and_what_is_asked_of_it(shared: Duty) -> None:
    share(shared)
    seen = shared.answer(shared.hear(f"status {shared.reference}", "east.worker")).text
    assert "Westbrook leads." in seen
    assert "See to the host" in seen
    assert "See to the brief" not in seen
    assert "See to the brief" in shared.answer(shared.hear(f"status {shared.reference}", "social_worker")).text


def test_it_may_add_a_note_and_record_the_child_as_found_and_nothing_else(shared: Duty) -> None:
    share(shared)
    assert "Kept with" in shared.answer(shared.hear(f"note {shared.reference} seen at the station", "east.worker")).text
    for typed in ("have {} written briefing", "waive {}", "close {}", "risk {} high", "correct {}"):
        with pytest.raises(Refused):
            shared.hear(typed.format(shared.reference), "east.worker")
    with pytest.raises(Refused, match="shared with you to see, to add notes"):
        shared.hear(f"risk {shared.reference} high", "east.worker")
    shared.submit(shared.hear(f"found {shared.reference}", "east.worker"), "east.worker", found_at="10:00")
    assert shared.episode.status == "returned"
    assert [e.authority for e in shared.told()] == ["westbrook"] * len(shared.told())
    assert [e.actor for e in shared.told() if e.kind in {"noted", "found"}] == ["east.worker", "east.worker"]


def test_a_partner_of_the_other_authority_sees_no_list_of_it(shared: Duty) -> None:
    share(shared)
    assert shared.reference not in shared.answer(shared.hear("list", "east.police")).text


@pytest.mark.parametrize("typed", ["status {}", "note {} seen at the station", "found {}", "note {}"])
def test_a_partner_of_the_other_authority_is_answered_as_if_there_were_none(shared: Duty, typed: str) -> None:
    share(shared)
    with pytest.raises(Refused, match="There is no episode"):
        shared.hear(typed.format(shared.reference), "east.police")


def test_a_restricted_episode_is_shared_with_nobody(shared: Duty) -> None:
    share(shared)
    shared.submit(shared.hear(f"restrict {shared.reference}", "team_manager"), "team_manager", reason="x")
    with pytest.raises(Refused, match="There is no episode"):
        shared.hear(f"status {shared.reference}", "east.worker")
    assert shared.reference not in shared.answer(shared.hear("list", "east.worker")).text


def test_a_post_that_a_platform_does_not_blank_is_listed_to_both_authorities_who_can_have_it_deleted(shared: Duty) -> None:
    share(shared)
    shared.forward(minutes=1)
    shared.type("found", found_at="10:00")
    shared.type("close", reason="back home")
    with shared.desk() as desk:
        retention.erase(desk, actor(desk, "la_missing_coordinator"), shared.reference, "the court ordered it")
    shared.platform.trouble = [Undeliverable("cant_update_message")] * 20
    shared.forward(minutes=10)
    with shared.desk() as desk:
        ours, theirs = (retention.refused(desk, actor(desk, who)) for who in ("la_missing_coordinator", "east.head"))
    assert [line.split(", ")[1] for line in theirs] == ["Eastbrook"]
    assert set(theirs) < set(ours), "who erases it sees all of it; the other council what stands in its own room"
