"""What happened to meetings, folded: fixed, moved, answered, held or not, called off, and what was agreed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from policies import words
from policies.history import Episode, Happening
from policies.meeting import Agreed, Meeting, Response, Seen

TOLD = ("chair", "place", "agenda")  # what a change may say anew
ENDS: dict[str, Literal["held", "not_held", "cancelled"]] = {
    "held": "held",
    "completed": "held",
    "not_held": "not_held",
    "cancelled": "cancelled",
}


def _scheduled(e: Episode, h: Happening) -> Episode:
    """A time is fixed, or another one: then the answers are asked for again."""
    action, starts, before = h.data["action"], h.data["for"], e.fixed(h.data["action"])
    said = {name: h.data[name] for name in TOLD if h.data.get(name)} | _who(h.data)
    if before is None:
        made = Meeting(h.id, action, starts, h.at, h.at, by=h.actor, timed_by=h.actor, **said)
        return _chaired(replace(e, meetings=(*e.meetings, made)), made)
    moved = before.starts != starts
    after = replace(before, starts=starts, sequence=before.sequence + 1, **said)
    if moved:
        e, after = _asked_again(e, action), replace(after, asked_at=h.at, goes_ahead=False, timed_by=h.actor)
    return _chaired(_instead(e, before, after), after)


def _who(data: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: tuple(data[name]) for name in ("required", "also") if data.get(name) is not None}
    return lists | {name: data[name] for name in ("named", "of") if data.get(name)}


def _chaired(e: Episode, meeting: Meeting) -> Episode:
    return replace(e, chairs={**e.chairs, meeting.action: meeting.chair}) if meeting.chair else e


def _instead(e: Episode, before: Meeting, after: Meeting) -> Episode:
    return replace(e, meetings=tuple(after if m is before else m for m in e.meetings))


def _asked_again(e: Episode, action: str) -> Episode:
    """Answers to what is no longer so do not count."""
    kept = tuple(r for r in e.responses if r.action != action)
    earlier = (*e.earlier, *(r for r in e.responses if r.action == action))
    return replace(e, responses=kept, earlier=earlier, asked={**e.asked, action: e.asked.get(action, 0) + 1})


def over(e: Episode, h: Happening) -> Episode:
    """Held, not held, or called off: the answers were to this meeting, and the next one is asked about anew."""
    action, state = h.data["action"], ENDS.get(h.kind)
    meeting = e.fixed(action) if state else None
    if state is None or words.actions().get(action) != "meeting":
        return e
    if meeting:
        ended_at = h.data.get("done_at") or h.at
        sequence = meeting.sequence + (state == "cancelled")
        came = tuple(h.data.get("came") or ())
        after = replace(meeting, state=state, ended_at=ended_at, sequence=sequence, came=came)
        e = _instead(e, meeting, after)
    return _agreed(_asked_again(e, action), h)


def _agreed(e: Episode, h: Happening) -> Episode:
    """What was agreed there, each with whoever does it and by when."""
    told = h.data.get("agreed") or ()
    rule = f"agreed-{h.id.replace('-', '')[-12:].lower()}"
    made = [Agreed(rule, n, h.data["action"], a["owner"], a["due"], h.at, a.get("what", "")) for n, a in enumerate(told, 1)]
    return replace(e, agreed=(*e.agreed, *made)) if made else e


def _responded(e: Episode, h: Happening) -> Episode:
    d = h.data
    answer = Response(d["action"], d["agency"], d["answer"], h.at, h.actor, d.get("to") or "", bool(d.get("reason")), d.get("how") or "")
    return replace(e, responses=(*e.responses, answer))


def _seen(e: Episode, h: Happening) -> Episode:
    return replace(e, seen=(*e.seen, Seen(h.data["action"], h.data["agency"], h.actor, h.at)))


def _invited(e: Episode, h: Happening) -> Episode:
    """Somebody more is invited to what is fixed."""
    before, who = e.fixed(h.data["action"]), h.data["who"]
    if before is None:
        return e
    named, of = {**before.named, **h.data.get("named", {})}, {**before.of, **h.data.get("of", {})}
    invited_at = {**before.invited_at, who: h.at}
    after = replace(before, also=(*before.also, who), named=named, of=of, invited_at=invited_at, sequence=before.sequence + 1)
    return _instead(e, before, after)


def _goes_ahead(e: Episode, h: Happening) -> Episode:
    before = e.fixed(h.data["action"])
    return _instead(e, before, replace(before, goes_ahead=True)) if before else e


def _booked(e: Episode, h: Happening) -> Episode:
    """The calendar beside us says where to join; of one that was taken out of it, nowhere."""
    link = h.data.get("link") or ""
    return replace(e, meetings=tuple(replace(m, link=link) if m.id == h.data["meeting"] else m for m in e.meetings))


STEPS: dict[str, Callable[[Episode, Happening], Episode]] = {
    "scheduled": _scheduled,
    "responded": _responded,
    "seen": _seen,
    "invited": _invited,
    "goes_ahead": _goes_ahead,
    "booked": _booked,
    "not_held": over,
    "cancelled": over,
}
