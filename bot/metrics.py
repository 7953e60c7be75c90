"""`/metrics`: what Prometheus reads. Counts and ages only; nothing here names a child, an episode or a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import accumulate

from bot.pulse import Pulse
from handlers.cycles.watch import behind
from handlers.delivery.tally import BOUNDS, Tally
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk
from storage import counts

Value = tuple[str, float]
Family = tuple[str, str, str, list[Value]]  # name, kind, what it says, values


def page(desk: Desk | None, under_way: UnderWay, pulse: Pulse) -> str:
    """Everything, in the text format of Prometheus; without a desk (the database is gone) what the process itself knows."""
    lines: list[str] = []
    for name, kind, says, values in (*_of_process(under_way, pulse, up=desk is not None), *(_of_database(desk) if desk else ())):
        lines += [f"# HELP homeward_{name} {says}", f"# TYPE homeward_{name} {kind}"]
        lines += [f"homeward_{name}{labels} {value:.15g}" for labels, value in values]
    return "\n".join(lines) + "\n"


def _of_process(under_way: UnderWay, pulse: Pulse, *, up: bool) -> Iterator[Family]:
    now = pulse.monotonic()
    yield "database_up", "gauge", "1 while the database answers.", [("", up)]
    yield "posts_total", "counter", "What came of posts in this process.", _labelled("outcome", under_way.tally.outcomes)
    yield "alarms_total", "counter", "Alarms that this process brought to a management room.", [("", under_way.tally.alarms)]
    yield "due_to_sent_seconds", "histogram", "From the moment a post is about to the platform's answer.", list(_histogram(under_way.tally))
    yield "cycle_age_seconds", "gauge", "Since a cycle ended last.", _labelled("cycle", {n: now - r.ended for n, r in pulse.cycles.items()})
    down = {name: float(under_way.is_down(name)) for name in under_way.serving}
    yield "platform_down", "gauge", "1 while a platform does nothing but fail.", _labelled("platform", down)
    yield "processes", "gauge", "Processes that share the work.", [("", under_way.processes)]


def _of_database(desk: Desk) -> Iterator[Family]:
    owed, states = behind(desk), counts.waiting_posts(desk.session)
    yield "waiting_posts", "gauge", "Posts that are not out, by state.", _labelled("state", states)
    yield "queue_oldest_seconds", "gauge", "Age of the oldest post that should be out.", [("", _age(desk, owed.oldest_post))]
    yield "episodes_to_look_at", "gauge", "Episodes whose moment has come.", [("", owed.episodes)]
    yield "look_oldest_seconds", "gauge", "Age of the oldest moment nobody looked at.", [("", _age(desk, owed.oldest_episode))]
    yield "open_episodes", "gauge", "Episodes that are neither closed nor void.", [("", counts.open_episodes(desk.session))]
    yield "late_obligations", "gauge", "Open duties past their time.", [("", counts.late_obligations(desk.session, desk.now))]


def _labelled(label: str, values: Mapping[str, float]) -> list[Value]:
    return [(f'{{{label}="{name}"}}', value) for name, value in sorted(values.items())]


def _histogram(tally: Tally) -> Iterator[Value]:
    so_far = list(accumulate(tally.late))
    for bound, count in zip([*(f"{b:g}" for b in BOUNDS), "+Inf"], so_far, strict=True):
        yield f'_bucket{{le="{bound}"}}', count
    yield "_sum", tally.seconds
    yield "_count", so_far[-1]


def _age(desk: Desk, since: datetime | None) -> float:
    return (desk.now - since).total_seconds() if since else 0.0
