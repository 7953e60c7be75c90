"""When an obligation arises and falls due, counted from its anchor; or why it never does."""

from __future__ import annotations

from datetime import datetime

from policies.anchors import Start
from policies.endings import with_end
from policies.meeting import Meeting
from policies.obligation import Obligation
from policies.pack import Duty
from policies.pack.duty import Timed
from policies.reading import Reading
from policies.routing import chair_of, chaired, routed
from policies.worktime import add, due


def first_of(duty: Duty, start: Start, reading: Reading) -> Obligation | None:
    """The obligation of one start, or None when the duty does not apply to it."""
    anchor, falls, held = counted_from(duty, start, reading)
    opens = add(anchor, duty.opens) if duty.opens and not held else anchor
    if duty.basis == "mark" and falls and not duty.opens:
        opens = falls
    earliest = _latest(_latest(opens, reading.episode.notified_at), start.begins)
    begins = arises(duty, earliest, reading)
    if begins is None and reading.is_kept((duty.id, start.nth)):
        begins = earliest
    if begins is None or _over_before(duty, start, opens, begins, reading):
        return None
    return with_end(made(duty, start.nth, anchor, begins, falls, reading, start), reading)


def _latest(moment: datetime, other: datetime | None) -> datetime:
    return other if other is not None and other > moment else moment


def arises(rule: Timed, earliest: datetime, reading: Reading) -> datetime | None:
    """The first moment from `earliest` on at which the condition holds; asked only then where the rule says so."""
    if rule.when_at == "anchor":
        return earliest if reading.holds(rule.when, earliest) else None
    return reading.first_true(rule.when, earliest)


def counted_from(duty: Duty, start: Start, reading: Reading) -> tuple[datetime, datetime | None, bool]:
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
    ended = stretch_end(start, reading)
    if ended is None:
        return False
    if arises > max(opens, reading.episode.notified_at or opens):
        return ended <= arises  # a fact that only became true at the return brings no mark
    return ended < opens if duty.basis == "mark" else ended <= opens  # "24 hours or more" is reached by exactly 24


def stretch_end(start: Start, reading: Reading) -> datetime | None:
    """When the stretch that a rule counts in ended: its own, or for other anchors the child's being missing."""
    return start.ends if start.anchor in {"missing_since", "absent_since"} else reading.back_at


def made(duty: Duty, nth: int, anchor: datetime, arises: datetime, falls: datetime | None, reading: Reading, start: Start) -> Obligation:
    episode, at = reading.episode, max(arises, reading.now)
    extended = episode.extended.get((duty.id, nth))
    owner, meeting = routed(duty.owner, reading, at)[0], episode.fixed(duty.action) if episode.meetings else None
    attendees = routed(duty.attendees, reading, at, every=True)
    return Obligation(
        duty=duty,
        nth=nth,
        owner=owner,
        anchor_at=anchor,
        arises_at=arises,
        due=_latest(falls, extended) if falls else extended,
        extended=extended is not None,
        tell=routed(duty.tell, reading, at, every=True),
        attendees=with_also(attendees, meeting) if meeting else attendees,
        chair=episode.chairs.get(duty.action) or chair_of(duty, reading, arises),
        meets_at=meeting.starts if meeting else None,
        meeting=meeting,
        asked=episode.asked.get(duty.action, 0),
        ends=stretch_end(start, reading),
        via=chaired(duty, arises, reading) if owner == "meeting_chair" else None,
    )


def with_also(attendees: tuple[str, ...], meeting: Meeting) -> tuple[str, ...]:
    """Those the protocol names, and those who were invited beside them."""
    return tuple(dict.fromkeys((*attendees, *meeting.also)))
