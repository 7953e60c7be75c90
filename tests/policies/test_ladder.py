"""Whom to ping now, and why: one row a situation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from policies.history import Ack
from policies.ladder import plan
from policies.meeting import Response
from policies.pack import Pack
from policies.rung import Situation
from policies.worktime import Calendar
from tests.moments import london
from tests.policies.stories import Story, asked, one, reported
from tests.protocols import duty, protocol

DAY = protocol(duty("brief", "written_briefing", due="PT24H"))  # arises Mon 2 Feb 10:00, due Tue 3 Feb 10:00
MISSING = reported("2026-02-02 10:00")
NAMED = {("named", "social_worker"): "2026-02-02 10:00"}
REMINDED = NAMED | {("remind", "social_worker"): "2026-02-02 21:30"}
DUE = REMINDED | {("due", "social_worker"): "2026-02-03 10:00"}
RUNG = DUE | {("ring", "edt"): "2026-02-03 11:00"}
ESCALATED = RUNG | {("escalate", "team_manager"): "2026-02-03 14:00"}
TWICE = ESCALATED | {("escalate-again", "head_of_service"): "2026-02-04 10:00"}

Used = Mapping[tuple[str, str], str]


def situation(pack: Pack, used: Used, acks: tuple[str, ...] = (), **also: Any) -> Situation:
    told = tuple(Ack("brief", 1, london(at)) for at in acks)
    base: dict[str, Any] = {"back": False, "missing": True, "high_risk": False, "known_at": london("2026-02-02 10:00")}
    return Situation(pack, Calendar(), used={key: london(at) for key, at in used.items()}, acks=told, **(base | also))


def planned(
    pack: Pack, now: str, used: Used, acks: tuple[str, ...] = (), story: Story = MISSING, action: str = "written_briefing", **also: Any
) -> Any:
    o = one(asked(pack, story, now=now), action)
    return plan(o, situation(pack, used, acks, **also), london(now))


def sends(*args: Any, **also: Any) -> list[tuple[str, str]]:
    """(rung, to) of everything sent now."""
    return [(rung.name, rung.to) for rung in planned(*args, **also).send]


def clock(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(london('2026-01-01 00:00').tzinfo):%d %H:%M}" if moment else None


@pytest.mark.parametrize(
    ("now", "used", "acks", "also", "sent"),
    [
        # it arises: its owner is named
        ("2026-02-02 10:00", {}, (), {}, [("named", "social_worker")]),
        # and not again a minute later
        ("2026-02-02 10:01", NAMED, (), {}, []),
        # four hours before 10:00 is night: the evening before instead
        ("2026-02-02 21:29", NAMED, (), {}, []),
        ("2026-02-02 21:30", NAMED, (), {}, [("remind", "social_worker")]),
        # no reminder for somebody who has it in hand
        ("2026-02-02 21:30", NAMED, ("2026-02-02 12:00",), {}, []),
        # due at its very moment, and not a minute before
        ("2026-02-03 09:59", REMINDED, (), {}, []),
        ("2026-02-03 10:00", REMINDED, (), {}, [("due", "social_worker")]),
        # having it in hand pauses until due, never past it
        ("2026-02-03 10:00", NAMED, ("2026-02-02 12:00",), {}, [("due", "social_worker")]),
        # nobody answered within the hour: EDT is asked to ring
        ("2026-02-03 10:59", DUE, (), {}, []),
        ("2026-02-03 11:00", DUE, (), {}, [("ring", "edt")]),
        # at high risk after a quarter of an hour
        ("2026-02-03 10:15", DUE, (), {"high_risk": True}, [("ring", "edt")]),
        # not when somebody answered, nor when the child is back
        ("2026-02-03 11:00", DUE, ("2026-02-03 10:30",), {}, []),
        ("2026-02-03 11:00", DUE, (), {"missing": False, "back": True}, []),
        # four hours late: the manager
        ("2026-02-03 13:59", RUNG, (), {}, []),
        ("2026-02-03 14:00", RUNG, (), {}, [("escalate", "team_manager")]),
        # acknowledged after due: four hours from then
        ("2026-02-03 14:00", DUE, ("2026-02-03 10:30",), {}, []),
        ("2026-02-03 14:29", DUE, ("2026-02-03 10:30",), {}, []),
        ("2026-02-03 14:30", DUE, ("2026-02-03 10:30",), {}, [("escalate", "team_manager")]),
        # two hours at high risk: the manager at 14:00 as planned
        ("2026-02-03 14:00", DUE, ("2026-02-03 10:30",), {"high_risk": True}, [("escalate", "team_manager")]),
        # a second "I have it" of the same rung does not pause again
        ("2026-02-03 14:30", DUE, ("2026-02-03 10:30", "2026-02-03 14:00"), {}, [("escalate", "team_manager")]),
        # after the manager was told, it does
        ("2026-02-04 10:00", ESCALATED, ("2026-02-04 09:00",), {}, []),
        ("2026-02-04 13:00", ESCALATED, ("2026-02-04 09:00",), {}, [("escalate-again", "head_of_service")]),
        # a day late: the next one up
        ("2026-02-04 09:59", ESCALATED, (), {}, []),
        ("2026-02-04 10:00", ESCALATED, (), {}, [("escalate-again", "head_of_service")]),
        # then silence: the digest and the card say it
        ("2026-02-09 10:00", TWICE, (), {}, []),
        # in hand after the last rung, and forgotten: the manager once more when the hold ends
        ("2026-02-04 15:59", TWICE, ("2026-02-04 12:00",), {}, []),
        ("2026-02-04 16:00", TWICE, ("2026-02-04 12:00",), {}, [("again-1", "team_manager")]),
        # a child who is back: office hours only …
        ("2026-02-03 10:00", REMINDED, (), {"back": True, "missing": False}, [("due", "social_worker")]),
        ("2026-02-03 17:01", RUNG, (), {"back": True, "missing": False}, [("escalate", "team_manager")]),
        # … the hold lasts a working day …
        ("2026-02-04 10:29", DUE, ("2026-02-03 10:30",), {"back": True, "missing": False}, []),
        (
            "2026-02-04 10:30",
            DUE,
            ("2026-02-03 10:30",),
            {"back": True, "missing": False},
            [("escalate", "team_manager"), ("escalate-again", "head_of_service")],
        ),
    ],
)
def test_who_is_pinged_now(now: str, used: Used, acks: tuple[str, ...], also: Mapping[str, Any], sent: list[tuple[str, str]]) -> None:
    assert sends(DAY, now, used, acks, **also) == sent


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        ("2026-02-09 09:00", [("due", "social_worker")]),
        ("2026-02-09 09:59", []),
        ("2026-02-09 10:00", [("escalate", "team_manager")]),
        ("2026-02-10 08:59", []),
        ("2026-02-10 09:00", [("escalate-again", "head_of_service")]),
    ],
)
def test_after_a_weekend_the_owner_is_called_before_the_manager(now: str, sent: list[tuple[str, str]]) -> None:
    story, used = (
        reported("2026-02-06 10:00"),
        {("named", "social_worker"): "2026-02-06 10:00", ("remind", "social_worker"): "2026-02-06 10:00"},
    )
    back = {"back": True, "missing": False, "known_at": london("2026-02-06 10:00")}
    steps = {"due": "2026-02-09 09:00", "escalate": "2026-02-09 10:00"}
    used |= {(name, "social_worker" if name == "due" else "team_manager"): at for name, at in steps.items() if at < now}
    assert sends(DAY, now, used, story=story, **back) == sent


def test_after_an_outage_one_person_gets_only_the_highest_of_what_was_missed() -> None:
    missed = planned(DAY, "2026-02-03 12:00", {})
    assert [(r.name, r.to) for r in missed.send] == [("due", "social_worker")]
    assert sorted(r.name for r in missed.skip) == ["named", "remind"]


def test_each_step_says_why_it_is_taken() -> None:
    assert planned(DAY, "2026-02-03 11:00", DUE).send[0].reason == "no answer"
    assert planned(DAY, "2026-02-04 16:00", TWICE, ("2026-02-04 12:00",)).send[0].reason == "in hand, and still not done"


def test_it_says_when_to_look_again() -> None:
    assert clock(planned(DAY, "2026-02-02 10:00", NAMED).next_at) == "02 21:30"
    assert clock(planned(DAY, "2026-02-03 10:00", DUE).next_at) == "03 11:00"
    assert clock(planned(DAY, "2026-02-03 11:00", RUNG).next_at) == "03 14:00"
    assert planned(DAY, "2026-02-09 11:00", TWICE).next_at is None


@pytest.mark.parametrize("ending", [{"kind": "completed", "action": "written_briefing"}, {"kind": "waived", "rule": "brief", "nth": 1}])
def test_what_has_ended_pings_nobody(ending: dict[str, Any]) -> None:
    ended = MISSING.then(ending.pop("kind"), "2026-02-02 12:00", **ending)
    assert planned(DAY, "2026-02-05 10:00", NAMED, story=ended).send == ()


@pytest.mark.parametrize(
    ("fields", "now", "sent"),
    [
        # a short duty is named and has no reminder; a very short one is named by its due ping
        ({"due": "PT1H"}, "2026-02-02 10:00", [("named", "social_worker")]),
        ({"due": "PT10M"}, "2026-02-02 10:00", []),
        ({"due": "PT1H"}, "2026-02-02 11:00", [("due", "social_worker")]),
        ({"due": "PT0S"}, "2026-02-02 10:00", [("due", "social_worker")]),
        # counted in days: called for at nine on its last day
        ({"due": "P1D", "clock": "working_days"}, "2026-02-03 08:59", []),
        ({"due": "P1D", "clock": "working_days"}, "2026-02-03 09:00", [("due", "social_worker")]),
        # without a time: named once
        ({}, "2026-02-02 10:00", [("named", "social_worker")]),
        # the rule's own way up
        ({"due": "PT1H", "escalate_to": ["iro"]}, "2026-02-02 15:00", [("due", "social_worker"), ("escalate", "iro")]),
        ({"due": "PT1H", "escalate_to": []}, "2026-02-05 15:00", [("due", "social_worker")]),
        # a duty to tell: the recipient hears at its mark; one reached through others is told by the owner
        ({"due": "PT1H", "tell": ["police", "carer"]}, "2026-02-02 10:59", []),
        ({"due": "PT1H", "tell": ["police", "carer"]}, "2026-02-02 11:00", [("due", "social_worker"), ("told", "police")]),
        # any other duty: who is to know hears when it arises
        (
            {"due": "PT1H", "tell": ["police"], "action": "risk_assessment"},
            "2026-02-02 10:00",
            [("named", "social_worker"), ("told", "police")],
        ),
        # an owner outside the workspace: the manager of who speaks with them
        ({"due": "PT1H", "owner": "carer"}, "2026-02-02 15:00", [("due", "carer"), ("escalate", "team_manager")]),
    ],
)
def test_what_the_rule_asks_decides_the_ladder(fields: dict[str, Any], now: str, sent: list[tuple[str, str]]) -> None:
    named = {("named", fields.get("owner", "social_worker")): "2026-02-02 10:00"} if now > "2026-02-02 10:00" else {}
    action = fields.get("action", "written_briefing")
    pack = protocol(duty("brief", **{"action": action, **fields}))
    assert [s for s in sends(pack, now, named, action=action) if s[0] != "remind"] == sent


def test_a_duty_without_a_time_goes_up_once_after_five_working_days() -> None:
    undated = protocol(duty("brief", "written_briefing"))
    assert sends(undated, "2026-02-09 16:59", NAMED) == []
    assert sends(undated, "2026-02-09 17:00", NAMED) == [("escalate", "team_manager")]
    assert sends(undated, "2026-03-09 17:00", NAMED | {("escalate", "team_manager"): "2026-02-09 17:00"}) == []


NOTIFY = protocol(
    duty(
        "tell",
        "dcs_notification",
        owner="head_of_service",
        due="PT24H",
        anchor="missing_since",
        basis="mark",
        tell=["director_childrens_services"],
    )
)


def test_a_duty_to_tell_reminds_its_owner_and_tells_the_recipient_at_the_mark() -> None:
    assert sends(NOTIFY, "2026-02-03 10:00", {}, action="dcs_notification") == [
        ("due", "head_of_service"),
        ("told", "director_childrens_services"),
    ]


MEETING = protocol(duty("meet", "strategy_meeting", due="P5D", attendees=["police", "health_representative", "carer"]))
INVITED = {("invite", "police"): "2026-02-06 10:00", ("invite", "health_representative"): "2026-02-06 10:00"}


@pytest.mark.parametrize(
    ("now", "used", "also", "sent"),
    [
        # nobody is invited to a meeting that may never be needed
        ("2026-02-06 09:59", {}, {}, []),
        # a day before it falls due; the carer is spoken with, not invited by the bot
        ("2026-02-06 10:00", {}, {}, [("invite", "police"), ("invite", "health_representative")]),
        # an answer given earlier is kept
        (
            "2026-02-06 10:00",
            {},
            {"responses": (Response("strategy_meeting", "police", "accepted", london("2026-02-03 10:00")),)},
            [("invite", "health_representative")],
        ),
        # who has not answered is asked once more, by day, before it begins
        ("2026-02-06 21:29", INVITED, {}, []),
        ("2026-02-06 21:30", INVITED, {}, [("chase", "police"), ("chase", "health_representative")]),
    ],
)
def test_who_is_invited(now: str, used: Used, also: Mapping[str, Any], sent: list[tuple[str, str]]) -> None:
    assert [s for s in sends(MEETING, now, used, action="strategy_meeting", **also) if s[0] in {"invite", "chase"}] == sent


def test_a_time_that_is_fixed_sends_the_invitations_at_once() -> None:
    fixed = MISSING.then("scheduled", "2026-02-03 09:00", action="strategy_meeting", **{"for": "2026-02-05 14:00"})
    assert ("invite", "police") in sends(MEETING, "2026-02-03 09:00", {}, story=fixed, action="strategy_meeting")


@pytest.mark.parametrize(
    ("now", "arming", "sent"),
    [
        # known since Monday 10:00, when the mark of Sunday 10:00 had passed: its owner first, the manager four hours on
        ("2026-02-02 10:00", 1, [("due", "social_worker")]),
        ("2026-02-02 14:00", 1, [("due", "social_worker"), ("escalate", "team_manager")]),
        # moved there by a correction: at once as high as it has come
        ("2026-02-02 10:00", 2, [("due", "social_worker"), ("escalate", "team_manager"), ("escalate-again", "head_of_service")]),
    ],
)
def test_a_time_that_had_passed_when_it_was_told(now: str, arming: int, sent: list[tuple[str, str]]) -> None:
    pack = protocol(duty("brief", "written_briefing", anchor="missing_since", due="PT24H", basis="mark"))
    late = reported("2026-02-02 10:00", since="2026-01-31 10:00")
    assert [s for s in sends(pack, now, {}, story=late, arming=arming) if s[0] != "escalate-again" or arming > 1] == sent
