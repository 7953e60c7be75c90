"""The stories that come with the training room: scenario files with a goal, and what to learn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.simulate.reading import read
from bot.simulate.scenario import Scenario, Step
from bot.simulate.values import moment
from handlers.training.debrief import Goal

FOLDER = Path(__file__).with_name("stories")


@dataclass(frozen=True)
class Story:
    """`plays` is the role to begin with; `world` are the steps that happen by themselves, each with a sentence about it."""

    id: str
    title: str
    about: str
    hear: str
    goal: str
    goals: tuple[Goal, ...]
    lesson: str
    plays: str
    begins: datetime
    ends: datetime
    world: tuple[tuple[Step, str], ...]
    scenario: Scenario


@cache
def shipped() -> Mapping[str, Story]:
    """Every story by its id, in the order of their files."""
    return {story.id: story for story in map(_story, sorted(FOLDER.glob("*.yml")))}


def _story(file: Path) -> Story:
    scenario = read(file)
    raw: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    lines = zip(scenario.timeline, raw["timeline"], strict=True)
    return Story(
        id=file.stem.partition("-")[2],
        title=scenario.title,
        about=raw["about"],
        hear=raw["hear"],
        goal=raw["goal"],
        goals=tuple(Goal(**goal) for goal in raw["goals"]),
        lesson=raw["lesson"],
        plays=raw["plays"],
        begins=moment(raw["begins"]),
        ends=scenario.until,
        world=tuple((step, str(line.get("happens", ""))) for step, line in lines if not line.get("yours")),
        scenario=scenario,
    )
