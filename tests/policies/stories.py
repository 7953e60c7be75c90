"""What happened to an invented child, told in sentences, and what a protocol asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from policies.folding import fold
from policies.history import Child, Episode, Happening
from policies.obligations import Derived, Obligation, derive
from policies.pack import Pack
from policies.worktime import Calendar
from tests.moments import london


@dataclass(frozen=True)
class Story:
    """One episode as it was told, step by step; every step gives the story with one happening more."""

    told: tuple[Happening, ...] = ()
    number: int = 1
    tracked: bool = True

    def then(self, kind: str, at: str, by: str = "social_worker", **data: Any) -> Story:
        """Something recorded the moment it happened; texts that are times are times."""
        moment = london(at)
        happening = Happening(f"{self.number}.{len(self.told)}", kind, moment, moment, by, {k: _time(v) for k, v in data.items()})
        return replace(self, told=(*self.told, happening))

    def reported(self, at: str, category: str = "missing", since: str | None = None, **facts: Any) -> Story:
        """Reported at `at`, missing since `since`."""
        return self.then("reported", at, "edt", category=category, missing_since=since, facts={k: _time(v) for k, v in facts.items()})

    def found(self, at: str, **data: Any) -> Story:
        """Found at `at`, told at once."""
        return self.then("found", data.pop("told_at", at), found_at=at, **data)

    def set(self, at: str, **facts: Any) -> Story:
        """Facts told at `at`."""
        return self.then("set", at, facts={k: _time(v) for k, v in facts.items()})

    def done(self, at: str, action: str, **data: Any) -> Story:
        """An action done and recorded at `at`."""
        return self.then("completed", at, action=action, **data)

    def undone(self, at: str, back: int = 1) -> Story:
        """The `back`-th last happening is taken back."""
        return self.then("undone", at, of=self.told[-back].id)

    @property
    def episode(self) -> Episode:
        """The episode after all of it."""
        return fold(f"e{self.number}", self.told, number=self.number, tracked=self.tracked)


def _time(value: Any) -> Any:
    return london(value) if isinstance(value, str) and value[:2] == "20" and value[4:5] == "-" else value


def reported(at: str = "2026-02-02 10:00", category: str = "missing", since: str | None = None, **facts: Any) -> Story:
    """A story that begins with a report."""
    return Story().reported(at, category, since, **facts)


def child(*stories: Story, born: str | None = None) -> Child:
    """A child with these episodes, the last one the present one."""
    episodes = tuple(replace(story, number=n).episode for n, story in enumerate(map(_renumbered, enumerate(stories, 1)), 1))
    return Child("c", episodes, date.fromisoformat(born) if born else None)


def _renumbered(item: tuple[int, Story]) -> Story:
    n, story = item
    ids = {h.id: f"{n}.{i}" for i, h in enumerate(story.told)}
    told = tuple(replace(h, id=ids[h.id], data={**h.data, "of": ids[h.data["of"]]} if h.kind == "undone" else h.data) for h in story.told)
    return Story(told, n, story.tracked)


def asked(pack: Pack, *stories: Story, now: str, born: str | None = None, calendar: Calendar | None = None) -> Derived:
    """What the pack asks in the last of these episodes, as known at `now`."""
    who = child(*stories, born=born)
    return derive(pack, who, who.episodes[-1], calendar or Calendar(), london(now))


def one(derived: Derived, action: str) -> Obligation:
    """The only obligation of an action."""
    found = of(derived, action)
    assert len(found) == 1, found
    return found[0]


def of(derived: Derived, action: str) -> list[Obligation]:
    """Every obligation of an action."""
    return [o for o in derived.obligations if o.duty.action == action]


def statuses(derived: Derived) -> Mapping[str, str]:
    """How each rule stands; a series by its occurrences."""
    return {f"{o.duty.id}{'' if o.nth == 1 else f' {o.nth}'}": o.status for o in derived.obligations}


def seconds(moment: datetime | None) -> datetime | None:
    """Without the fraction."""
    return moment.replace(microsecond=0) if moment else None
