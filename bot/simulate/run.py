"""`homeward simulate FILE…`: play, print, compare. Exit 0 as expected, 1 on a difference, 2 for a file that is no scenario."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.simulate.budget import Budget, budget
from bot.simulate.expect import differences
from bot.simulate.outcome import outcome
from bot.simulate.play import Played, play
from bot.simulate.reading import read
from bot.simulate.scenario import Scenario, ScenarioError
from policies.load import load
from policies.pack import Pack
from policies.words import PackError
from policies.worktime import LONDON, said


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    as_json: bool = False
    budget: bool = False
    idle: bool = False
    pack: Path | None = None


@dataclass(frozen=True)
class Tried:
    """A pack from a file, to be played in place of the shipped one."""

    file: Path
    text: str
    pack: Pack


def run(
    files: Sequence[Path], asked: Asked, say: Callable[[str], None], complain: Callable[[str], None], plays: Callable[..., Played] = play
) -> int:
    """Every file in turn; gives the exit code. A folder stands for the scenarios in it. `plays`: by whom, to look on."""
    worst = 0
    try:
        tried = _tried(asked.pack) if asked.pack else None
    except PackError as error:
        complain(str(error))
        return 2
    for path in _expanded(files):
        try:
            worst = max(worst, _one(read(path), tried, asked, say, complain, plays))
        except ScenarioError as error:
            complain(str(error))
            worst = 2
        except PackError as error:
            complain(f"{path}: {error}" + ("" if tried else "; --pack FILE plays one that is not shipped"))
            worst = 2
    return worst


def _expanded(files: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in files:
        found += sorted([*path.glob("*.yml"), *path.glob("*.yaml")]) if path.is_dir() else [path]
    return found


def _tried(file: Path) -> Tried:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}") from None
    return Tried(file, text, load(text, str(file)))


def _packs(scenario: Scenario, tried: Tried | None) -> dict[str, str]:
    """The file's text under the name the scenario gives; it must be a scenario of that area."""
    if tried is None:
        return {}
    if scenario.pack.split("@", 1)[0] != tried.pack.area:
        raise ScenarioError(f"{scenario.file}: this is about '{scenario.pack}', and {tried.file} is the pack of '{tried.pack.area}'")
    return {scenario.pack: tried.text}


def _one(
    scenario: Scenario,
    tried: Tried | None,
    asked: Asked,
    say: Callable[[str], None],
    complain: Callable[[str], None],
    plays: Callable[..., Played],
) -> int:
    packs = _packs(scenario, tried)
    played = plays(scenario, idle=asked.idle, packs=packs)
    came = outcome(played)
    wrong = [] if asked.idle else differences(scenario, came)
    counted = budget(played)
    expected = bool((scenario.expect or {}).get("budget"))
    if expected or asked.budget:
        wrong += counted.over
    if expected and not asked.idle:
        wrong += [f"with nobody acting: {sentence}" for sentence in budget(plays(scenario, idle=True, packs=packs)).over]
    if asked.as_json:
        say(json.dumps(came, ensure_ascii=False))
    else:
        _print(scenario, came, counted, asked, say)
    for sentence in wrong:
        complain(f"{scenario.file}: {sentence}")
    return 1 if wrong else 0


def _print(scenario: Scenario, came: Mapping[str, Any], counted: Budget, asked: Asked, say: Callable[[str], None]) -> None:
    say(f"{scenario.title} ({came['pack']})")
    for m in came["messages"]:
        to = ", ".join(m["to"]) or m["where"]
        say(f"  {_local(m['at'])}  {m['kind']:<10}  {to:<34}  {' '.join(m['text'].split())}")
    for refusal in came["refused"]:
        say(f"  step {refusal['step']} refused: {refusal['reason']}")
    if asked.budget:
        say(f"  posts a person and day (median of the busiest 24 h: {counted.median:g}):")
        for person, days in counted.table.items():
            say(f"    {person:<34} " + "  ".join(f"{day}: {count}" for day, count in days.items()))


def _local(text: str) -> str:
    from bot.simulate.values import moment

    at = moment(text)
    return f"{said(at)} {at.astimezone(LONDON):%Z}"
