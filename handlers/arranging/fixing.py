"""The form that fixes or moves a meeting, filled with what the protocol proposes."""

from __future__ import annotations

from datetime import datetime

from handlers import access
from handlers.arranging.kinds import Built, Context, kind_form, titled
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.fields import AHEAD, SEALED, UNSEEN, filled
from handlers.gathering.proposal import Proposal, proposed
from handlers.outgoing import Field
from policies import words
from policies.arranged import FIXED
from policies.worktime import lasting, said

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def meeting_form(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    if not context.get("meeting"):
        return kind_form(desk, actor, case, context)
    p = proposed(desk, case, context["meeting"])
    starts = filled(p.fixed.starts) if p.fixed else context.get("starts", "")
    needed = ", ".join(words.label(a) for a in p.required)
    also = ", ".join(named(desk, who) for who in p.fixed.also) if p.fixed else ""
    fields = [
        Field("starts", "When", "time", required=True, value=starts, hint=AHEAD),
        Field("place", "Place or link", "text", value=p.fixed.place if p.fixed else "", hint="Kept sealed; those invited can read it"),
        Field("chair", "Chair", "choice", _chairs(p), value=p.chair or "", hint=_by_number(p)),
        Field("required", "Agencies that must come", "text", value=needed, hint="With commas between them"),
        Field("also", "Invite as well", "text", value=also, hint="Roles or names, with commas between them"),
        Field("agenda", "Agenda", "long", value=(p.fixed.agenda if p.fixed else "") or "\n".join(p.agenda), hint=SEALED),
        *([Field("reason", "Why, if it is past its due time", "long", hint=SEALED)] if (limit := _limit(p)) and limit > desk.now else []),
        UNSEEN,
    ]
    return titled("Another time" if p.fixed else "Fix a time", context), "Move" if p.fixed else "Fix", fields, _invited(desk, case, p)


def _limit(p: Proposal) -> datetime | None:
    """By when the protocol wants it held; None for one that nothing but its own time limits."""
    return p.obligation.due if p.obligation and not p.obligation.duty.id.startswith(FIXED) else None


def _chairs(p: Proposal) -> tuple[tuple[str, str], ...]:
    mine = {"social_worker", *([p.chair] if p.chair else [])}
    roles = {role for role in words.roles() if access.group_of(role) in {"manager", "senior", "coordinator"}}
    return tuple((role, words.label(role)) for role in sorted(mine | roles, key=words.label))


def _by_number(p: Proposal) -> str:
    """Whom the protocol names, and by which number the meeting is."""
    which = ORDINALS[p.number - 1] if p.number <= len(ORDINALS) else f"{p.number}th"
    by = f"The protocol names the {words.label(p.chair)}" if p.chair else "The protocol names nobody"
    return f"{by}; this is the {which} of its kind about this child."


def _invited(desk: Desk, case: Case, p: Proposal) -> str:
    """Who is invited whatever is typed, and by when it is to be held."""
    cited = f" ({', '.join(p.clauses)})" if p.clauses else ""
    listed = ", ".join(words.label(role) for role in p.attendees)
    who = f"Invited by the protocol{cited}: {listed}." if listed else "The protocol names nobody to invite: say who should come."
    due = _wanted(limit, desk.now) if (limit := _limit(p)) else ""
    again = f" It is fixed for {said(p.fixed.starts)}; with another time everybody is asked again." if p.fixed else ""
    return who + due + again


def _wanted(limit: datetime, now: datetime) -> str:
    return f" To be held by {said(limit)}." if limit > now else f" It was to be held by {said(limit)}, {lasting(now - limit)} ago."


def named(desk: Desk, who: str) -> str:
    person = desk.directory.person(who[1:]) if who.startswith("@") else None
    return person.name if person else words.label(who)
