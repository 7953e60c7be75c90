"""Numbers that are ours and not the source's."""

from __future__ import annotations

from datetime import timedelta

from policies.pack.words import Frozen, Time
from policies.worktime import Length


def _hours(count: float) -> Length:
    return Length(exact=timedelta(hours=count))


class House(Frozen):
    """Numbers that are ours and not the source's; an authority may set its own."""

    coordinator_marks: tuple[Time, ...] = (_hours(24), _hours(72), _hours(120))
    remind_before: Time = _hours(4)
    remind_before_long: Time = _hours(24)
    escalate_after: Time = _hours(4)
    escalate_again_after: Time = _hours(24)
    ring_after: Time = _hours(1)
    ring_after_high_risk: Time = _hours(0.25)
    ack_holds: Time = _hours(4)
    ack_holds_high_risk: Time = _hours(2)
    invite_before: Time = _hours(24)
    chase_before: Time = _hours(4)
    chase_again_after: Time = _hours(24)
    chair_told_before: tuple[Time, ...] = (_hours(24), _hours(2))
    asked_if_held_after: Time = _hours(1)
    undated_escalates_after_working_days: int = 5
    handover_remind_after: Time = _hours(0.5)
    handover_escalate_after: Time = _hours(1)
    handover_escalate_again_after: Time = _hours(5)
    approval_remind_after: Time = _hours(4)
    approval_escalate_after: Time = _hours(24)
