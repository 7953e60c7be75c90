"""Initials are shown in a room that is configured so, and nowhere else."""

from dataclasses import replace

import pytest

from handlers import initials
from handlers.directory import Authority, Room
from tests.fakes import AUTHORITY, PLATFORM, Duty, town
from tests.handlers.conftest import Opens
from tests.protocols import duty as rule


@pytest.fixture
def shown(opens: Opens) -> Duty:
    base = town("westbrook@2020-01-01")
    rooms = (Room(PLATFORM, "c", "coordination", "reference_initials"), Room(PLATFORM, "p", "partners"), Room(PLATFORM, "m", "management"))
    directory = replace(base, authorities=(Authority(AUTHORITY, "Westbrook", base.authorities[0].pack, rooms),))
    rules = (rule("look", "safe_and_well_check", owner="police", due="PT4H"), rule("brief", "written_briefing", due="PT24H"))
    duty = opens(*rules, directory=directory)
    duty.report(missing_since="08:00", initials="RE", surname="Example")
    duty.forward(hours=30)
    return duty


def test_every_post_of_that_room_says_whose_it_is_by_initials(shown: Duty) -> None:
    posts = [(p.post, p.body) for _, p in shown.platform.sent]
    here = [body for post, body in posts if post.room == "coordination"]
    elsewhere = [body for post, body in posts if post.room != "coordination"]
    assert len(here) > 1
    assert all(body.headline.startswith(f"{shown.reference} RE") for body in here)
    assert any(post.room == "partners" for post, _ in posts)
    assert all(" RE" not in body.headline for body in elsewhere)
    assert all("RE" not in body.fallback.replace(shown.reference, "") for _, body in posts)
    assert all("RE" not in str(post.body).replace(shown.reference, "") for post, _ in posts), "they are not stored with the post"


@pytest.mark.parametrize(
    ("identity", "letters"),
    [
        ({"initials": "RE"}, "RE"),
        ({"initials": "r.e."}, "RE"),
        ({"initials": "Robin Example"}, "RE"),
        ({"initials": "Robin"}, "R"),
        ({"forename": "Robin", "surname": "Example"}, "RE"),
        ({"surname": "Example"}, "E"),
        ({"initials": "A B C D E F"}, "ABCD"),
        ({"initials": "<!channel>"}, "C"),
        ({}, ""),
    ],
)
def test_initials_are_letters_and_never_a_name(identity: dict[str, str], letters: str) -> None:
    assert initials.of(identity) == letters
