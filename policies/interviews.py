"""One return and its interview: who owes it, when each step was taken, and both clocks. Pure, read from what was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from policies.history import NOT_HELD, Done, Episode
from policies.obligation import Obligation
from policies.pack import Duty
from policies.worktime import Length, add, said

INTERVIEW, OFFER = "return_interview", "return_interview_offer"
RECORD, SIGNOFF, SHARING = "return_interview_recorded", "return_interview_signoff", "interview_shared_with_police"
STATUTORY = Length.parse("PT72H")  # what the statutory guidance gives, by the clock on the wall (ENG-11)


@dataclass(frozen=True)
class Interview:
    """The interview about one return. `provider` owes it, `due` is the protocol's own limit, `statutory` 72 hours after the return."""

    returned_at: datetime
    statutory: datetime
    state: str = "owed"
    provider: str | None = None
    due: datetime | None = None
    offered_at: datetime | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    declined_by: str | None = None
    conducted_at: datetime | None = None
    interviewer: str | None = None
    not_done_at: datetime | None = None
    recorded_at: datetime | None = None
    signed_off_at: datetime | None = None
    shared_at: datetime | None = None

    @property
    def in_time(self) -> bool | None:
        """Whether it took place within the statutory 72 hours; None while it has not taken place."""
        return self.conducted_at <= self.statutory if self.conducted_at else None


def interview_of(episode: Episode, obligations: Iterable[Obligation]) -> Interview | None:
    """The interview of the episode's return; None while the child is not back, or where none is owed and none was recorded."""
    back = episode.returned_at if episode.found_at and not episode.voided_at else None
    owed = sorted((o for o in obligations if o.duty.action == INTERVIEW and o.status != "void"), key=lambda o: (o.due is None, o.due))
    steps = [d for d in episode.done if back and d.at >= back and not d.decision]
    if back is None or not (owed or any(d.action in {INTERVIEW, OFFER} for d in steps)):
        return None
    held = _first(d for d in steps if d.action == INTERVIEW and d.outcome not in NOT_HELD)
    declined = _first(d for d in steps if d.action == INTERVIEW and d.outcome == "declined")
    not_done = _first(d for d in steps if d.action == INTERVIEW and d.outcome == "not_done")
    offered = _first(d for d in steps if d.action in {OFFER, INTERVIEW} and d.outcome != "not_done")
    return Interview(
        back,
        add(back, STATUTORY),
        _state(steps, owed, held, declined, not_done),
        owed[0].owner if owed else None,
        owed[0].due if owed else None,
        _at(offered),  # nobody declines, and nobody holds, what was not offered (LANC-POL-06)
        _at(_first(d for d in steps if d.action == OFFER and d.outcome == "accepted")),
        _at(declined),
        (declined.said_by or "child") if declined else None,
        _at(held),
        (held.interviewer or None) if held else None,
        _at(not_done),
        *(_at(_first(d for d in _signed(episode, back) if d.action == action)) for action in (RECORD, SIGNOFF, SHARING)),
    )


def _signed(episode: Episode, back: datetime) -> list[Done]:
    """What was recorded since the return, a decision to sign off included; what was refused is none."""
    return [d for d in episode.done if d.at >= back and d.outcome != "refused"]


def _first(steps: Iterable[Done]) -> Done | None:
    return min(steps, key=lambda d: d.at, default=None)


def _at(step: Done | None) -> datetime | None:
    return step.at if step else None


def _state(steps: list[Done], owed: list[Obligation], held: Done | None, declined: Done | None, not_done: Done | None) -> str:
    """How it stands: what took place goes before what was declined, an answer before an offer."""
    if held or declined or not_done:
        return "conducted" if held else "declined" if declined else "not_done"
    if owed and all(o.status == "waived" for o in owed):
        return "waived"
    offers = [d.outcome for d in steps if d.action == OFFER]
    return "accepted" if "accepted" in offers else "offered" if offers else "owed"


def holder(episode: Episode, o: Obligation) -> str | None:
    """The person to whom this was given by name: whoever was given the interview offers it, holds it and writes it up (BURY-50)."""
    return episode.interviewer if o.duty.action in {OFFER, INTERVIEW, RECORD} else None


def second_clock(duty: Duty, anchor_at: datetime, due: datetime | None) -> str:
    """The statutory 72 hours, where the protocol's own clock for the interview says another time; else nothing."""
    if duty.action not in {INTERVIEW, OFFER} or due is None or duty.anchor not in {"found_at", "returned_at"}:
        return ""
    statutory = add(anchor_at, STATUTORY)
    return "" if statutory == due else f"statutory 72 h: {said(statutory)}"
