"""What partners hold, the agenda with what they sent, and what the panel decided about each child."""

from __future__ import annotations

from dataclasses import replace

from handlers import asking, checks, initials, owed, people, record
from handlers.case import known_row, nothing_there
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer, Field, Form
from handlers.panel import calling, proposing
from handlers.sent_in import Values
from policies import words
from policies.history import Happening
from policies.worktime import said
from storage import asks, children, episodes, journal, panels
from storage.asks import Ask
from storage.episodes import EpisodeRow
from storage.panels import PanelCase, PanelRow

_ABOUT = "about:"


def submit_form(desk: Desk, actor: Actor, context: dict[str, str]) -> Form:
    """A field for each child; initials and year of birth are shown here, privately, so that the partner knows who it is."""
    put, panel = _asked(desk, actor, context.get("ask", ""))
    fields = tuple(_field(desk, reference) for reference in put.about["references"] if _listed(desk, reference))
    note = f"For the panel {said(panel.meets_at)}. Sealed: the panel's lead alone reads it. Leave empty what you hold nothing on."
    return Form("submit", "What you hold", fields, "Send", (*people.context(actor), ("ask", put.id)), note)


def _listed(desk: Desk, reference: str) -> bool:
    row = episodes.by_reference(desk.session, reference)
    return row is not None and not row.restricted


def _field(desk: Desk, reference: str) -> Field:
    row = episodes.by_reference(desk.session, reference)
    known = children.identity(desk.session, desk.vault, row.child_id) if row else {}
    born = (known.get("date_of_birth") or "")[:4]
    who = ", ".join(part for part in (initials.of(known), f"born {born}" if born else "") if part)
    return Field(f"{_ABOUT}{reference}", f"{reference} ({who})" if who else reference, "long")


def _asked(desk: Desk, actor: Actor, ask_id: str) -> tuple[Ask, PanelRow]:
    """What was asked of the actor's agency. Raises Refused for anybody else, and once the panel has met."""
    put = asking.needed(desk, ask_id, "submission", actor)
    panel = panels.by_id(desk.session, put.group_id)
    if panel is None:
        raise Refused(asking.GONE)
    if actor.id != put.person and not owed.speaks_as(actor, {put.role} if put.role else set()):
        raise Refused(f"This asks {words.label(put.role or 'another agency')}. Ask the coordinator if you hold something too.")
    if desk.now > panel.meets_at:
        raise Refused(f"The panel met {said(panel.meets_at)}. Tell the coordinator what you hold.")
    return put, panel


def submit(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """Kept with each child, sealed; sent again before the panel meets, it is added."""
    put, panel = _asked(desk, actor, context.get("ask", ""))
    texts = {name.removeprefix(_ABOUT): checks.short_enough(v.text(name), name) for name in v.named(_ABOUT)}
    for reference in put.about["references"]:
        row = episodes.by_reference(desk.session, reference)
        if row and not row.restricted and texts.get(reference):
            data = {"panel": panel.id, "role": put.role, "text": texts[reference]}
            record.write(desk, actor, "panel_submitted", data, child=row.child_id, episode=row.id)
    after = replace(put, state="accepted", answered_by=actor.id, answered_at=desk.now, next_at=None)
    after = asking.changed(desk, after)
    asking.everywhere(desk, after, f"sent by {actor.person.name} {said(desk.now)}", ("submit",))
    count = sum(bool(texts.get(reference)) for reference in put.about["references"])
    return Answer((f"Sent: what you hold on {count}. Until {said(panel.meets_at)} you can add to it with the same button.",))


def opened(desk: Desk, actor: Actor, reference: str | None) -> Answer | Form:
    """`panel`: call it, or the agenda of the one that is called; `panel HW-7F3K`: what was sent, and what is decided."""
    actor.check("panel")
    panel = panels.latest(desk.session, actor.authority)
    if reference:
        return decision_form(desk, actor, {"reference": reference})
    if panel is None or (desk.now > panel.meets_at and not _undecided(desk, panel)):
        return calling.form(desk, actor)
    return agenda(desk, actor, panel)


def _undecided(desk: Desk, panel: PanelRow) -> list[PanelCase]:
    return [case for case in panels.cases(desk.session, panel.id) if case.decided_at is None]


def agenda(desk: Desk, actor: Actor, panel: PanelRow) -> Answer:
    """Who is on the list and why, which agencies have sent what they hold, which have not, what is decided."""
    asked = asks.of_group(desk.session, panel.id)
    sent = [words.label(a.role or "") for a in asked if a.state == "accepted"]
    silent = [f"{words.label(a.role or '')} ({asking.name_of(desk, a.person)})" for a in asked if a.open]
    lines = [f"Panel {said(panel.meets_at)}. Partners submit by {said(panel.submit_by)}."]
    lines += [f"Sent: {', '.join(sent)}."] if sent else []
    lines += [f"Not sent yet: {', '.join(silent)}."] if silent else []
    for case in panels.cases(desk.session, panel.id):
        row = episodes.by_id(desk.session, case.episode_id)
        if row is None or row.restricted:
            continue
        count = len(_sent_about(desk, row, panel))
        decided = f"decided {said(case.decided_at)}{', stays on the list' if case.stays else ''}" if case.decided_at else "to be decided"
        because = "; ".join(proposing.because(desk, row, case.why))
        lines.append(f"• {row.reference}: {because}. Sent about it: {count}. {decided.capitalize()}.")
    lines.append("Type 'panel HW-…' to read what was sent about a child and to record the decision.")
    return Answer(tuple(lines), seen="panel")


def _sent_about(desk: Desk, row: EpisodeRow, panel: PanelRow) -> list[Happening]:
    told = [record.happening(entry) for entry in journal.of_episode(desk.session, desk.vault, row.id)]
    return [h for h in told if h.kind == "panel_submitted" and h.data.get("panel") == panel.id]


def _case(desk: Desk, actor: Actor, reference: str) -> tuple[EpisodeRow, PanelRow, PanelCase]:
    row, panel = known_row(desk, reference, actor), panels.latest(desk.session, actor.authority)
    if row is None:
        raise Refused(nothing_there(reference))
    case = next((c for c in panels.cases(desk.session, panel.id) if c.episode_id == row.id), None) if panel else None
    if panel is None or case is None:
        raise Refused(f"{row.reference} is not on the panel's list. Type 'panel' to see who is.")
    return row, panel, case


def decision_form(desk: Desk, actor: Actor, context: dict[str, str]) -> Form:
    """What was sent, to be read here alone, and what the panel decides."""
    actor.check("panel")
    row, panel, case = _case(desk, actor, context.get("reference", ""))
    sent = [f"{words.label(str(h.data.get('role')))}: {h.data.get('text')}" for h in _sent_about(desk, row, panel)]
    note = " · ".join((*proposing.because(desk, row, case.why), *(sent or ["Nothing was sent about this child."])))
    fields = (
        Field("decision", "What the panel decided", "long", required=True, hint="Sealed, never posted"),
        Field("stays", "On the next panel's list as well?", "yesno", value="no"),
    )
    return Form("panel_decision", "The panel", fields, "Record", (*people.context(actor), ("reference", row.reference)), note)


def decided(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """Record it, with the child; whoever stays is proposed again next time."""
    actor.check("panel")
    row, panel, case = _case(desk, actor, context.get("reference", ""))
    if desk.now < panel.meets_at:
        raise Refused(f"The panel meets {said(panel.meets_at)}; what it decides is recorded then.", field="decision")
    data = {"panel": panel.id, "text": checks.short_enough(v.needed("decision"), "decision"), "stays": v.yes("stays") is True}
    entry = record.write(desk, actor, "panel_decided", data, child=row.child_id, episode=row.id)
    after = replace(case, decided_at=desk.now, decided_by=actor.id, entry=entry, stays=v.yes("stays") is True)
    panels.decide(desk.session, after)
    left = _undecided(desk, panel)
    return Answer(
        (f"Recorded for {row.reference}. " + (f"{len(left)} still to be decided." if left else "That was the last."),), row.reference
    )
