"""What must hold for any timeline under any protocol: obligations follow from the facts, not from the way there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.folding import fold
from policies.history import Child, Episode, Happening
from policies.load import pack, shipped
from policies.obligations import Derived, derive
from policies.pack import Pack
from policies.words import roles
from policies.worktime import Calendar
from tests.moments import utc

START = utc("2026-03-26 21:00")  # a Thursday; the clocks change on Sunday
EVERY_PACK = pytest.mark.parametrize("edition", sorted(shipped()))
HOURS = (0, 1, 5, 23, 24, 26, 47, 48, 71, 72, 73, 100, 120, 121, 168, 200, 400)


@st.composite
def timelines(draw: st.DrawFn, of: Pack) -> list[Happening]:
    """An episode of a child, in the order in which it was told."""
    category = draw(st.sampled_from(sorted(of.categories)))
    since = START - timedelta(hours=draw(st.sampled_from((0, 1, 30))))
    facts = draw(st.fixed_dictionaries({}, optional=FACTS))
    limit = {"absence_limit_at": START + timedelta(hours=draw(st.sampled_from((2, 30))))} if draw(st.booleans()) else {}
    told = [_told(0, "reported", 0, category=category, missing_since=since, facts=facts | limit)]
    moments = sorted(draw(st.lists(st.sampled_from(HOURS), max_size=7, unique=True)))
    for n, hours in enumerate(moments, 1):
        told.append(draw(_step(of, n, hours, found=any(h.kind == "found" for h in told))))
    return told


FACTS: dict[Any, st.SearchStrategy[Any]] = {
    "risk_level": st.sampled_from(("medium", "high")),
    "care_status": st.sampled_from(("looked_after", "child_in_need", "not_open")),
    "uasc": st.booleans(),
    "whereabouts_suspected": st.booleans(),
    "cse_risk": st.booleans(),
}


def _told(n: int, kind: str, hours: float, **data: Any) -> Happening:
    at = START + timedelta(hours=hours)
    return Happening(f"h{n}", kind, at, at, "somebody", data)


def _step(of: Pack, n: int, hours: int, *, found: bool) -> st.SearchStrategy[Happening]:
    at = START + timedelta(hours=hours)
    actions = sorted({d.action for d in of.duties})
    duties = [(d.id, nth) for d in of.duties for nth in (1, 2)]
    steps = [
        st.sampled_from(actions).map(lambda action: _told(n, "completed", hours, action=action)),
        st.sampled_from(duties).map(lambda key: _told(n, "waived", hours, rule=key[0], nth=key[1])),
        st.sampled_from(duties).map(lambda key: _told(n, "extended", hours, rule=key[0], nth=key[1], until=at + timedelta(hours=30))),
        st.fixed_dictionaries({}, optional=FACTS).map(lambda facts: _told(n, "set", hours, facts=facts)),
        st.sampled_from(sorted(of.categories)).map(lambda category: _told(n, "reclassified", hours, category=category)),
        st.sampled_from((-40, -2)).map(lambda by: _told(n, "corrected", hours, missing_since=START + timedelta(hours=by))),
    ]
    if found:
        steps.append(st.just(_told(n, "corrected", hours, found_at=None)))
    else:
        steps.append(st.just(_told(n, "found", hours, found_at=at)))
    return st.one_of(steps)


def derived(of: Pack, told: list[Happening], now: datetime, earlier: tuple[Episode, ...] = ()) -> Derived:
    episode = fold("e", told, number=len(earlier) + 1)
    return derive(of, Child("c", (*earlier, episode)), episode, Calendar(), now)


def standing(d: Derived, now: datetime) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Everything that has arisen and how it stands, times included."""
    arisen = {o.key: (o.status, o.owner, o.arises_at, o.due, o.completed_at) for o in d.obligations if o.arises_at <= now}
    told = {(t.rule.id, -t.nth): (t.at, t.to) for t in d.tellings if t.at <= now}
    return arisen | told


def of_edition(edition: str, prove: Callable[[Any], None]) -> None:
    """Run one property on timelines of one pack."""
    given(st.data())(prove)()


@EVERY_PACK
def test_nothing_changes_by_itself_between_two_edges(edition: str) -> None:
    """The bot looks again at `next_edge`; a change in between would be seen too late."""
    of = pack(edition)

    def prove(data: Any) -> None:
        told = data.draw(timelines(of))
        now = told[-1].at + timedelta(hours=data.draw(st.sampled_from((0, 3, 50))))
        present = derived(of, told, now)
        edge = present.next_edge(now) or now + timedelta(days=90)
        before = edge - timedelta(seconds=1)
        if before > now:
            assert standing(derived(of, told, before), before) == standing(present, now)

    of_edition(edition, prove)


@EVERY_PACK
def test_time_alone_takes_back_nothing_that_was_promised(edition: str) -> None:
    """What is foretold for a moment is what is found when the moment has come."""
    of = pack(edition)

    def prove(data: Any) -> None:
        told = data.draw(timelines(of))
        now = told[-1].at
        later = now + timedelta(hours=data.draw(st.sampled_from((1, 30, 80, 200))))
        promised = {o.key: o.due for o in derived(of, told, now).obligations if o.arises_at <= later}
        found = {o.key: o.due for o in derived(of, told, later).obligations}
        assert promised.items() <= found.items()

    of_edition(edition, prove)


@EVERY_PACK
def test_the_order_of_independent_events_does_not_matter(edition: str) -> None:
    """Told in another order, with the times they happened at, they give the same answer."""
    of = pack(edition)

    def prove(data: Any) -> None:
        told = data.draw(timelines(of))
        free = [h for h in told[1:] if h.kind in {"completed", "waived"}]
        distinct = {h.data.get("action") or (h.data["rule"], h.data["nth"]): h for h in free}
        fixed = [h for h in told[1:] if h not in free]
        facts = [
            replace(_told(90 + n, "set", 300, facts={name: True}), id=f"f{n}") for n, name in enumerate(("uasc", "cse_risk", "disability"))
        ]
        mixed = data.draw(st.permutations([*distinct.values(), *facts]))
        now = START + timedelta(hours=420)
        one, other = [told[0], *fixed, *distinct.values(), *facts], [told[0], *fixed, *mixed]
        assert standing(derived(of, one, now), now) == standing(derived(of, other, now), now)

    of_edition(edition, prove)


@EVERY_PACK
def test_a_correction_made_and_undone_loses_nothing(edition: str) -> None:
    of = pack(edition)

    def prove(data: Any) -> None:
        told = data.draw(timelines(of))
        episode = fold("e", told)
        last = told[-1].at
        wrong = _told(50, "corrected", 0, missing_since=START - timedelta(hours=data.draw(st.sampled_from((3, 500)))))
        right = _told(51, "corrected", 0, missing_since=episode.missing_since)
        now = last + timedelta(hours=data.draw(st.sampled_from((0, 100))))
        before = derived(of, told, now)
        after = derived(of, [*told, wrong, right], now)
        taken_back = derived(of, [*told, wrong, _told(52, "undone", 0, of=wrong.id)], now)
        assert standing(after, now) == standing(before, now)
        assert standing(taken_back, now) == standing(before, now)

    of_edition(edition, prove)


@EVERY_PACK
def test_a_correction_gives_what_had_been_known_from_the_start(edition: str) -> None:
    """Missing since and found, corrected at the end, or stated right from the beginning."""
    of = pack(edition)

    def prove(data: Any) -> None:
        told = data.draw(timelines(of))
        since = START - timedelta(hours=data.draw(st.sampled_from((1, 10, 60))))
        # what was changed at the very moment it began was changed as of its beginning, and moves with it
        plain = [told[0], *(h for h in told[1:] if "missing_since" not in h.data and h.at > START)]
        now = told[-1].at + timedelta(hours=data.draw(st.sampled_from((1, 90))))
        corrected = [*plain, _told(60, "corrected", 500, missing_since=since)]
        from_the_start = [replace(plain[0], data={**plain[0].data, "missing_since": since}), *plain[1:]]
        assert standing(derived(of, corrected, now), now) == standing(derived(of, from_the_start, now), now)
        back = [h for h in plain if h.kind == "found"]
        if len(back) != 1 or any(h.kind == "corrected" for h in plain):
            return
        at = back[0].at - timedelta(minutes=20)
        corrected = [*plain, _told(61, "corrected", 500, found_at=at)]
        from_the_start = [replace(h, data={**h.data, "found_at": at}) if h is back[0] else h for h in plain]
        assert standing(derived(of, corrected, now), now) == standing(derived(of, from_the_start, now), now)

    of_edition(edition, prove)


@EVERY_PACK
def test_every_obligation_has_one_key_and_an_end_that_fits_its_status(edition: str) -> None:
    of = pack(edition)

    def prove(data: Any) -> None:
        told = data.draw(timelines(of))
        now = told[-1].at + timedelta(hours=100)
        found = derived(of, told, now).obligations
        assert len({o.key for o in found}) == len(found)
        for o in found:
            assert (o.completed_at is not None) == (o.status == "met")
            assert o.arises_at >= (fold("e", told).notified_at or o.arises_at)
            assert o.owner in roles()

    of_edition(edition, prove)
