"""homeward.yml changes while the bot serves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import configuration
from bot.errors import Unusable
from bot.following import Following
from handlers.desk import Desk, Office
from storage import journal, outbox
from storage.db import transaction
from tests import protocols
from tests.bot.slack.scene import HOMEWARD_YML
from tests.fakes import KEYS
from tests.storage import invented

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)


class Served:
    """An office that follows a file."""

    def __init__(self, engine: Engine, folder: Path, text: str = HOMEWARD_YML) -> None:
        self.engine, self.file = engine, folder / "homeward.yml"
        self.write(text)
        current = configuration.read(self.file)
        self.office = Office(configuration.directory(current, folder, NOW), KEYS)
        self.following = Following(self.file, self.office, current, lambda: NOW)

    def write(self, text: str, name: str = "homeward.yml") -> None:
        beside = self.file.with_name(f"{name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.file.with_name(name))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        with transaction(self.engine) as session:
            yield Desk(session, NOW, self.office)

    def look(self) -> bool:
        return self.following.look(self.desk)

    def alarms(self) -> list[str]:
        with self.desk() as desk:
            posts = outbox.claim(desk.session, NOW, 50, timedelta(minutes=2))
            return [post.body["rows"][0]["says"] for post in posts]


@pytest.fixture
def served(sqlite: Engine, tmp_path: Path) -> Served:
    return Served(sqlite, tmp_path)


def test_a_change_is_in_force_without_a_restart_and_in_the_journal(served: Served) -> None:
    assert not served.look()
    served.write(HOMEWARD_YML.replace("roles: [{role: social_worker, authority: westbrook}]", "roles: []"))
    assert served.look()
    with served.desk() as desk:
        assert desk.directory.holders("social_worker", "westbrook", NOW) == ()
        (entry,) = journal.of_authority(desk.session, KEYS, "westbrook", 0, 10)
    assert (entry.kind, entry.actor, entry.payload) == ("configured", "homeward.yml", {"roles": {"worker.one": []}})


def test_a_file_that_cannot_be_used_changes_nothing_and_is_said_once(served: Served) -> None:
    served.write(HOMEWARD_YML.replace("role: edt,", "role: etd,"))
    assert not served.look()
    assert not served.look()
    with served.desk() as desk:
        assert [p.id for p in desk.directory.holders("edt", "westbrook", NOW)] == ["edt.one"]
    (said,) = served.alarms()
    assert "so the one before stays in force" in said
    assert "did you mean 'edt'?" in said
    served.write(HOMEWARD_YML.replace("Dana Okoye", "Dana Vale"))
    assert served.look()
    assert next(p.name for p in served.office.directory.people if p.id == "edt.one") == "Dana Vale"


def test_a_file_that_is_gone_for_a_moment_changes_nothing(served: Served) -> None:
    served.file.unlink()
    assert not served.look()
    assert served.office.directory.person("edt.one")
    served.write(HOMEWARD_YML)
    assert served.look()


def test_an_authority_with_open_episodes_does_not_disappear(served: Served) -> None:
    with served.desk() as desk:
        invented.reported(desk.session, KEYS)
    assert not served.look()
    served.write(HOMEWARD_YML.replace("Dana Okoye", "Dana Vale"))
    assert not served.look()
    assert "no longer names bury, where episodes are open" in served.alarms()[0]


ROTA = """
rota: [{role: edt, authority: westbrook, file: edt.ics}]
"""
SECOND = """
  - id: edt.two
    name: Noor Haddow
    agency: edt_service
    accounts: [{platform: mail, address: noor@example.org}]
    roles: [{role: edt, authority: westbrook}]
slack:"""
EVENT = """BEGIN:VEVENT
UID:{uid}
{what}
END:VEVENT"""


def calendar(*events: str) -> str:
    body = "\n".join(EVENT.format(uid=n, what=what) for n, what in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//rota//EN\n{body}\nEND:VCALENDAR\n".replace("\n", "\r\n")


def with_calendar(engine: Engine, folder: Path, *events: str) -> Served:
    (folder / "edt.ics").write_text(calendar(*events), encoding="utf-8")
    return Served(engine, folder, HOMEWARD_YML.replace("\nslack:", SECOND, 1) + ROTA)


def on_call(served: Served, moment: datetime) -> list[str]:
    return [p.id for p in served.office.directory.holders("edt", "westbrook", moment)]


NIGHTS = "DTSTART;TZID=Europe/London:20260101T170000\nDTEND;TZID=Europe/London:20260102T090000\nRRULE:FREQ=DAILY\nSUMMARY:Dana Okoye"
DAYS = "DTSTART;TZID=Europe/London:20260101T090000\nDURATION:PT8H\nRRULE:FREQ=DAILY\nATTENDEE:mailto:Noor@example.org"


def test_a_calendar_says_who_is_on_call_by_the_clock_on_the_wall(sqlite: Engine, tmp_path: Path) -> None:
    served = with_calendar(sqlite, tmp_path, NIGHTS, DAYS)
    for nine in (datetime(2026, 2, 15, 9, tzinfo=UTC), datetime(2026, 7, 15, 8, tzinfo=UTC)):  # winter and summer
        assert on_call(served, nine - timedelta(minutes=1)) == ["edt.one"]
        assert on_call(served, nine) == ["edt.two"]


def test_a_changed_calendar_is_in_force_without_a_restart(sqlite: Engine, tmp_path: Path) -> None:
    served = with_calendar(sqlite, tmp_path, NIGHTS)
    assert on_call(served, NOW)[0] == "edt.two", "the only one awake"
    served.write(
        calendar(NIGHTS.replace("Dana Okoye", "edt.two"), DAYS.replace("mailto:Noor@example.org", "mailto:noor@example.org")), "edt.ics"
    )
    assert served.look()
    assert on_call(served, NOW) == ["edt.two", "edt.one"], "who has no turn at all is there, behind whoever is on call"


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (NIGHTS.replace("Dana Okoye", "Dana Okoy"), "'Dana Okoy' is nobody who holds the role; did you mean 'dana okoye'?"),
        (NIGHTS.replace("0102T090000", "0101T090000"), "ends before it begins"),
        (NIGHTS.replace("FREQ=DAILY", "FREQ=OFTEN"), "cannot be read"),
        ("SUMMARY:Dana Okoye", "does not say when it begins"),
        # what would keep the bot busy for ever, or trip it
        (NIGHTS.replace("FREQ=DAILY", "FREQ=SECONDLY"), "a turn repeats daily, weekly, monthly or yearly"),
        (NIGHTS.replace("FREQ=DAILY", "FREQ=DAILY;INTERVAL=0"), "every 0 days is never"),
        (NIGHTS.replace("FREQ=DAILY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "daily with BYMONTHDAY is more than a rota says"),
        (NIGHTS.replace("20260101T17", "00010101T17"), "it began before 1990"),
        (f"{NIGHTS}\nRRULE:FREQ=WEEKLY", "it has several rules; keep one"),
        ("DTSTART:20260201T170000\nDURATION:P999999999D\nSUMMARY:edt.one", "cannot be read as a calendar"),
        ("DTSTART:nonsense\nDTEND:20260102T090000\nSUMMARY:edt.one", "cannot be read as a calendar"),
        (f"{NIGHTS}\nRDATE;VALUE=PERIOD:20260301T000000Z/PT1H", "cannot be read as a calendar"),
        (f"{NIGHTS}\nDESCRIPTION:{'x' * 2_000_000}", "is larger than 2,000,000 bytes"),
    ],
)
def test_a_calendar_that_cannot_be_is_one_sentence(sqlite: Engine, tmp_path: Path, event: str, says: str) -> None:
    with pytest.raises(Unusable, match=r"edt\.ics") as refused:
        with_calendar(sqlite, tmp_path, event)
    assert says in str(refused.value)


def test_a_day_taken_out_of_a_series_is_nobodys(sqlite: Engine, tmp_path: Path) -> None:
    base = "DTSTART:20260101T000000Z\nDTEND:20260102T000000Z\nRRULE:FREQ=DAILY\nEXDATE:20260202T000000Z\nSUMMARY:edt.one"
    served = with_calendar(sqlite, tmp_path, base)
    assert on_call(served, NOW) == ["edt.two"]
    assert on_call(served, NOW + timedelta(days=1))[0] == "edt.one"


def test_a_protocol_beside_the_file_is_used_by_its_path(sqlite: Engine, tmp_path: Path) -> None:
    (tmp_path / "northmere.yaml").write_text(protocols.text(name="Northmere"), encoding="utf-8")
    served = Served(sqlite, tmp_path, HOMEWARD_YML.replace("pack: triborough", "pack: ./northmere.yaml"))
    served.office.extra.update(configuration.packs(served.following.current, tmp_path))
    with served.desk() as desk:
        assert desk.pack_in_force(desk.authority("westbrook"))[1].name == "Northmere"
    with pytest.raises(Unusable, match=r"the protocol \./southmere\.yaml cannot be read \(No such file"):
        Served(sqlite, tmp_path, HOMEWARD_YML.replace("pack: triborough", "pack: ./southmere.yaml"))
