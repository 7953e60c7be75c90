"""Two people, or two processes, at the same moment: one effect, and an honest answer to each."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from handlers.case import open_case
from handlers.cycles.chase import chase
from handlers.cycles.deliver import deliver
from handlers.cycles.remind import remind
from handlers.desk import Desk, Desks, actor
from handlers.errors import HandlerError
from handlers.frontdesk import pressing, submitting
from handlers.incoming import Pressed, Submitted
from handlers.outgoing import Form, Reply
from handlers.verbs.complete import Complete, complete
from storage import asks, pings
from storage.db import transaction
from storage.errors import Repeated, Stale
from tests import protocols
from tests.fakes import AUTHORITY, PLATFORM, Duty, town
from tests.moments import london
from tests.protocols import duty as rule

PACK = "westbrook@2020-01-01"
BRIEF = rule("brief", "written_briefing", owner="team_manager", due="PT24H", tell=["head_of_service"])


def desk_on(engine: Engine, *duties: Any, at: str = "2026-02-02 10:00") -> Duty:
    return Duty(engine, town(PACK), london(at), {PACK: protocols.text(*duties)})


@pytest.fixture
def missing(engine: Engine) -> Duty:
    """A briefing due in a day, on either database."""
    duty = desk_on(engine, BRIEF)
    duty.report(missing_since="08:00")
    return duty


def at_once(duty: Duty, *acts: Callable[[Desk], Reply]) -> list[str]:
    """Each act in a thread and a transaction of its own, begun together; the answers, or the sentences of the refusals.

    Somebody else may have been faster with the very same thing; then it is asked again, as the edges do.
    """
    start = Barrier(len(acts))

    def act(do: Callable[[Desk], Reply]) -> str:
        start.wait()
        for _ in range(2):
            try:
                with transaction(duty.engine) as session:
                    reply = do(Desk(session, duty.now, duty.office))
            except (Repeated, Stale):
                continue
            except HandlerError as refused:
                return str(refused)
            return reply.text if not isinstance(reply, Form) and hasattr(reply, "text") else f"form {getattr(reply, 'title', reply)}"
        raise AssertionError("beaten twice")

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(act, acts))


def kinds(duty: Duty) -> list[str]:
    return [entry.kind for entry in duty.told()]


def done_by(duty: Duty, form: Form, who: str) -> Callable[[Desk], Reply]:
    values = {f.id: f.value for f in form.fields}
    return lambda desk: submitting.submit(Submitted(form.id, values, who, dict(form.context)), desk)


def test_two_people_press_done_at_once(missing: Duty) -> None:
    row = missing.row("written_briefing", "complete")
    forms = []
    for who in ("team_manager", "social_worker"):
        with missing.desk() as desk:
            form = pressing.press(Pressed("complete", who, row.obligation, row.version, missing.reference), desk)
        forms.append((missing.form(form), who))
    answers = at_once(missing, *(done_by(missing, form, who) for form, who in forms))
    assert kinds(missing).count("completed") == 1
    assert answers[0].startswith("Already done by ")
    assert answers[1] == "Done: See to the brief, Mon 2 Feb 10:00."


def test_two_people_press_i_have_it_at_once(missing: Duty) -> None:
    row = missing.row("written_briefing", "acknowledge")
    pressed = [Pressed("acknowledge", who, row.obligation, row.version, missing.reference) for who in ("team_manager", "edt")]
    answers = at_once(missing, *(lambda desk, p=p: pressing.press(p, desk) for p in pressed))
    assert all(a.startswith("Noted: you have it in hand.") for a in answers)
    assert [e.actor for e in missing.told() if e.kind == "acknowledged"].count("edt") == 1
    assert kinds(missing).count("acknowledged") == 2  # both have it, and both are named


def test_one_press_delivered_three_times_at_once_is_one_press(missing: Duty) -> None:
    row = missing.row("written_briefing", "acknowledge")
    pressed = Pressed("acknowledge", "team_manager", row.obligation, row.version, missing.reference)
    answers = at_once(missing, *([lambda desk: pressing.press(pressed, desk)] * 3))
    assert kinds(missing).count("acknowledged") == 1
    assert len(set(answers)) == 1


def test_one_form_delivered_three_times_at_once_is_sent_in_once(missing: Duty) -> None:
    row = missing.row("written_briefing", "complete")
    with missing.desk() as desk:
        form = missing.form(pressing.press(Pressed("complete", "social_worker", row.obligation, row.version, missing.reference), desk))
    answers = at_once(missing, *([done_by(missing, form, "social_worker")] * 3))
    assert kinds(missing).count("completed") == 1
    assert set(answers) == {"Done: See to the brief, Mon 2 Feb 10:00."}


def test_one_report_delivered_three_times_at_once_is_one_episode(missing: Duty) -> None:
    form = missing.form(missing.hear("report", "edt"))
    filled = replace(form, fields=tuple(replace(f, value="CS-7" if f.id == "case_reference" else f.value) for f in form.fields))
    answers = at_once(missing, *([done_by(missing, filled, "edt")] * 3))
    assert len(set(answers)) == 1
    assert missing.answer(missing.hear("list", "edt")).text.count("HW-") == 2


def test_two_people_report_one_child_at_once(missing: Duty) -> None:
    """Whoever is second is asked whether it is the same child."""
    acts = []
    for who in ("edt", "social_worker"):
        form = missing.form(missing.hear("report", who))
        filled = replace(form, fields=tuple(replace(f, value="CS-7" if f.id == "case_reference" else f.value) for f in form.fields))
        acts.append(done_by(missing, filled, who))
    answers = at_once(missing, *acts)
    assert answers[1] == "form Is it the same child?"
    assert missing.answer(missing.hear("list", "edt")).text.count("HW-") == 2


def test_found_and_correct_at_once_leave_one_story(missing: Duty) -> None:
    found, corrected = missing.form(missing.hear(f"found {missing.reference}")), missing.form(missing.hear(f"correct {missing.reference}"))
    moved = replace(corrected, fields=tuple(replace(f, value="07:00" if f.id == "missing_since" else f.value) for f in corrected.fields))
    at_once(missing, done_by(missing, found, "edt"), done_by(missing, moved, "social_worker"))
    assert sorted(kinds(missing)[-2:]) == ["corrected", "found"]
    assert missing.episode.status == "returned"
    assert missing.episode.missing_since == london("2026-02-02 07:00")


def test_two_processes_remind_at_once_and_each_ping_is_one(missing: Duty) -> None:
    missing.now = london("2026-02-03 10:00")
    desks = missing.desks_at(missing.now)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: remind(desks), range(2)))
    episode = missing.episode.id
    with missing.desk() as desk:
        made = [(p.rule, p.rung, p.addressee) for p in pings.of_episode(desk.session, episode)]
    assert len(made) == len(set(made))
    while deliver(desks, {PLATFORM: missing.platform}):
        pass
    assert len(missing.ever(kind="due", action="written_briefing")) == 1


# ---- complete racing remind

HOURS = (1, 2, 3, 4, 5)
ACTIONS = ("written_briefing", "risk_assessment", "missing_record", "police_notification", "social_care_notification")


def races(engine: Engine, episodes_: int) -> None:
    """Every duty of every episode is completed while its due ping is being planned: `episodes_` × 5 races."""
    duty = desk_on(engine, *(rule(f"r{h}", action, due=f"PT{h}H") for h, action in zip(HOURS, ACTIONS, strict=True)))
    references = [duty.report(missing_since="09:00").reference or "" for _ in range(episodes_)]
    start = duty.now
    for hour, action in zip(HOURS, ACTIONS, strict=True):
        desks = duty.desks_at(start + timedelta(hours=hour))
        with ThreadPoolExecutor(2) as threads:
            reminding = threads.submit(_until_nothing_is_left, desks)
            completing = threads.submit(_complete_all, desks, references, action)
            known = completing.result(timeout=100)
            reminding.result(timeout=100)
        with desks() as desk:
            after = {episode: _pings(desk, episode, f"r{hour}") for episode in known}
        assert after == known, "a ping was planned after the completion was committed"
    duty.platform.sent.clear()
    while deliver(duty.desks_at(start + timedelta(hours=5)), {PLATFORM: duty.platform}):
        pass
    asking = [row.rule for _, parcel in duty.platform.sent for row in parcel.body.rows if row.kind == "due" and row.buttons]
    assert asking == []


def _until_nothing_is_left(desks: Desks) -> None:
    while remind(desks, limit=1):
        pass


def _complete_all(desks: Desks, references: Sequence[str], action: str) -> dict[str, int]:
    """Complete one action everywhere; how many pings there were for it at the moment the completion was committed."""
    known: dict[str, int] = {}
    for reference in references:
        with desks() as desk:
            complete(Complete(reference, action), desk, actor(desk, "social_worker"))
        with desks() as desk:
            case = open_case(desk, reference)
            known[case.row.id] = _pings(desk, case.row.id, f"r{HOURS[ACTIONS.index(action)]}")
    return known


def _pings(desk: Desk, episode: str, rule_: str) -> int:
    return len([p for p in pings.of_episode(desk.session, episode) if p.rule == rule_])


def test_completing_races_reminding_and_nothing_is_planned_afterwards(postgresql: Engine) -> None:
    races(postgresql, 40)


@pytest.mark.soak
def test_completing_races_reminding_a_thousand_times(postgresql: Engine) -> None:
    races(postgresql, 200)


def test_an_approval_that_races_the_chase_leaves_no_chase_behind_it(engine: Engine) -> None:
    duty = desk_on(engine, BRIEF, rule("meet", "strategy_meeting", due="P5D"))
    for n in range(2):
        duty.report(missing_since="08:00", case_reference=f"A-{n}")
        duty.type("waive", action="written_briefing", reason="the family moved house")
        with duty.desk() as desk:
            (put,) = [ask for ask in asks.open_of(desk.session, AUTHORITY) if ask.kind == "approval"]
        assert put.next_at is not None
        duty.now = put.next_at

        def agree(desk: Desk, ask: str = put.id) -> Reply:
            return pressing.press(Pressed("approve", "head_of_service", ask), desk)

        with ThreadPoolExecutor(2) as threads:
            chased = threads.submit(chase, duty.desks_at(duty.now))
            told = threads.submit(at_once, duty, agree).result()
            assert chased.result() in {0, 1}
        assert "Waived" in told[0] or "waived" in told[0], told
        assert duty.owed("written_briefing").status == "waived"
        sent = len(duty.platform.sent)
        duty.forward(hours=30)
        assert [seen for seen in duty.seen(sent) if "waits for a decision" in seen.text and seen.at > put.next_at] == []
        shown = [row for body in duty.platform.shown.values() for row in body.rows if row.rule == "approval"]
        assert not [row for row in shown if "approve" in row.buttons]
        with duty.desk() as desk:
            after = asks.by_id(desk.session, put.id)
            assert after is not None
            assert (after.state, after.answered_by, after.next_at) == ("accepted", "head_of_service", None)
        assert chase(duty.desks_at(duty.now)) == 0
