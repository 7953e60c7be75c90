"""(pack, what happened) → obligations and notices. Pure: nothing is stored, nothing is read from a clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from policies import words
from policies.anchors import Reading, Start, has_begun, starts
from policies.conditions import Condition
from policies.facts import held
from policies.history import Child, Done, Episode
from policies.pack import After, Duty, Notice, Pack, Route, Rule
from policies.pack.duty import Timed
from policies.thresholds import Crossing
from policies.worktime import LONDON, Calendar, Length, add, due

Status = Literal["open", "met", "waived", "void"]
ONE_EPISODE = frozenset({"return_interview", "safe_and_well_check"})  # these meetings are about one return
# Doing the second also does the first: nobody interviews a child to whom no interview was offered (LANC-POL-06).
UNRECORDED = "not recorded in its time"
IMPLIED = {
    "return_interview_offer": frozenset({"return_interview"}),
    "return_interview_referral": frozenset({"return_interview_offer", "return_interview"}),
    "interviewer_choice": frozenset({"return_interview"}),
}


@dataclass(frozen=True)
class Obligation:
    """One duty in one episode. Times UTC; `due` None when the document gives no time; `note` says why it ended."""

    duty: Duty
    nth: int
    owner: str
    anchor_at: datetime
    arises_at: datetime
    due: datetime | None
    status: Status = "open"
    completed_at: datetime | None = None
    completed_by: str = ""
    tell: tuple[str, ...] = ()
    attendees: tuple[str, ...] = ()
    chair: str | None = None
    meets_at: datetime | None = None
    extended: bool = False
    ends: datetime | None = None
    via: str | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """What history is attached to: the rule and which start of its anchor, never a time."""
        return self.duty.id, self.nth

    def late_at(self, now: datetime) -> bool:
        """Open after it was due, or done after it was due."""
        end = self.completed_at if self.status == "met" else now
        return self.status in {"open", "met"} and self.due is not None and end is not None and end > self.due


@dataclass(frozen=True)
class Telling:
    """The bot tells `to` something: a notice of the pack, the crossing of a threshold, or the coordinator's mark."""

    rule: Rule
    nth: int
    kind: Literal["notice", "threshold"]
    at: datetime
    to: tuple[str, ...]
    action: str | None = None


@dataclass(frozen=True)
class Derived:
    """Everything the pack asks for in one episode, and when the answer may next change by itself."""

    obligations: tuple[Obligation, ...]
    tellings: tuple[Telling, ...]
    crossings: tuple[Crossing, ...]
    reading: Reading

    def next_edge(self, now: datetime) -> datetime | None:
        """The earliest moment after `now` at which something arises, falls due, lapses or is told."""
        times = [t for o in self.obligations for t in (o.arises_at, o.due) if t]
        times += [t.at for t in self.tellings] + list(self.reading.edges) + self.reading.long_enough
        return min((t for t in times if t > now), default=None)


def derive(pack: Pack, child: Child, episode: Episode, calendar: Calendar, now: datetime) -> Derived:
    """What `pack` asks in `episode`, given all of the child's episodes, as known at `now`.

    Includes what will arise later if nothing changes. A duty whose condition no longer holds is left out.
    """
    reading = Reading(pack, child, episode, calendar, now)
    found: list[Obligation] = []
    for duty in pack.duties:
        if has_begun(duty, reading):
            found.extend(_of_duty(duty, reading))
    if episode.voided_at:
        found = [replace(o, status="void", note="the episode was voided") for o in found]
    crossed = tuple(c for rule in pack.thresholds for c in reading.crossings[rule.id] if c.episode == episode.id)
    return Derived(tuple(found), tuple(_tellings(pack, reading, crossed)), crossed, reading)


def _of_duty(duty: Duty, reading: Reading) -> Iterator[Obligation]:
    for start in starts(duty, reading):
        first = _obligation(duty, start, reading)
        if first is None:
            continue
        if duty.repeat and duty.repeat.counted_from == "grid":
            yield from _on_grid(first, start, reading)
        else:
            yield first
            yield from _from_last(first, start, reading)


def _obligation(duty: Duty, start: Start, reading: Reading) -> Obligation | None:
    """The obligation of one start, or None when the duty does not apply to it."""
    anchor, falls, held = _counted_from(duty, start, reading)
    opens = add(anchor, duty.opens) if duty.opens and not held else anchor
    if duty.basis == "mark" and falls and not duty.opens:
        opens = falls
    earliest = max(t for t in (opens, reading.episode.notified_at, start.begins) if t)
    arises = _arises(duty, earliest, reading)
    if arises is None and reading.is_kept((duty.id, start.nth)):
        arises = earliest
    if arises is None or _over_before(duty, start, opens, arises, reading):
        return None
    return _with_end(_made(duty, start.nth, anchor, arises, falls, reading, start), reading)


def _arises(rule: Timed, earliest: datetime, reading: Reading) -> datetime | None:
    """The first moment from `earliest` on at which the condition holds; asked only then where the rule says so."""
    if rule.when_at == "anchor":
        return earliest if reading.holds(rule.when, earliest) else None
    return reading.first_true(rule.when, earliest)


def _counted_from(duty: Duty, start: Start, reading: Reading) -> tuple[datetime, datetime | None, bool]:
    """Anchor, due time, and whether a series counts from a meeting of `repeat.of` that was held (RUT-15)."""
    if duty.repeat and duty.repeat.of:
        before = [d.at for d in reading.episode.done if d.action in duty.repeat.of and d.at >= start.at]
        if before:
            return min(before), due(min(before), duty.repeat.every, duty.clock, reading.calendar), True
    return start.at, due(start.at, duty.due, duty.clock, reading.calendar) if duty.due else None, False


def _over_before(duty: Duty, start: Start, opens: datetime, arises: datetime, reading: Reading) -> bool:
    """Whether the child was no longer missing when the duty would have arisen: the mark was never reached."""
    if not duty.only_while_missing:
        return False
    if not reading.missing and start.anchor != "absent_since":
        return True
    ended = _stretch_end(start, reading)
    if ended is None:
        return False
    if arises > max(opens, reading.episode.notified_at or opens):
        return ended <= arises  # a fact that only became true at the return brings no mark
    return ended < opens if duty.basis == "mark" else ended <= opens  # "24 hours or more" is reached by exactly 24


def _stretch_end(start: Start, reading: Reading) -> datetime | None:
    """When the stretch that a rule counts in ended: its own, or for other anchors the child's being missing."""
    return start.ends if start.anchor in {"missing_since", "absent_since"} else reading.back_at


def _made(duty: Duty, nth: int, anchor: datetime, arises: datetime, falls: datetime | None, reading: Reading, start: Start) -> Obligation:
    episode, at = reading.episode, max(arises, reading.now)
    extended = episode.extended.get((duty.id, nth))
    owner = routed(duty.owner, reading, at)[0]
    return Obligation(
        duty=duty,
        nth=nth,
        owner=owner,
        anchor_at=anchor,
        arises_at=arises,
        due=max(t for t in (extended, falls) if t) if extended or falls else None,
        extended=extended is not None,
        tell=routed(duty.tell, reading, at, every=True),
        attendees=routed(duty.attendees, reading, at, every=True),
        chair=episode.chairs.get(duty.action) or _chair(duty, reading, arises),
        meets_at=episode.scheduled.get(duty.action),
        ends=_stretch_end(start, reading),
        via=_chaired(duty, arises, reading) if owner == "meeting_chair" else None,
    )


def _chaired(duty: Duty, at: datetime, reading: Reading) -> str | None:
    """Who chaired the meeting that brought this duty: the one it was fixed with, else the one the pack names."""
    for action in (action for a in duty.anchors if isinstance(a, After) for action in a.actions):
        chaired = [d for d in reading.pack.duties if d.action == action and d.chair]
        asked = next((d for d in chaired if reading.holds(d.when, at)), chaired[0] if chaired else None)
        chair = reading.episode.chairs.get(action) or (_chair(asked, reading, at) if asked else None)
        if chair:
            return chair
    return None


def routed(routes: tuple[Route, ...], reading: Reading, at: datetime, *, every: bool = False) -> tuple[str, ...]:
    """Roles whose condition holds: the first that fits, or `every` one. The last is taken when none fits."""
    if not routes:
        return ()
    fitting = [route.role for route in routes if reading.holds(route.when, at)]
    if not every:
        fitting = fitting[:1] or [route.role for route in routes[-1:]]
    return tuple(dict.fromkeys(_stood_in(role, reading, at) for role in fitting))


def _stood_in(role: str, reading: Reading, at: datetime) -> str:
    """Whoever takes the role's place for now (BURY-25)."""
    if not reading.pack.stand_ins:
        return role
    return next((s.by for s in reading.pack.stand_ins if s.role == role and reading.holds(s.when, at)), role)


def _chair(duty: Duty, reading: Reading, at: datetime) -> str | None:
    """The chair of this meeting, which may depend on how many of its kind were held about the child."""
    if not duty.chair:
        return None
    before = len(held(reading.child, duty.action, at - timedelta(seconds=1)))
    fitting = [c for c in duty.chair if c.from_number <= before + 1 and reading.holds(c.when, at)]
    return max(fitting, key=lambda c: c.from_number).role if fitting else None


def _with_end(o: Obligation, reading: Reading) -> Obligation:
    """The obligation with its status: done, waived, lapsed, or open."""
    done = _done(o, reading)
    if done:
        return _answered(o, done, reading)
    if _waived(o, reading):
        return replace(o, status="waived", note="waived, with a reason")
    met = _reached(o.duty.met_when, o, reading)
    if met:
        return replace(o, status="met", completed_at=met)
    ended = "no longer needed" if _reached(o.duty.ends_when, o, reading) else _lapsed(o, reading)
    return replace(o, status="void", note=ended) if ended else o


def _answered(o: Obligation, done: Done, reading: Reading) -> Obligation:
    """Met; or waived, by a declined interview or a decision that the meeting is not needed."""
    if done.outcome == "declined" and o.duty.action == "return_interview":
        return replace(o, status="waived", completed_by=done.actor, note="declined, with a reason")
    if done.decision and words.actions()[o.duty.action] == "meeting":
        return replace(o, status="waived", completed_by=done.actor, note="decided: not needed, with a reason")
    owner = routed(o.duty.owner, reading, done.at)[0]  # an open one follows the facts, a met one keeps who owed it (BURY-49)
    return replace(o, owner=owner, status="met", completed_at=done.at, completed_by=done.actor)


def _reached(condition: Condition | None, o: Obligation, reading: Reading) -> datetime | None:
    moment = reading.first_true(condition, o.arises_at) if condition else None
    return moment if moment and moment <= reading.now else None


def _waived(o: Obligation, reading: Reading) -> bool:
    """Waived by name, or where one stands for all of its action, by the waiver of another of them."""
    waived = reading.episode.waived
    if o.key in waived or not o.duty.once:
        return o.key in waived
    same = {d.id for d in reading.pack.duties if d.once and d.action == o.duty.action}
    return any(rule in same and at >= o.anchor_at for (rule, _), at in waived.items())


def _done(o: Obligation, reading: Reading) -> Done | None:
    """What met it: the first thing recorded for it by name, or done under its action since its anchor.

    A meeting about the child, recorded in another episode, meets what asked for one here before it was held.
    """
    actions = {o.duty.action} | IMPLIED.get(o.duty.action, frozenset())
    for done in reading.episode.done:
        if done.action in actions and _meets(o, done) and not (done.decision and done.action != o.duty.action):
            return done
    if words.actions()[o.duty.action] != "meeting" or o.duty.action in ONE_EPISODE:
        return None
    others = [e for e in reading.child.episodes if e is not reading.episode]
    elsewhere = [d for e in others for d in e.done if d.action == o.duty.action and not d.decision]
    return next((d for d in elsewhere if _since(o, d)), None)


def _meets(o: Obligation, done: Done) -> bool:
    if done.decision and words.actions()[o.duty.action] == "meeting":
        return done.outcome == "not_needed" and _since(o, done)  # a decision to hold one is not its holding
    if done.keys and done.action == o.duty.action and not o.duty.once:
        return o.key in done.keys
    return o.key in done.keys or _since(o, done)


def _since(o: Obligation, done: Done) -> bool:
    if o.duty.repeat and o.duty.repeat.counted_from == "grid" and o.due and done.at > o.due:
        return False  # what was done later is the next period's
    later = o.nth > 1 and o.duty.repeat is not None
    if done.decision:
        return done.at >= o.arises_at  # what was decided before the question came is another decision
    start = min(o.anchor_at, o.arises_at)  # a duty may arise before the moment it counts from: weeks before a birthday
    return done.at > start if later else done.at >= start


def _lapsed(o: Obligation, reading: Reading) -> str:
    """Why an open obligation ended by itself, or nothing (G7: return ends marks, not obligations, unless the rule says so)."""
    back, mode = o.ends, o.duty.on_return
    if mode == "keep" or back is None:
        return ""
    if mode == "lapse" and o.due is not None and back >= o.due:
        return ""
    if o.duty.unless is not None and reading.holds(o.duty.unless, back):
        return ""
    return "no longer needed: the child is back" if reading.episode.found_at else "no longer needed: the child is not missing"


def _from_last(first: Obligation, start: Start, reading: Reading) -> Iterator[Obligation]:
    """The further occurrences of a series, each counted from when the one before it was done."""
    last, repeat = first, first.duty.repeat
    while repeat:
        anchor = last.completed_at or reading.episode.waived.get(last.key)
        if anchor is None or last.status not in {"met", "waived"} or _series_over(first.duty, anchor, start, reading):
            return
        falls = due(anchor, repeat.every, first.duty.clock, reading.calendar)
        last = _with_end(_made(first.duty, last.nth + 1, anchor, anchor, falls, reading, start), reading)
        yield last


def _on_grid(first: Obligation, start: Start, reading: Reading) -> Iterator[Obligation]:
    """Every period whether done or not, up to the first that lies ahead; one not done ends when the next begins.

    An occurrence is known by the day it falls due, so that a corrected start leaves what was done for a day done.
    """
    duty, repeat, falls, arises, count = first.duty, first.duty.repeat, first.due, first.arises_at, 0
    while repeat and falls is not None:
        last = _with_end(_made(duty, _day_number(falls), max(arises, first.anchor_at), arises, falls, reading, start), reading)
        if falls > reading.now or _series_over(duty, falls, start, reading):
            yield last
            return
        yield replace(last, status="void", note=UNRECORDED) if last.status == "open" else last
        count += 1
        arises = falls + timedelta(seconds=1)
        falls = due(start.at, _sum(duty.due, repeat.every, count), duty.clock, reading.calendar)


def _day_number(moment: datetime) -> int:
    return moment.astimezone(LONDON).date().toordinal()


def _sum(first: Length | None, every: Length, times: int) -> Length:
    first = first or every
    return Length(first.months + every.months * times, first.exact + every.exact * times)


def _series_over(duty: Duty, since: datetime, start: Start, reading: Reading) -> bool:
    assert duty.repeat is not None  # noqa: S101 - asked by the caller
    ended = _stretch_end(start, reading)
    return duty.repeat.while_missing and ended is not None and ended <= since


def _tellings(pack: Pack, reading: Reading, crossed: tuple[Crossing, ...]) -> Iterator[Telling]:
    for notice in pack.notices:
        yield from _of_notice(notice, reading)
    by_id = {rule.id: rule for rule in pack.thresholds}
    for crossing in crossed:
        rule = by_id[crossing.rule]
        if reading.holds(rule.when, crossing.at):
            yield Telling(rule, crossing.arming, "threshold", crossing.at, routed(rule.tell, reading, crossing.at, every=True))
    yield from _coordinator_marks(pack, reading)


def _of_notice(notice: Notice, reading: Reading) -> Iterator[Telling]:
    for start in starts(notice, reading):
        opens = add(start.at, notice.opens) if notice.opens else start.at
        at = _arises(notice, max(opens, reading.episode.notified_at or opens), reading)
        ended = _stretch_end(start, reading)
        if at is None or (notice.while_missing and ended is not None and ended <= max(opens, start.at)):
            continue
        yield Telling(notice, start.nth, "notice", at, routed(notice.tell, reading, at, every=True), notice.action)


def _coordinator_marks(pack: Pack, reading: Reading) -> Iterator[Telling]:
    """House rule of every pack: the coordinator hears at 24 h, 72 h and 5 days missing what is open and what is late."""
    told = reading.episode.notified_at
    for n, stretch in enumerate(reading.missing, 1):
        marks = [(mark, add(stretch.clock_start, mark)) for mark in pack.house.coordinator_marks]
        passed = max((at for _, at in marks if told and at <= told), default=None)  # of those passed at the report only the last
        for mark, at in marks:
            if told and (stretch.end is None or stretch.end > at) and (at > told or at == passed):
                rule = Rule(id=f"coordinator-{_slug(mark)}", says=f"{mark} missing: what is open, what is late", house=True)
                yield Telling(rule, n, "notice", max(at, told), (pack.coordinator,))


def _slug(mark: Length) -> str:
    hours = int(mark.exact.total_seconds() // 3600)
    return f"{hours}h" if hours <= 72 else f"{hours // 24}d"
