"""Whoever no room reaches is told alone: each by one message with the same buttons, which ends as the others do, of one ping."""

from dataclasses import dataclass

import pytest

from handlers.errors import Elsewhere
from handlers.outgoing import Sent, plain
from handlers.ports import Parcel
from storage import marks, pings
from tests.fakes import AUTHORITY, Duty, Recorder
from tests.handlers.conftest import Opens
from tests.protocols import duty as rule

MEETING = rule("meet", "strategy_meeting", due="P1D", attendees=["police", "health_representative"])


@dataclass
class Empty(Recorder):
    """A platform on which nobody of a partners room is a member of it."""

    def send(self, parcel: Parcel) -> Sent:
        if parcel.post.place == "thread" and parcel.room and parcel.room.purpose == "partners" and parcel.body.mentions:
            raise Elsewhere
        return super().send(parcel)


def invited(opens: Opens) -> Duty:
    """Police and health are invited; nobody of them is in the partners room."""
    duty = opens(MEETING)
    duty.platform = duty.platforms["recorded"] = Empty(duty.now)
    duty.report(missing_since="09:30")
    duty.hear(f"fix {duty.reference} strategy_meeting tomorrow 15:00")
    duty.forward(hours=1)
    return duty


def alone(duty: Duty) -> dict[str, Parcel]:
    """The invitation that each was sent, by person."""
    found = [parcel for _, parcel in duty.platform.sent if any(row.kind == "invite" for row in parcel.body.rows)]
    assert len({parcel.people for parcel in found}) == len(found)
    return {parcel.people[0].id: parcel for parcel in found}


def test_each_agency_is_invited_alone_with_the_same_rows_and_buttons(opens: Opens) -> None:
    duty = invited(opens)
    police, health = alone(duty)["police"], alone(duty)["health_representative"]
    assert [p.post.place for p in (police, health)] == ["direct", "direct"]
    assert police.body.rows == health.body.rows
    assert all("accept" in row.buttons for row in health.body.rows)
    episode = duty.episode
    with duty.desk() as desk:
        asked = [p for p in pings.of_episode(desk.session, episode.id) if p.kind == "invite"]
        counted = [who for who, _ in marks.sent_to_people(desk.session, AUTHORITY, episode.notified_at, duty.now)]
    assert len(asked) == len({(p.rule, p.addressee, p.rung) for p in asked}) == 2
    assert sorted(who for who in counted if who in {"police", "health_representative"}) == ["health_representative", "police"]


def test_what_becomes_of_it_is_said_in_every_message(opens: Opens) -> None:
    duty = invited(opens)
    there = alone(duty)
    duty.type("found", "edt", found_at="10:55", wellbeing="yes")
    assert all("Found Mon 2 Feb 10:55" in plain(duty.now_shown(parcel.post.id)) for parcel in there.values())
    assert {"police", "health_representative"} <= {s.people[0] for s in duty.came(where="direct", text="ound")}  # no thread says it to them
    duty.type("void", "team_manager", reason="the child was never away")
    for parcel in there.values():
        now = duty.now_shown(parcel.post.id)
        assert not any(row.buttons for row in now.rows), plain(now)


@pytest.mark.parametrize("restricted", [False, True])
def test_when_it_comes_again_everybody_who_holds_the_role_is_written_to(opens: Opens, restricted: bool) -> None:
    """A director is written to directly, and of a restricted episode everybody is."""
    role = "team_manager" if restricted else "director_childrens_services"
    duty = opens(rule("brief", "written_briefing", owner=role, due="PT4H", escalate_to=[role]), holders={role: 3})
    duty.report(missing_since="09:30")
    if restricted:
        duty.answer(duty.type("restrict", "head_of_service", reason="the father works here"))
    duty.forward(days=2)
    heard = {p.people[0].id for _, p in duty.platform.sent if p.post.place == "direct" and p.post.addressee == role}
    assert heard == {role, f"{role}.2", f"{role}.3"}
