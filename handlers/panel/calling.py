"""Calling the panel: when it meets, by when partners submit, and which of the proposed children are on its list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers import asking, people
from handlers.asking import Put
from handlers.case import open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import YES_OR_NO
from handlers.outgoing import Answer, Field, Form, Row
from handlers.owed import arisen
from handlers.panel import proposing
from handlers.panel.proposing import Proposed, Rules
from handlers.sent_in import Values
from handlers.verbs.complete import Complete, complete
from policies import words
from policies.pack import Pack
from policies.worktime import said
from storage import asks, episodes, panels
from storage.asks import Ask
from storage.ids import new_id
from storage.panels import PanelCase, PanelRow

FALLBACK = "Homeward: the panel asks you for something"
BEFORE = timedelta(days=2)  # that partners are reminded before the date (house)
MOST = 30  # children of one list
_CHILD = "child:"


@dataclass(frozen=True)
class Call:
    """`left_out`: references of proposed children who are not on the list this time."""

    meets_at: datetime
    submit_by: datetime
    left_out: tuple[str, ...] = ()


def form(desk: Desk, actor: Actor) -> Form:
    """When, by when, and a question for each child who is proposed, with why."""
    actor.check("panel")
    proposing.rules(_pack(desk, actor))
    found = proposing.proposed(desk, actor.authority)[:MOST]
    if not found:
        raise Refused("No child meets the protocol's criteria for the panel now.")
    hint = "Like 5 Mar 10:00. London time."
    ask = [
        Field(f"{_CHILD}{p.row.reference}", f"{p.row.reference} on the list?", "choice", YES_OR_NO, value="yes", hint="; ".join(p.because))
        for p in found
    ]
    fields = (
        Field("meets_at", "The panel meets", "time", required=True, hint=hint),
        Field("submit_by", "Partners submit by", "time", required=True, hint=f"{hint} They are reminded two days before."),
        *ask,
    )
    return Form("panel", "Call the panel", fields, "Call it", people.context(actor), f"{proposing.counted(found)} the criteria.")


def _pack(desk: Desk, actor: Actor) -> Pack:
    return desk.pack_in_force(desk.authority(actor.authority))[1]


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    v.needed("meets_at")
    v.needed("submit_by")
    meets, by = v.time("meets_at", ahead=True) or desk.now, v.time("submit_by", ahead=True) or desk.now
    out = tuple(name.removeprefix(_CHILD) for name in v.named(_CHILD) if v.yes(name) is False)
    return call(Call(meets, by, out), desk, actor)


def call(command: Call, desk: Desk, actor: Actor) -> Answer:
    """Put the children on the list, and ask every member's agency what it holds on each of them."""
    actor.check("panel")
    rules = proposing.rules(_pack(desk, actor))
    if not desk.now < command.submit_by:
        raise Refused(f"{said(command.submit_by)} has passed: give partners time to submit.", field="submit_by")
    if command.meets_at <= command.submit_by:
        raise Refused(f"The panel would meet before partners submit ({said(command.submit_by)}).", field="meets_at")
    chosen = [p for p in proposing.proposed(desk, actor.authority)[:MOST] if p.row.reference not in command.left_out]
    if not chosen:
        raise Refused("Nobody is left on the list: choose at least one child.")
    panel = PanelRow(new_id(), actor.authority, rules.rule, list(rules.members), command.meets_at, command.submit_by, actor.id, desk.now)
    panels.add(desk.session, panel, [PanelCase(panel.id, p.row.id, list(p.why)) for p in chosen])
    for one in chosen:
        _listed(one, desk, actor)
    asked, nobody = _ask(desk, panel, rules, chosen)
    lines = [f"The panel meets {said(panel.meets_at)} about {', '.join(p.row.reference for p in chosen)}."]
    lines += [f"Asked what they hold, by {said(panel.submit_by)}: {', '.join(asked)}."] if asked else []
    lines += [f"Nobody holds: {', '.join(nobody)}. Ask them yourself."] if nobody else []
    return Answer(tuple(lines), seen="panel")


def _listed(one: Proposed, desk: Desk, actor: Actor) -> None:
    """On the list: what the protocol asked for is done, in every episode of the child that asked for it."""
    for row in episodes.of_child(desk.session, one.row.child_id):
        if row.authority != actor.authority or row.restricted:
            continue
        case = open_case(desk, row.reference, actor)
        for _ in [o for o in arisen(case, desk) if o.duty.action == proposing.REFERRAL and o.status == "open"]:
            complete(Complete(row.reference, proposing.REFERRAL), desk, actor)


def _ask(desk: Desk, panel: PanelRow, rules: Rules, chosen: list[Proposed]) -> tuple[list[str], list[str]]:
    """One post to one person of each member agency; gives who was asked, and roles that nobody holds."""
    asked, nobody = [], []
    references = [p.row.reference for p in chosen]
    for role in rules.members:
        holder = next(iter(desk.directory.holders(role, panel.authority, desk.now)), None)
        if holder is None:
            nobody.append(words.label(role))
            continue
        about = {"references": references, "since": desk.now.isoformat()}
        following = max(panel.submit_by - BEFORE, desk.now + timedelta(hours=1))
        put = Ask(
            new_id(),
            panel.authority,
            "submission",
            panel.id,
            panel.called_by,
            desk.now,
            None,
            about,
            role,
            holder.id,
            panel.submit_by,
            next_at=following,
        )
        post = asking.queue(desk, panel.authority, holder, Put("The panel asks", (line(desk, panel, put),), FALLBACK, urgent=False))
        asks.add_all(desk.session, [replace(put, post_id=post)])
        asked.append(f"{holder.name} ({words.label(role)})")
    return asked, nobody


def line(desk: Desk, panel: PanelRow, put: Ask, kind: str = "notice") -> Row:
    """What a member is asked: references and dates, nothing else."""
    says = f"Panel {said(panel.meets_at)}: what do you hold on {', '.join(asking.asked_about(desk, put))}?"
    return asking.row(put, says, f"send it by {said(panel.submit_by)}", ("submit",), kind)
