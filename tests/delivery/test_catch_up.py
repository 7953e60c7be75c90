"""After an outage people get one post for each child still missing and one digest each, not a flood."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from handlers.clock import run_all
from handlers.cycles.catch_up import catch_up
from handlers.cycles.deliver import deliver
from handlers.cycles.watch import watch
from handlers.outgoing import row_text
from storage import outbox
from storage.db import reading
from storage.outbox import Post
from tests import protocols
from tests.fakes import PLATFORM, Duty, town
from tests.moments import london
from tests.protocols import duty as rule

PACK = "westbrook@2020-01-01"
RULES = (
    rule("brief", "written_briefing", due="PT4H"),
    rule("tell", "dcs_notification", due="PT24H", owner="team_manager", tell=["director_childrens_services"]),
    rule("review", "risk_assessment", due="PT30H", owner="team_manager"),
    rule("offer", "return_interview_offer", anchor="returned_at", due="PT6H"),
)


@pytest.fixture
def duty(sqlite: Engine) -> Duty:
    texts = {PACK: protocols.text(*RULES, house={"coordinator_marks": ["PT24H", "PT48H"]})}
    duty = Duty(sqlite, town(PACK), london("2026-02-02 10:00"), texts)
    alive(duty)
    return duty


def alive(duty: Duty) -> int:
    """What a process does before every look."""
    return catch_up(duty.desks_at(duty.now))


def back_after(duty: Duty, **outage: float) -> list[Post]:
    """Nothing runs for a while; then everything does again. Gives what was sent then, in order."""
    before = len(duty.platform.sent)
    duty.now += timedelta(**outage)
    for _ in range(3):
        while alive(duty):
            pass
        run_all(duty.desks_at(duty.now), {PLATFORM: duty.platform})
        duty.now += timedelta(minutes=10)
    return [parcel.post for _, parcel in duty.platform.sent[before:]]


def shown(post: Post) -> list[str]:
    return [row["says"] for row in post.body["rows"]]


def test_a_child_still_missing_has_one_post_at_the_highest_rung_passed(duty: Duty) -> None:
    duty.report(missing_since="09:30")
    came = back_after(duty, days=3)
    (thread,) = [post for post in came if post.place == "thread"]
    assert thread.body["lines"][0] == "Homeward was down from Mon 2 Feb 10:00 to Thu 5 Feb 10:00."
    assert sorted(shown(thread)) == ["48 h missing: what is open, what is late", "See to the brief", "See to the review", "See to the tell"]
    assert set(thread.body["mentions"]) >= {"social_worker", "team_manager"}
    assert "68 h late" in row_text(duty.now_shown(thread.id).rows[0])
    assert duty.now_shown(thread.id).urgent


def test_whoever_is_not_in_the_room_has_one_digest(duty: Duty) -> None:
    duty.report(missing_since="09:30")
    came = back_after(duty, days=3)
    people = Counter(post.person for post in came if post.place == "direct")
    assert set(people.values()) == {1}
    (director,) = [post for post in came if post.person == "director_childrens_services"]
    assert shown(director) == [f"{duty.reference}: See to the tell: you are the one to be told"]
    assert director.kind == "digest"


def test_the_management_room_reads_one_line_about_the_outage(duty: Duty) -> None:
    duty.report(missing_since="09:30")
    came = back_after(duty, days=3)
    (line,) = [post for post in came if post.kind == "alarm"]
    assert shown(line)[0].startswith("Homeward was down from Mon 2 Feb 10:00 to Thu 5 Feb 10:00.")


def test_children_still_missing_come_first(duty: Duty) -> None:
    duty.report(missing_since="07:00")
    duty.type("found", by="edt", found_at="09:00", wellbeing="yes")
    back = duty.reference
    duty.report(missing_since="09:30")
    came = [post for post in back_after(duty, days=3) if post.kind not in {"alarm", "card"}]
    assert came[0].place == "thread"
    assert came[0].body["reference"] == duty.reference
    assert any(back in text for post in came[1:] for text in shown(post))


def test_about_a_child_who_is_back_the_digest_waits_for_the_office(duty: Duty) -> None:
    duty.report(missing_since="07:00")
    duty.type("found", by="edt", found_at="09:00", wellbeing="yes")
    came = back_after(duty, hours=60)  # Wednesday, 22:00
    assert [post.kind for post in came if post.kind not in {"alarm", "card"}] == []
    before = len(duty.platform.sent)
    duty.until("2026-02-05 09:00")
    digests = [parcel.post for _, parcel in duty.platform.sent[before:] if "While Homeward was down" in parcel.post.body["headline"]]
    assert {post.sent_at or post.send_after for post in digests} == {london("2026-02-05 09:00")}
    assert len({post.person for post in digests}) == len(digests) > 0


def test_it_is_caught_up_once_however_often_it_is_cut_off(duty: Duty) -> None:
    for _ in range(3):
        duty.report(missing_since="09:30")
    before = len(duty.platform.sent)
    duty.now += timedelta(days=3)
    assert catch_up(duty.desks_at(duty.now), limit=1) == 1
    run_all_but_looks(duty)
    while alive(duty):
        pass
    assert alive(duty) == 0
    run_all(duty.desks_at(duty.now), {PLATFORM: duty.platform})
    came = [parcel.post for _, parcel in duty.platform.sent[before:]]
    assert Counter(post.parent_id for post in came if post.place == "thread").most_common(1)[0][1] == 1
    assert len([post for post in came if post.kind == "alarm"]) == 1
    with reading(duty.engine) as session:
        digests = [p for p in (outbox.by_id(session, post.id) for post in came if post.kind == "digest") if p]
    director = next(post for post in digests if post.person == "director_childrens_services")
    assert len(director.body["rows"]) == 3
    assert director.body["headline"] == "While Homeward was down: 3 things for you"


def run_all_but_looks(duty: Duty) -> None:
    """Another process that only delivers."""
    while deliver(duty.desks_at(duty.now), {PLATFORM: duty.platform}):
        pass


def test_a_digest_of_hundreds_counts_what_it_does_not_list(duty: Duty) -> None:
    for _ in range(25):
        duty.report(missing_since="09:30")
    came = back_after(duty, days=3)
    director = next(post for post in came if post.person == "director_childrens_services")
    assert shown(director)[-1] == "and 5 more: type 'mine'"
    assert len(shown(director)) == 21


def test_the_watch_says_nothing_of_late_looks_while_they_are_caught_up_with(duty: Duty) -> None:
    for _ in range(3):
        duty.report(missing_since="09:30")
    duty.now += timedelta(hours=9)
    assert catch_up(duty.desks_at(duty.now), 1) == 1
    assert watch(duty.desks_at(duty.now)) == []
    duty.now += timedelta(minutes=31)
    assert "not been looked at" in "".join(watch(duty.desks_at(duty.now)))


def test_a_restart_of_some_minutes_is_no_outage(duty: Duty) -> None:
    duty.report(missing_since="09:30")
    duty.now += timedelta(minutes=14)
    assert alive(duty) == 0
    assert duty.ever(kind="alarm") == []
