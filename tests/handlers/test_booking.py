"""Meetings in a calendar beside us: what is fixed, moved and called off here is so there, and what is answered there counts here."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from handlers.cycles.book import book
from handlers.directory import Account
from handlers.errors import Later, NoKey, Uncertain, Undeliverable
from handlers.outgoing import Answer
from handlers.ports import Event, Held, Looked
from tests.fakes import Duty, town
from tests.handlers.conftest import Opens
from tests.handlers.test_calendar import file_of, read
from tests.moments import london
from tests.protocols import duty as rule

THURSDAY = "5 Feb 10:00"
LINK = "https://teams.example.org/1"


@dataclass
class Diary:
    """A calendar that remembers. `trouble` is raised first, one a call; `late` after the event was taken."""

    events: dict[str, Event] = field(default_factory=dict)
    answers: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)
    trouble: list[Exception] = field(default_factory=list)
    lost: list[Exception] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    link: str = LINK

    def hold(self, event: Event) -> Held:
        self._maybe_fail("hold")
        number = next((n for n, e in self.events.items() if e.id == event.id), f"E{len(self.calls)}")
        self.events[number] = event
        if self.lost:
            raise self.lost.pop(0)
        return Held(number, self.link)

    def find(self, meeting: str) -> Held | None:
        self._maybe_fail("find")
        return next((Held(n, self.link) for n, e in self.events.items() if e.meeting == meeting), None)

    def move(self, reference: str, event: Event) -> Held | None:
        self._maybe_fail("move")
        if reference not in self.events:
            return None
        self.events[reference] = event
        return Held(reference, self.link)

    def cancel(self, reference: str) -> None:
        self._maybe_fail("cancel")
        self.events.pop(reference, None)

    def look(self, reference: str) -> Looked | None:
        self._maybe_fail("look")
        return Looked(self.answers, self.link) if reference in self.events else None

    def _maybe_fail(self, what: str) -> None:
        self.calls.append(what)
        if self.trouble:
            raise self.trouble.pop(0)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def missing(opens: Opens) -> Duty:
    meeting = rule(
        "meet", "strategy_meeting", anchor="missing_since", due="P5D", attendees=["police", "health_representative"], chair=["team_manager"]
    )
    people = town("westbrook@2020-01-01")
    addressed = tuple(replace(p, accounts=(*p.accounts, Account("mail", f"{p.id}@Example.org"))) for p in people.people)
    duty = opens(meeting, directory=replace(people, people=addressed))
    duty.office.calendar = True
    duty.report(missing_since="08:00")
    return duty


def fix(duty: Duty, starts: str = THURSDAY, **values: str) -> Answer:
    return duty.answer(duty.submit(duty.hear(f"meeting {duty.reference} strategy"), "social_worker", starts=starts, **values))


def pass_on(duty: Duty, diary: Diary, **later: float) -> int:
    """Let time pass, and the cycle come round."""
    if later:
        duty.forward(**later)
    done = book(duty.desks_at(duty.now), diary)
    duty.until(duty.now + timedelta(seconds=1))  # what it queued goes out
    return done


def living(duty: Duty) -> str:
    """The meeting's own post, as it stands now."""
    post = next(p.post.id for _, p in reversed(duty.platform.sent) if (p.post.key or "").startswith("meeting:"))
    body = duty.now_shown(post)
    return "\n".join((body.headline, *(f"{r.says}: {r.state}" for r in body.rows), *body.lines, f"Join: {body.join}" if body.join else ""))


def steps(duty: Duty) -> list[str]:
    """What the journal says of the calendar."""
    return [entry.payload["step"] for entry in duty.told() if entry.kind == "booked"]


def responses(duty: Duty) -> list[tuple[str, str, str]]:
    return [(r.agency, r.answer, r.how) for r in duty.case().episode.responses]


def test_a_meeting_is_one_event_that_is_moved_and_called_off_with_it(missing: Duty, diary: Diary) -> None:
    fix(missing, place="Room 4, beside Alex Sample's school")
    assert [pass_on(missing, diary) for _ in range(2)] == [1, 0]
    [event] = diary.events.values()
    assert (event.title, event.starts) == (f"Homeward: {missing.reference}", london("2026-02-05 10:00"))
    assert event.invited == ("police@Example.org", "health_representative@Example.org", "team_manager@Example.org")
    assert "Sample" not in str(event)
    fix(missing, "6 Feb 14:00")
    pass_on(missing, diary)
    assert [e.starts for e in diary.events.values()] == [london("2026-02-06 14:00")]
    missing.type("cancel", meeting="strategy_meeting", reason="the child is back")
    pass_on(missing, diary)
    assert diary.events == {}
    assert steps(missing) == ["made", "moved", "cancelled"]
    fix(missing, "9 Feb 10:00")
    pass_on(missing, diary)
    assert [e.starts for e in diary.events.values()] == [london("2026-02-09 10:00")]


@pytest.mark.parametrize(("verb", "values"), [("void", {"reason": "entered twice"}), ("held", {"held_at": "10:00"})])
def test_one_of_an_episode_that_was_none_or_held_before_its_time_is_taken_out(
    missing: Duty, diary: Diary, verb: str, values: dict[str, str]
) -> None:
    fix(missing)
    pass_on(missing, diary)
    missing.forward(hours=1)
    reply = missing.hear(f"{verb} {missing.reference}{' strategy' if verb == 'held' else ''}", "team_manager")
    missing.answer(missing.submit(reply, "team_manager", **values))
    pass_on(missing, diary)
    assert (diary.events, steps(missing)[-1]) == ({}, "cancelled")
    assert pass_on(missing, diary, days=5) == 0


def test_one_that_is_far_off_is_looked_at_less_often(missing: Duty, diary: Diary) -> None:
    fix(missing, "5 Mar 10:00")
    assert [pass_on(missing, diary, minutes=minutes) for minutes in (0, 3, 30)] == [1, 0, 1]


def test_two_short_silences_are_not_one_long_one(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    for _ in range(2):
        diary.trouble = [Uncertain("too long")]
        pass_on(missing, diary, minutes=3)
        pass_on(missing, diary, minutes=30)
    assert missing.ever(kind="alarm") == []


def test_where_to_join_comes_into_the_meetings_post_and_the_calendar_file(missing: Duty, diary: Diary) -> None:
    diary.link = ""
    fix(missing, place="Room 4")
    pass_on(missing, diary)
    assert "Join" not in living(missing)
    diary.link = LINK  # which Microsoft may make later than the event
    pass_on(missing, diary, minutes=3)
    assert f"Join: {LINK}" in living(missing)
    event = read(file_of(missing)).parts[-1]
    assert (event.one("URL"), event.one("LOCATION")) == (LINK, rf"Room 4\; {LINK}")
    missing.type("cancel", meeting="strategy_meeting", reason="the child is back")
    pass_on(missing, diary)
    assert LINK not in living(missing)


def test_an_answer_in_the_calendar_is_one_here_and_the_later_of_two_counts(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    diary.answers = {"police@example.org": ("accepted", missing.now + timedelta(minutes=1)), "stranger@example.org": ("declined", None)}
    pass_on(missing, diary, minutes=3)
    assert responses(missing) == [("police", "accepted", "calendar")]
    assert "will come, in the calendar" in living(missing)
    missing.press("decline", "strategy_meeting", "police", reason="the car has broken down")
    pass_on(missing, diary, minutes=3)
    assert responses(missing)[-1] == ("police", "declined", "")
    diary.answers["police@example.org"] = ("tentative", missing.now - timedelta(minutes=30))  # said before, read after
    pass_on(missing, diary, minutes=3)
    assert len(responses(missing)) == 2
    diary.answers["police@example.org"] = ("tentative", missing.now)
    pass_on(missing, diary, minutes=3)
    assert responses(missing)[-1] == ("police", "tentative", "calendar")
    assert "Police" in living(missing)


def test_an_answer_without_a_moment_does_not_beat_one_given_in_chat_since_the_last_look(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    missing.forward(minutes=1)
    missing.press("accept", "strategy_meeting", "police")
    diary.answers = {"police@example.org": ("declined", None), "health_representative@example.org": ("declined", None)}
    pass_on(missing, diary, minutes=3)
    assert responses(missing) == [("police", "accepted", ""), ("health", "declined", "calendar")]
    assert missing.ever(kind="notice", to="team_manager", text="health cannot come")


def test_a_yes_to_the_old_time_is_no_yes_to_the_new_one(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    diary.answers = {"police@example.org": ("accepted", None)}
    pass_on(missing, diary, minutes=3)
    fix(missing, "6 Feb 14:00")
    pass_on(missing, diary)
    pass_on(missing, diary, minutes=3)
    diary.answers = {"police@example.org": ("accepted", london("2026-02-02 10:02"))}
    pass_on(missing, diary, minutes=3)
    assert responses(missing) == []


def test_whoever_may_not_answer_by_a_press_does_not_by_the_calendar(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    missing.office.directory = replace(missing.office.directory, suspended=frozenset({("police", None)}))
    diary.answers = {f"{who}@example.org": ("accepted", None) for who in ("police", "team_manager", "school")}
    pass_on(missing, diary, minutes=3)
    assert responses(missing) == []


@pytest.mark.parametrize("trouble", [Uncertain("too long"), Later(60), Undeliverable("403 ErrorAccessDenied"), ValueError()])
def test_a_calendar_that_is_down_stops_nobody_and_is_told_of_once(missing: Duty, diary: Diary, trouble: Exception) -> None:
    diary.trouble = [trouble] * 40
    assert "fixed for" in fix(missing).text
    for _ in range(8):
        pass_on(missing, diary, minutes=20)
    missing.press("accept", "strategy_meeting", "police")
    assert responses(missing) == [("police", "accepted", "")]
    [told] = missing.ever(kind="alarm")
    assert (told.where, told.to) == ("room", (missing.case().pack.coordinator,))
    assert "calendar" in told.text
    diary.trouble.clear()
    pass_on(missing, diary, hours=2)
    assert len(diary.events) == 1
    assert steps(missing)[-1] == "made"


def test_while_the_key_is_refused_a_meeting_waits_and_stands_there_a_minute_after_it_was_changed(missing: Duty, diary: Diary) -> None:
    """What to do about the key is said by whoever holds it, for everything that waits for it."""
    diary.trouble = [NoKey()] * 40
    fix(missing)
    for _ in range(40):
        pass_on(missing, diary, minutes=3)
    assert (diary.events, missing.ever(kind="alarm")) == ({}, [])
    pass_on(missing, diary, minutes=1)
    assert (len(diary.events), steps(missing)) == (1, ["made"])


def test_an_event_whose_answer_was_lost_is_looked_for_before_it_is_made_again(missing: Duty, diary: Diary) -> None:
    diary.lost = [Uncertain("reset")]
    fix(missing)
    pass_on(missing, diary)
    fix(missing, "6 Feb 14:00")  # moved while nobody knows
    pass_on(missing, diary, minutes=2)
    assert diary.calls[:3] == ["hold", "find", "move"]
    assert [e.starts for e in diary.events.values()] == [london("2026-02-06 14:00")]


def test_a_process_that_died_between_the_call_and_its_record_leaves_one_event(missing: Duty, diary: Diary) -> None:
    diary.lost = [KeyboardInterrupt()]  # type: ignore[list-item]
    fix(missing)
    with pytest.raises(KeyboardInterrupt):
        pass_on(missing, diary)
    pass_on(missing, diary)
    assert (len(diary.events), steps(missing)) == (1, ["made"])
    assert diary.calls == ["hold", "find", "move"]


def test_called_off_before_it_was_made_and_begun_before_it_was_made_it_is_in_no_calendar(missing: Duty, diary: Diary) -> None:
    fix(missing)
    missing.type("cancel", meeting="strategy_meeting", reason="the child is back")
    pass_on(missing, diary)
    fix(missing)
    pass_on(missing, diary, days=4)
    assert (diary.events, diary.calls) == ({}, [])


def test_somebody_who_takes_it_out_of_the_calendar_is_told_that_it_stands(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    diary.events.clear()
    for _ in range(3):
        pass_on(missing, diary, minutes=3)
    [told] = missing.ever(kind="alarm")
    assert "took the strategy meeting on Thu 5 Feb 10:00 out of the calendar. It still stands here" in told.text
    fix(missing, "6 Feb 14:00")
    pass_on(missing, diary)
    assert len({e.id for e in diary.events.values()}) == 1


def test_a_restricted_episode_puts_nothing_new_into_a_calendar_and_says_no_kind(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    missing.type("restrict", by="team_manager", reason="a relative works here")
    pass_on(missing, diary)
    [event] = diary.events.values()
    assert "trategy" not in event.title + str(event.lines)
    assert "trategy" in str(event.was)
    missing.type("cancel", by="team_manager", meeting="strategy_meeting", reason="the child is back")
    pass_on(missing, diary)
    missing.submit(missing.hear(f"meeting {missing.reference} strategy", "team_manager"), "team_manager", starts="9 Feb 10:00")
    pass_on(missing, diary)
    assert diary.events == {}


def test_who_must_not_see_a_restricted_episode_is_taken_off_its_event(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    for barred, left in (("police", "health_representative@Example.org"), ("health_representative", "team_manager@Example.org")):
        missing.type("restrict", by="team_manager", may_not=barred, reason="a relative works there")
        pass_on(missing, diary)
        [event] = diary.events.values()
        assert event.invited[0] == left


def test_one_that_is_over_says_no_kind_either_once_its_episode_is_restricted_and_is_tried_until_it_does(
    missing: Duty, diary: Diary
) -> None:
    fix(missing)
    pass_on(missing, diary)
    missing.until("2026-02-05 12:00")
    missing.submit(missing.hear(f"held {missing.reference} strategy", "team_manager"), "team_manager", held_at="10:00")
    missing.type("restrict", by="team_manager", reason="a relative works here")
    diary.trouble = [Later(60), Undeliverable("403 ErrorAccessDenied"), Uncertain("too long")]
    for _ in range(4):
        pass_on(missing, diary, hours=2)
    [event] = diary.events.values()
    assert "trategy" not in event.title + str(event.lines)
    assert event.starts == london("2026-02-05 10:00")
    assert pass_on(missing, diary, days=1) == 0


def test_who_is_suspended_is_taken_off_the_event_at_once_and_put_on_again_when_restored(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    [event] = diary.events.values()
    everybody = event.invited
    for verb, there in (("suspend", False), ("restore", True)):
        missing.submit(missing.hear(verb, "head_of_service"), "head_of_service", person="police", reason="left in anger")
        assert pass_on(missing, diary) == 1
        [event] = diary.events.values()
        assert ("police@Example.org" in event.invited) is there
    assert event.invited == everybody
    diary.events.clear()  # somebody took it out: of no use to put it back for that
    pass_on(missing, diary, minutes=3)
    missing.submit(missing.hear("suspend", "head_of_service"), "head_of_service", person="police", reason="left in anger")
    pass_on(missing, diary)
    assert diary.events == {}


def test_the_link_stays_when_the_calendar_leaves_it_out_of_what_it_answers_to_a_move(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    diary.link = ""
    fix(missing, "6 Feb 14:00")
    pass_on(missing, diary)
    assert f"Join: {LINK}" in living(missing)
    diary.events.clear()  # made anew, it has no link yet
    fix(missing, "6 Feb 15:00")
    pass_on(missing, diary)
    assert "Join" not in living(missing)


@pytest.mark.parametrize("there", [True, False])
def test_one_that_was_not_there_yet_when_its_episode_was_restricted_is_not_put_there(missing: Duty, diary: Diary, there: bool) -> None:
    fix(missing)
    if there:  # and was taken out by somebody since
        pass_on(missing, diary)
        diary.events.clear()
    missing.type("restrict", by="team_manager", reason="a relative works here")
    pass_on(missing, diary)
    missing.submit(missing.hear(f"meeting {missing.reference} strategy", "team_manager"), "team_manager", starts="6 Feb 14:00")
    pass_on(missing, diary)
    assert diary.events == {}
    assert steps(missing)[-1] == "not made: restricted"
    assert "Join" not in living(missing)


def test_one_that_was_deleted_there_and_then_moved_is_made_under_another_name(missing: Duty, diary: Diary) -> None:
    fix(missing)
    pass_on(missing, diary)
    [before] = diary.events.values()
    diary.events.clear()
    fix(missing, "6 Feb 14:00")  # before anybody looked
    pass_on(missing, diary)
    [after] = diary.events.values()
    assert after.id != before.id  # Microsoft keeps the names of what was deleted


def test_of_two_duties_that_ask_for_it_the_calendar_and_the_post_follow_the_one_that_falls_due_first(opens: Opens, diary: Diary) -> None:
    later = rule("later", "strategy_meeting", anchor="missing_since", due="P5D", attendees=["police"], chair=["team_manager"])
    sooner = rule("sooner", "strategy_meeting", anchor="missing_since", due="P4D", attendees=["police", "school"], chair=["iro"])
    people = town("westbrook@2020-01-01")
    addressed = tuple(replace(p, accounts=(*p.accounts, Account("mail", f"{p.id}@Example.org"))) for p in people.people)
    duty = opens(later, sooner, directory=replace(people, people=addressed))
    duty.office.calendar = True
    duty.report(missing_since="08:00")
    fix(duty)
    pass_on(duty, diary)
    [event] = diary.events.values()
    assert {address.partition("@")[0] for address in event.invited} == {"police", "school", "iro"}
    assert "chaired by the reviewing officer" in living(duty)
    assert "Education (School)" in living(duty)


def test_without_a_calendar_nothing_is_kept_for_one(missing: Duty, diary: Diary) -> None:
    missing.office.calendar = False
    fix(missing)
    assert pass_on(missing, diary) == 0
