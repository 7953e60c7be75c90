"""A meeting in a sentence: when it is, who chairs it, who has answered, and which clause asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.case import Case
from handlers.desk import Desk
from handlers.gathering.attendance import SAYS, Gathering, gathered, name_of
from policies import words
from policies.answers import COME, Standing
from policies.behind import once
from policies.obligations import Derived, Obligation
from policies.pack import Pack


def answered(desk: Desk, case: Case, o: Obligation) -> str:
    """Where everybody who is invited stands; nothing while no time is fixed, or once it is over."""
    return everybody(desk, gathered(desk, case, o)) if o.meeting and o.status == "open" else ""


def everywhere(desk: Desk, case: Case, derived: Derived) -> dict[tuple[str, int], str]:
    """The same for everything that a meeting is fixed for; nothing of an episode that no room shows."""
    shown = bool(case.episode.meetings) and not case.row.restricted
    return (
        {o.key: answered(desk, case, o) for o in once(derived.obligations, desk.now) if o.meeting and o.arises_at <= desk.now}
        if shown
        else {}
    )


def everybody(desk: Desk, found: Gathering) -> str:
    """Each agency with its answer, those that must come before the others."""
    needed, others = parted(found)
    if not found.standings:
        return "nobody is invited yet"
    parts = [f"must come: {_listed(desk, needed)}" if needed else "", f"also invited: {_listed(desk, others)}" if others else ""]
    return "; ".join(part for part in parts if part)


def parted(found: Gathering) -> tuple[list[Standing], list[Standing]]:
    """(agencies that must come, others)."""
    return [s for s in found.standings if s.required], [s for s in found.standings if not s.required]


def count(desk: Desk, found: Gathering) -> str:
    """How many of those that must come will come, cannot come, or are silent; others are named apart."""
    needed, others = parted(found)
    given = [s.answer.answer if s.answer else "" for s in needed]
    coming, cannot, perhaps, silent = (sum(a in kind for a in given) for kind in (COME, {"declined"}, {"tentative"}, {""}))
    most = f"{coming} of {len(needed)} agencies that must come will come" if needed else "no agency must come"
    lines = [
        most,
        f"{cannot} cannot come" if cannot else "",
        f"perhaps {perhaps} more" if perhaps else "",
        f"{silent} {'has' if silent == 1 else 'have'} not answered" if silent else "",
        _not_needed(desk, others),
    ]
    return "; ".join(line for line in lines if line)


def _not_needed(desk: Desk, others: Iterable[Standing]) -> str:
    silent = [_name(desk, s) for s in others if s.answer is None]
    return f"no answer either from {', '.join(silent)}, who need not come" if silent else ""


def cited(pack: Pack, o: Obligation) -> str:
    """The clause that asks for the meeting, with its document and section."""
    if not o.duty.clauses:
        return "No clause asks for it: it was called."
    clause = o.duty.clauses[0]
    own = pack.clauses.get(clause)
    section = own.section if own else str(words.clauses()[clause]["section"])
    title = next((d.title for d in pack.documents if clause.startswith(f"{d.clauses}-")), "")
    return f"Asked for by {clause}: {title}, under {section}." if title else f"Asked for by {clause}: {section}."


def _listed(desk: Desk, standings: Iterable[Standing]) -> str:
    return ", ".join(f"{_name(desk, s)} ({SAYS.get(s.answer.answer, s.answer.answer) if s.answer else 'no answer yet'})" for s in standings)


def _name(desk: Desk, s: Standing) -> str:
    return name_of(desk, s.agency[1:]) if s.agency.startswith("@") else words.label(s.agency)
