"""Reports that come by themselves, once a period, and those that somebody asks for: who sees which figures."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bench.year.town import AUTHORITY
from handlers import frontdesk
from handlers.cycles.report import report_all
from handlers.desk import Desk, Desks, Office
from handlers.errors import NotUnderstood, Refused
from handlers.outgoing import Answer, Said, body
from storage import outbox
from storage.db import reading, transaction
from storage.outbox import Post
from storage.tables import POSTS
from tests.generated import NOW, Written

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
        assert not re.search(r"(?<![\d-])[1-4](?![\d%])(?! or more| times| hours)", re.sub(r"\d+ [A-Z][a-z]+ \d{4}", "", text)), text
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
        reply = frontdesk.hear(Said(text, by, AUTHORITY), year_desk)
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
        reply = frontdesk.hear(Said("reports annual", "social_worker", AUTHORITY), desk)
    assert isinstance(reply, Answer)
    assert "direct message" in reply.text
    [direct] = [post for post in run(year_engine, written.office, NOW) if post.place == "direct"]
    assert direct.person == "social_worker"
    assert [post for post in run(year_engine, written.office, NOW) if post.place == "direct"] == []
