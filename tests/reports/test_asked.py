"""Reports that come by themselves, once a period, and those that somebody asks for: who sees which figures."""

import json
import re
from calendar import month_name
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from bench.year.town import AUTHORITY
from bot.enclosing import Enclosing
from handlers.cycles.report import report_all
from handlers.desk import Desk, Desks, Office
from handlers.errors import NotUnderstood, Refused
from handlers.frontdesk import hearing
from handlers.incoming import Said
from handlers.outgoing import Answer, body, plain
from storage import journal, outbox
from storage.db import reading, transaction
from storage.outbox import Post
from storage.tables import POSTS
from tests.generated import NOW, Written

DATES = re.compile(rf"\d+ ({'|'.join(month_name[1:])})( \d{{4}})?")
EASTER_MONDAY = datetime(2027, 3, 29, 9, tzinfo=UTC)
TUESDAY = NOW + timedelta(days=5, hours=1)


def desks(engine: Engine, office: Office, now: datetime, *, only_reads: bool = False) -> Desks:
    @contextmanager
    def desk() -> Iterator[Desk]:
        with (reading if only_reads else transaction)(engine) as session:
            yield Desk(session, now, office)

    return desk


def posted(engine: Engine) -> list[Post]:
    with reading(engine) as session:
        keys = [row.key for row in session.execute(POSTS.select().where(POSTS.c.kind == "report").order_by(POSTS.c.id))]
        return sorted(outbox.by_keys(session, keys), key=lambda post: post.id)


def run(engine: Engine, office: Office, now: datetime) -> list[Post]:
    """The reports that were made, without the pictures that go with them."""
    return [post for post in run_all(engine, office, now) if "enclosed" not in post.body]


def run_all(engine: Engine, office: Office, now: datetime) -> list[Post]:
    before = {post.id for post in posted(engine)}
    report_all(desks(engine, office, now), desks(engine, office, now, only_reads=True))
    return [post for post in posted(engine) if post.id not in before]


def test_each_period_is_reported_once_and_those_of_an_outage_are_caught_up_and_say_so(year_engine: Engine, written: Written) -> None:
    first = run(year_engine, written.office, TUESDAY)
    words = sorted(body(post.body).headline.split(":")[0] for post in first)
    assert words == [
        "Analysis of the quarter",
        "Children absent or away",
        "Liaison with police",
        "Missing episodes of the month",
        "Outstanding return interviews",
    ]
    assert run(year_engine, written.office, TUESDAY) == []
    later = run(year_engine, written.office, TUESDAY + timedelta(days=21))
    weekly = [body(post.body) for post in later if "Outstanding" in str(post.body["headline"])]
    assert [of.headline.split("the week from ")[1] for of in weekly] == ["5 April 2027", "12 April 2027", "19 April 2027"]
    late = [any(line.startswith("Late: it was due") for line in of.lines) for of in weekly]
    assert late == [True, True, True]


def test_a_report_waits_for_the_morning_of_a_working_day(year_engine: Engine, written: Written) -> None:
    assert [p for p in run(year_engine, written.office, EASTER_MONDAY) if "week from" in str(p.body["headline"])] == []
    assert [p for p in run(year_engine, written.office, EASTER_MONDAY + timedelta(days=1)) if "week from" in str(p.body["headline"])]


def test_the_management_room_sees_no_reference_and_no_small_figure(year_engine: Engine, written: Written) -> None:
    for post in run(year_engine, written.office, TUESDAY):
        of = body(post.body)
        assert (post.place, post.room) == ("room", "management")
        text = "\n".join(line for line in of.lines if not re.search(r"middle|For:|first:|Late:|Partial:|due", line))
        assert "HW-" not in "\n".join(of.lines)
        assert not re.search(r"(?<![\d-])[1-4](?![\d%])(?! or more| times| hours)", DATES.sub("", text)), text
        assert any("hidden" in line for line in of.lines)


def test_without_a_management_room_the_coordination_room_sees_all(year_engine: Engine, written: Written) -> None:
    directory = written.office.directory
    rooms = tuple(room for room in directory.authorities[0].rooms if room.purpose != "management")
    alone = replace(written.office, directory=replace(directory, authorities=(replace(directory.authorities[0], rooms=rooms),)))
    posts = run(year_engine, alone, TUESDAY)
    assert {post.room for post in posts} == {"coordination"}
    assert any("HW-" in line for post in posts for line in body(post.body).lines)


def test_whoever_works_for_the_council_sees_all_figures_and_a_partner_those_that_hide_nobody(year_desk: Desk) -> None:
    def asked(by: str, text: str = "reports themes 2027-02") -> Answer:
        reply = hearing.hear(Said(text, by, AUTHORITY), year_desk)
        assert isinstance(reply, Answer)
        return reply

    assert "hidden" not in asked("social_worker").text
    assert "hidden" in asked("police").text
    assert asked("social_worker").seen
    assert "reports interviews" in asked("social_worker", "reports").text
    with pytest.raises(Refused):
        asked("foster_carer")
    with pytest.raises(NotUnderstood, match="did you mean"):
        asked("social_worker", "reports monthl")
    with pytest.raises(NotUnderstood, match="has not begun"):
        asked("social_worker", "reports monthly 2031-01")
    with pytest.raises(NotUnderstood, match="no day or month"):
        asked("social_worker", "reports monthly soon")


def test_a_report_of_many_episodes_comes_by_direct_message(year_engine: Engine, written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.verbs.reports.AT_ONCE", 100)
    with desks(year_engine, written.office, NOW)() as desk:
        reply = hearing.hear(Said("reports annual", "social_worker", AUTHORITY), desk)
    assert isinstance(reply, Answer)
    assert "direct message" in reply.text
    direct = [post for post in run_all(year_engine, written.office, NOW) if post.place == "direct"]
    assert [of.enclosed.kind if of.enclosed else "" for of in (body(post.body) for post in direct)] == ["", *["picture"] * 3, "workbook"]
    assert {post.person for post in direct} == {"social_worker"}
    assert [post for post in run_all(year_engine, written.office, NOW) if post.place == "direct"] == []


def test_a_report_has_its_pictures_in_the_room_after_it_and_each_is_the_one_its_words_say(year_engine: Engine, written: Written) -> None:
    posts = run_all(year_engine, written.office, TUESDAY)
    monthly = [post for post in posts if "Missing episodes of the month" in str(post.body["headline"])]
    text, first, second = (body(post.body) for post in monthly)
    assert text.enclosed is None
    assert first.enclosed
    assert second.enclosed
    assert (first.enclosed.kind, first.enclosed.whole, first.enclosed.chart, second.enclosed.chart) == ("picture", False, 0, 1)
    assert text.lines[0] in first.enclosed.words
    assert "hidden" in first.enclosed.words
    assert len(json.dumps(first.stored())) < 2500
    assert plain(first).endswith(first.enclosed.words)
    made = Enclosing(desks(year_engine, written.office, TUESDAY, only_reads=True))
    file = made(monthly[1], first.enclosed)
    assert (file.name, file.kind, file.content[:4]) == ("monthly-weeks.png", "image/png", b"\x89PNG")


def test_what_somebody_asks_for_comes_to_them_alone_with_a_workbook_and_goes_to_the_room_when_they_share_it(
    year_engine: Engine, written: Written
) -> None:
    def asked(by: str, text: str) -> list[Post]:
        before = {post.id for post in posted(year_engine)}
        with desks(year_engine, written.office, NOW)() as desk:
            hearing.hear(Said(text, by, AUTHORITY), desk)
        return [post for post in posted(year_engine) if post.id not in before]

    picture, workbook = asked("social_worker", "reports interviews")
    assert (picture.place, picture.person, workbook.person) == ("direct", "social_worker", "social_worker")
    of = body(workbook.body).enclosed
    assert of
    assert of.kind == "workbook"
    assert "homeward report interviews --period 2027-03-22 --xlsx" in of.words
    with desks(year_engine, written.office, NOW, only_reads=True)() as desk:
        entries = journal.of_authority(desk.session, written.office.vault, AUTHORITY, 0, 100_000)
        assert ("workbook interviews", "social_worker") in [(e.payload.get("what"), e.actor) for e in entries if e.kind == "shown"]
    made = Enclosing(desks(year_engine, written.office, TUESDAY, only_reads=True))(workbook, of)
    assert load_workbook(BytesIO(made.content)).sheetnames == ["Figures", "Episodes"]
    [hidden] = asked("police", "reports interviews")
    assert body(hidden.body).enclosed
    assert not body(hidden.body).enclosed.whole  # type: ignore[union-attr]
    assert [post.place for post in asked("social_worker", "reports interviews share")] == ["direct", "direct", "room", "room"]
    with pytest.raises(Refused, match="shares a report"):
        asked("police", "reports interviews share")
