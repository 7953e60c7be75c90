"""The budget of DESIGN section 5: how many posts a thread and a person get; over it is merged into one, never dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bot.simulate.play import Played
from handlers.ports import Parcel
from policies.worktime import LONDON, is_night

DAY = timedelta(hours=24)
SHIFT = timedelta(hours=12)
THREAD_FIRST, THREAD_LATER, PERSON, NIGHT, ANYBODY = 12, 6, 6, 2, 20
DIRECTOR = "director_childrens_services"
QUIET = frozenset({"card", "answer", "digest"})


@dataclass(frozen=True)
class Budget:
    """What was over, in sentences; the median of posts a person in their busiest 24 h; posts by person and day."""

    over: tuple[str, ...]
    median: float
    table: dict[str, dict[str, int]]


def budget(played: Played) -> Budget:
    """Count what a played timeline sent."""
    sent = [(at, parcel) for at, parcel in played.stage.recorder.sent if parcel.post.kind not in QUIET]
    people = _by_person(sent)
    busiest = [max(_within(times, DAY)) for times in people.values()]
    over = (*_threads(sent), *_persons(sent), *_nights(people), *_directors(sent), *_shifts(people))
    return Budget(tuple(over), median(busiest) if busiest else 0, _table(people))


def _by_person(sent: list[tuple[datetime, Parcel]]) -> dict[str, list[datetime]]:
    """When each person was interrupted: mentioned in a thread, or written to."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for at, parcel in sent:
        if parcel.post.place != "room":
            for person in parcel.people:
                found[person.id].append(at)
    return found


def _within(times: list[datetime], window: timedelta) -> list[int]:
    """For each time, how many follow within the window, itself included."""
    return [sum(start <= t < start + window for t in times) for start in times]


def _threads(sent: list[tuple[datetime, Parcel]]) -> Iterator[str]:
    threads: dict[tuple[str | None, str | None], list[datetime]] = defaultdict(list)
    for at, parcel in sent:
        if parcel.post.place == "thread":
            threads[(parcel.post.episode_id, parcel.post.room)].append(at)
    for (_, room), times in threads.items():
        days: dict[int, int] = defaultdict(int)
        for at in times:
            days[(at - times[0]) // DAY] += 1
        for day, count in days.items():
            limit = THREAD_LATER if day else THREAD_FIRST
            if count > limit:
                yield f"the {room} thread gets {count} posts on day {day + 1}; {limit} is the most"


def _persons(sent: list[tuple[datetime, Parcel]]) -> Iterator[str]:
    by_episode: dict[tuple[str | None, str], list[datetime]] = defaultdict(list)
    for at, parcel in sent:
        if parcel.post.place != "room":
            for person in parcel.people:
                by_episode[(parcel.post.episode_id, person.id)].append(at)
    for (_, who), times in by_episode.items():
        most = max(_within(times, DAY))
        if most > PERSON:
            yield f"{who} gets {most} posts about one episode in 24 hours; {PERSON} is the most"


def _nights(people: dict[str, list[datetime]]) -> Iterator[str]:
    for person, times in people.items():
        nights: dict[object, int] = defaultdict(int)
        for at in times:
            if is_night(at):
                nights[(at.astimezone(LONDON) - timedelta(hours=8)).date()] += 1
        for night, count in nights.items():
            if count > NIGHT:
                yield f"{person} gets {count} posts in the night of {night}; {NIGHT} is the most"


def _directors(sent: list[tuple[datetime, Parcel]]) -> Iterator[str]:
    moments: dict[datetime, int] = defaultdict(int)
    for at, parcel in sent:
        moments[at] += any(person.id == DIRECTOR for person in parcel.people)
    for at, count in moments.items():
        if count > 1:
            yield f"the director gets {count} posts at {at:%d %b %H:%M}; one a mark is the most"


def _shifts(people: dict[str, list[datetime]]) -> Iterator[str]:
    for person, times in people.items():
        most = max(_within(times, SHIFT))
        if most > ANYBODY:
            yield f"{person} gets {most} posts in one shift; {ANYBODY} is the most"


def _table(people: dict[str, list[datetime]]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for person, times in sorted(people.items()):
        days: dict[str, int] = defaultdict(int)
        for at in times:
            days[f"{at.astimezone(LONDON):%a %d %b}"] += 1
        table[person] = dict(days)
    return table
