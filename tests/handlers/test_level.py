"""Whatever people do in whatever order, what is stored is what the protocol asks of what is known: nothing hangs on the way there."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.cycles.watch import sweep
from handlers.errors import HandlerError
from handlers.outgoing import Problems
from storage import obligations, pings
from storage.creating import create_all
from storage.engines import open_database
from tests.fakes import Duty, town
from tests.moments import london

BOUNDED = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
PACKS = ("triborough@2017-12-01", "bury@2024-06-21")


def opened(pack: str) -> Duty:
    """A duty desk in memory."""
    engine = open_database("sqlite://")
    create_all(engine)
    duty = Duty(engine, town(pack), london("2026-03-26 21:00"), {})
    duty.report(missing_since="19:00", case_reference="CS-1")
    return duty


STEPS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "found": {"back_safe": st.sampled_from(("yes", "no", ""))},
    "undo": {"what": st.just("found")},
    "reopen": {"reason": st.just("not found after all")},
    "correct": {"missing_since": st.sampled_from(("26 Mar 12:00", "26 Mar 20:30", "24 Mar 20:00")), "reason": st.just("wrong")},
    "risk": {"risk_level": st.sampled_from(("medium", "high"))},
    "reclassify": {"category": st.sampled_from(("missing", "absent"))},
    "done": {"action": st.sampled_from(("strategy_meeting", "missing_record", "strategy_discussion", "risk_assessment"))},
    "waive": {"action": st.sampled_from(("strategy_meeting", "strategy_discussion", "return_interview")), "reason": st.just("agreed")},
    "interview": {"step": st.sampled_from(("offered", "conducted", "declined")), "reason": st.just("said so")},
}


def steps() -> st.SearchStrategy[tuple[int, str, dict[str, str]]]:
    one = st.sampled_from(sorted(STEPS)).flatmap(lambda verb: st.fixed_dictionaries(STEPS[verb]).map(lambda typed: (verb, typed)))
    return st.tuples(st.sampled_from((0, 5, 60, 700, 1500, 3000)), one).map(lambda item: (item[0], *item[1]))


def take(duty: Duty, verb: str, typed: dict[str, str]) -> None:
    """A step; a refusal is an answer too, and must leave no trace."""
    before = len(duty.told())
    try:
        reply: Any = duty.type(verb, "team_manager", **typed)
    except HandlerError:
        refused = True
    else:
        refused = isinstance(reply, Problems)
    assert (len(duty.told()) == before) is refused


@pytest.mark.parametrize("pack", PACKS)
def test_what_is_stored_is_what_is_asked_after_every_step(pack: str) -> None:
    @BOUNDED
    @given(st.lists(steps(), min_size=2, max_size=6))
    def prove(taken: list[tuple[int, str, dict[str, str]]]) -> None:
        duty = opened(pack)
        for minutes, verb, typed in taken:
            duty.forward(minutes=minutes)
            assert sweep(duty.desks_at(duty.now)) == []
            take(duty, verb, typed)
            assert sweep(duty.desks_at(duty.now)) == []
        episode = duty.episode.id
        with duty.desk() as desk:
            made = [(p.rule, p.nth, p.rung, p.addressee, p.arming) for p in pings.of_episode(desk.session, episode)]
        assert len(made) == len(set(made))

    prove()


@pytest.mark.parametrize("pack", PACKS)
def test_a_correction_made_and_undone_leaves_every_obligation_as_it_was(pack: str) -> None:
    @BOUNDED
    @given(st.lists(steps(), max_size=3), st.sampled_from(("24 Mar 20:00", "26 Mar 20:45", "26 Mar 12:00")))
    def prove(taken: list[tuple[int, str, dict[str, str]]], wrong: str) -> None:
        duty = opened(pack)
        for minutes, verb, typed in taken:
            duty.forward(minutes=minutes)
            take(duty, verb, typed)
        since = duty.case().episode.missing_since
        before = standing(duty)
        duty.type("correct", "team_manager", missing_since=wrong, reason="wrong")
        duty.type("correct", "team_manager", missing_since=f"{since:%Y-%m-%dT%H:%M}+00:00", reason="right")
        assert standing(duty) == before

    prove()


def standing(duty: Duty) -> dict[tuple[str, int], Any]:
    """How every stored obligation that counts stands."""
    episode = duty.episode.id
    with duty.desk() as desk:
        rows = obligations.of_episode(desk.session, episode)
    return {(r.rule, r.nth): (r.status, r.due_at, r.owner) for r in rows if r.status != "void"}


def test_an_outage_of_three_days_ends_where_it_would_have_come_to_anyway() -> None:
    """Looked at all the time, or not for three days: the obligations are the same."""
    watched, slept = opened(PACKS[0]), opened(PACKS[0])
    for _ in range(72):
        watched.forward(hours=1)
    slept.now += timedelta(days=3)
    slept.forward()
    assert standing(watched) == standing(slept)
