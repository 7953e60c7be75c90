"""A timeline run to its end, through the real handlers on a clock of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from bot.simulate.scenario import Scenario, Step
from bot.simulate.stage import AUTHORITY, Read, Stage
from bot.simulate.steps import Tale, actor_of, take
from handlers.clock import run_all, step_to
from handlers.desk import Actor, Desk, read_once
from handlers.errors import HandlerError
from handlers.outgoing import Answer
from handlers.past import PastEpisode, remember
from storage import children

IDLE = frozenset({"report", "found", "correct", "set", "reclassify", "void"})


@dataclass
class Played:
    """What came of a timeline."""

    stage: Stage
    tale: Tale
    refused: list[tuple[int, str]] = field(default_factory=list)
    answers: list[tuple[datetime, str, Answer]] = field(default_factory=list)

    @property
    def scenario(self) -> Scenario:
        """The file."""
        return self.tale.scenario

    @property
    def child_id(self) -> str:
        """The child it is about."""
        return self.tale.child_id


def play(scenario: Scenario, *, idle: bool = False, read: Read = read_once, packs: Mapping[str, str] = MappingProxyType({})) -> Played:
    """Run the timeline to its end. `idle`: only what happens to the child is kept. `read`: how packs are read, to try another.

    `packs`: texts of packs that are not shipped, by the name the scenario gives.
    """
    start = min([s.at for s in scenario.timeline] + [scenario.until])
    stage = Stage(scenario, read, packs, start)
    played = Played(stage, Tale(scenario, facts=dict(scenario.child)))
    with stage.desks_at(start)() as desk:
        begin(played.tale, desk, actor_of(desk, "social_worker", AUTHORITY))
    now = start
    for step in scenario.timeline:
        if idle and step.do not in IDLE:
            continue
        if step.at > scenario.until:
            break
        step_to(stage.desks_at, stage.platforms, now, step.at)
        now = max(now, step.at)
        _take(played, step, now)
        run_all(stage.desks_at(now), stage.platforms)
    step_to(stage.desks_at, stage.platforms, now, scenario.until)
    return played


def begin(tale: Tale, desk: Desk, actor: Actor) -> None:
    """The child, and every earlier episode."""
    born = tale.facts.get("date_of_birth")
    identity = {"case_reference": "SCENARIO-1", "date_of_birth": born.isoformat() if isinstance(born, date) else None}
    tale.child_id = children.add(desk.session, desk.vault, actor.authority, identity, desk.now)
    for past in sorted(tale.scenario.previous, key=lambda p: p.began):
        facts = {**tale.facts, **past.facts}
        remember(PastEpisode(past.category, past.began, past.ended, facts, past.held), desk, actor, tale.child_id)


def _take(played: Played, step: Step, now: datetime) -> None:
    try:
        with played.stage.desks_at(now)() as desk:
            answer = take(played.tale, step, desk, actor_of(desk, step.by, AUTHORITY))
    except HandlerError as error:
        played.refused.append((step.number, str(error)))
    else:
        played.answers.append((now, step.by, answer))
