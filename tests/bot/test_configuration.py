"""homeward.yml: the example works, and a mistake is a sentence that says where it stands."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.configuration import directory, read, understand
from bot.errors import Unusable

EXAMPLE = Path(__file__).parents[2] / "bot" / "homeward.example.yml"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def complaint(wrong: str) -> str:
    with pytest.raises(Unusable) as refused:
        understand(wrong, "homeward.yml")
    return str(refused.value)


def test_the_example_is_a_whole_installation() -> None:
    known = directory(read(EXAMPLE))
    night = datetime(2026, 2, 6, 22, 15, tzinfo=UTC)
    assert [person.id for person in known.holders("edt", "westbrook", night)] == ["duty.edt"]
    assert known.authority("westbrook").calendar.works(date(2026, 12, 23))
    assert not known.authority("westbrook").calendar.works(date(2026, 12, 24))
    assert {room.purpose for room in known.authority("westbrook").rooms} == {"coordination", "partners", "management"}


def test_a_tenant_stands_where_slack_has_its_team() -> None:
    police = directory(read(EXAMPLE)).person("sgt.police")
    assert police is not None
    assert police.accounts[0].team == "00000000-0000-0000-0000-000000000000"


def test_a_standing_role_begins_on_its_day() -> None:
    worker = directory(read(EXAMPLE)).person("ines.social")
    assert worker is not None
    assert not worker.held("westbrook", date(2026, 1, 4))
    assert worker.held("westbrook", date(2026, 1, 5))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("rooms:  ", "romes:  ", "authorities 'westbrook': 'romes' is not known here; did you mean 'rooms'?"),
        ("channel: C0COORD", "chanel: C0COORD", "authorities 'westbrook', rooms 1: 'chanel' is not known here; did you mean 'channel'?"),
        (
            "agency: edt_service",
            "agency: edt_servce",
            "people 'duty.edt': agency: 'edt_servce' is not an agency; did you mean 'edt_service'?",
        ),
        ("role: social_worker", "role: socal_worker", "'socal_worker' is not a role; did you mean 'social_worker'?"),
        ("pack: triborough ", "pack: tribourough ", "there is no pack 'tribourough'; did you mean 'triborough'?"),
        ('from: "17:00"', "from: 17:00", 'rota 1: from: write a time in quotes, like "17:00"'),
        ('from: "17:00"', 'from: "5 pm"', "'5 pm' is not a time"),
        ("person: duty.edt", "person: duty.ed", "rota 1: 'duty.ed' is not one of the people; did you mean 'duty.edt'?"),
        ("person: duty.edt", "person: sgt.police", "rota 1: 'sgt.police' does not hold the role 'edt' for 'westbrook'"),
        ("role: police, authority: westbrook", "role: police, authority: westbrok", "did you mean 'westbrook'?"),
        ("id: sgt.police", "id: duty.edt", "two people have the id 'duty.edt'"),
        ("user: U0SOCIAL", "user: U0DUTY", "two people have the account slack T0WESTBROOK U0DUTY"),
        ("channel: C0MANAGE", "channel: C0COORD", "the room 'C0COORD' stands here twice"),
        ("platform: mail", "platform: fax", "people 'duty.edt', accounts: 'fax' is not a platform here"),
        ("purpose: partners", "purpose: partner", "should be 'coordination', 'partners' or 'management'"),
        ("days: [mon, ", "days: [monday, ", "rota 1, days: should be 'mon'"),
        ("    name: Dana Okoye\n", "", "people 'duty.edt': 'name' is missing"),
        ("authorities:", "authorities: [", "this is not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_was_meant(right: str, wrong: str, said: str) -> None:
    assert right in TEXT
    found = complaint(TEXT.replace(right, wrong))
    assert found.startswith("homeward.yml: ")
    assert said in found
    assert "\n" not in found


@pytest.mark.parametrize("nothing", ["", "just words", "- a list", "people: []"])
def test_a_file_that_says_nothing_is_not_an_installation(nothing: str) -> None:
    assert "authorities" in complaint(nothing)


LAUGHS = "\n".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 10)}]}}" for n in range(1, 12))


@pytest.mark.parametrize(
    ("bomb", "said"),
    [
        (f"l0: &l0 {{x: 1}}\n{LAUGHS}", "line 2: aliases (*name) are not allowed here; write it out."),
        ("authorities: &a [*a]\npeople: []", "aliases (*name) are not allowed here"),
        ("people: []\nauthorities: " + "[" * 100_000, "more than 50 lists or fields within each other"),
        ("people: []\nauthorities: []\npeople: []", "line 3: 'people' stands here a second time; keep one."),
        ("x" * 6_000_000, "are more than an installation has"),
        ('people:\n  - {id: x, name: "Dana\\0<!channel>"}', "line 2: a character stands here that nobody can see"),
        ('people:\n  - {id: x, name: "Dana \\u202eokO"}', "line 2: a character stands here that nobody can see"),
        ("people: !!python/object/apply:os.system [id]", "this is not YAML"),
    ],
)
def test_a_bomb_is_one_sentence_and_no_work(bomb: str, said: str) -> None:
    with pytest.raises(Unusable) as refused:
        understand(bomb, "homeward.yml")
    assert said in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"There is no .*homeward\.yml"):
        read(tmp_path / "homeward.yml")
