"""One episode in rooms of two platforms: a thread in each, a role mentioned where its holder is, an end that shows in both."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from handlers.directory import Account, Directory, Person, Room
from handlers.outgoing import Row, Sent
from handlers.ports import Parcel
from tests.fakes import Duty, Recorder, town
from tests.moments import london

OTHER = "elsewhere"
THERE = {"police", "health_representative", "team_manager"}


class There(Recorder):
    """The second platform; its messages have its own references and channels."""

    def send(self, parcel: Parcel) -> Sent:
        sent = super().send(parcel)
        return replace(sent, reference=f"there-{sent.reference}", channel=parcel.room.channel if parcel.room else "D")


class Two(Duty):
    """A desk with two platforms."""

    def __init__(self, engine: Engine, directory: Directory) -> None:
        super().__init__(engine, directory, london("2026-02-02 10:00"), {})
        self.there = self.platforms[OTHER] = There(self.now)


@pytest.fixture
def duty(sqlite: Engine) -> Two:
    """The coordination room and the partners room are on both platforms; police and two more are on the second only."""
    before = town("triborough@2017-12-01")
    authority = before.authorities[0]
    rooms = (*authority.rooms, Room(OTHER, "T-coordination", "coordination"), Room(OTHER, "T-partners", "partners"))
    people = tuple(_moved(person) if person.id in THERE else person for person in before.people)
    two = Two(sqlite, replace(before, authorities=(replace(authority, rooms=rooms),), people=people))
    two.report(missing_since="09:30")
    two.until("2026-02-02 10:05")
    return two


def _moved(person: Person) -> Person:
    return replace(person, accounts=(Account(OTHER, person.id),))


def cards(of: Recorder) -> dict[str, Parcel]:
    """The cards a platform was sent, by the purpose of the room."""
    return {
        parcel.room.purpose: parcel for _, parcel in of.sent if parcel.post.kind == "card" and parcel.room and parcel.post.place == "room"
    }


def test_every_room_has_a_card_and_a_thread_of_its_own(duty: Two) -> None:
    assert set(cards(duty.platform)) == set(cards(duty.there)) == {"coordination", "partners"}
    for platform in (duty.platform, duty.there):
        replies = [parcel for _, parcel in platform.sent if parcel.post.place == "thread"]
        assert replies
        assert {parcel.post.parent_id for parcel in replies} <= {card.post.id for card in cards(platform).values()}


def test_a_role_is_mentioned_where_its_holder_is_and_nowhere_else(duty: Two) -> None:
    duty.until("2026-02-05 12:00")
    here, there = (
        {person for _, parcel in of.sent for person in parcel.body.mentions if parcel.room} for of in (duty.platform, duty.there)
    )
    assert "police" in there
    assert "social_worker" in here
    assert not here & THERE
    assert not there - THERE


def test_one_acknowledgement_stops_the_pings_in_both(duty: Two) -> None:
    duty.press_row("acknowledge", _row(duty, "missing_record"), by="social_worker")
    before = [len(of.sent) for of in (duty.platform, duty.there)]
    duty.until("2026-02-02 11:00")
    since = [parcel for of, n in zip((duty.platform, duty.there), before, strict=True) for _, parcel in of.sent[n:]]
    assert "missing_record" not in [row.action for parcel in since for row in parcel.body.rows]


def test_found_on_one_the_cards_of_both_say_so_and_both_threads_hear_it(duty: Two) -> None:
    duty.type("found", by="police", found_at="10:05")
    duty.until("2026-02-02 10:10")
    for platform in (duty.platform, duty.there):
        for parcel in cards(platform).values():
            assert "found" in platform.shown[parcel.post.id].headline
        assert any("found" in parcel.body.headline and parcel.post.place == "thread" for _, parcel in platform.sent)


def test_a_platform_that_is_down_holds_the_other_up_by_nothing(duty: Two) -> None:
    duty.there.trouble = [RuntimeError("down")] * 50
    duty.until("2026-02-02 10:10")
    before = len(duty.platform.sent)
    duty.type("found", by="social_worker", found_at="10:05")
    duty.until("2026-02-02 10:12")
    assert any("found" in parcel.body.headline for _, parcel in duty.platform.sent[before:])


def test_an_authority_that_adds_a_platform_later_keeps_its_thread_and_gets_another(duty: Two) -> None:
    keys = sorted(str(parcel.post.key).split(":", 2)[2] for of in (duty.platform, duty.there) for parcel in cards(of).values())
    assert keys == ["coordination", f"coordination:{OTHER}", "partners", f"partners:{OTHER}"]


def _row(duty: Two, action: str) -> Row:
    rows = [
        row for of in (duty.platform, duty.there) for body in of.shown.values() for row in body.rows if row.action == action and row.buttons
    ]
    return rows[0]
