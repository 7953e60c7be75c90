"""What the person who reported is told: whether police know, who was sent it, who answered, whom to ring."""

from __future__ import annotations

from handlers.away import since
from handlers.desk import Actor, Desk
from handlers.outgoing import Answer
from handlers.settle import Settled
from policies import words
from policies.history import Episode
from policies.obligations import Obligation
from policies.worktime import said
from storage import outbox

NOT_POLICE = "This does not call the police. If a child is in danger now, ring 999."
TRAINING = "Training: nobody is told."


def after_report(desk: Desk, settled: Settled, actor: Actor) -> Answer:
    """The answer to a report, whose last lines never change: this does not call the police, and whether they know."""
    case = settled.case
    lines = [
        f"{case.row.reference} is open: {words.label(case.row.category)} {since(case.row)}.",
        *suggestions(desk, settled),
        *reach(desk, settled, actor),
        police(settled.derived.obligations, case.episode),
        NOT_POLICE,
    ]
    if desk.office.training:
        lines.append(TRAINING)
    return Answer(tuple(lines), case.row.reference)


def suggestions(desk: Desk, settled: Settled) -> list[str]:
    """The category that fits the facts, where it is another one; the bot never sets it (BURY-05 to 07)."""
    now, row = settled.derived.reading.at(desk.now), settled.case.row
    for suggestion in settled.case.pack.intake.suggests:
        if suggestion.category != row.category and suggestion.when.holds(now):
            cited = ", ".join(suggestion.clauses)
            return [f"By what you said this may be {words.label(suggestion.category)} ({cited}): 'reclassify {row.reference}' if it is."]
    return []


def police(obligations: tuple[Obligation, ...], episode: Episode) -> str:
    """Whether police were told, by the record."""
    told = next((d.at for d in episode.done if d.action == "police_notification"), None)
    if told:
        return f"Police: recorded as told {said(told)}."
    if all(o.duty.action != "police_notification" for o in obligations):
        return "Police: the protocol does not ask for them to be told in this category."
    return "Police: not recorded as told yet. When they are, press Done on it and give their reference."


def reach(desk: Desk, settled: Settled, actor: Actor) -> list[str]:
    """Who has been sent it, who has answered, and who could not be reached."""
    first = settled.case.row.notified_at == desk.now  # everything there is was made just now
    known = settled.posts if first else outbox.of_episode(desk.session, settled.case.row.id)
    posts = [p for p in known if p.kind != "card" and p.state != "superseded"]
    answered = {a.actor for a in settled.case.episode.acks} | {d.actor for d in settled.case.episode.done if d.actor != actor.id}
    people = dict.fromkeys(person for post in posts for person in _people(post))
    sent = [f"{_name(desk, p)} (answered)" if p in answered else _name(desk, p) for p in people]
    lost = dict.fromkeys(_name(desk, p) for post in posts if post.state == "undeliverable" for p in _people(post))
    empty = dict.fromkeys(words.label(role) for planned in settled.sent for role in planned.target.empty)
    waiting = [_name(desk, p) for p in people if p not in answered and p != actor.id]
    lines = [f"Sent to: {', '.join(sent)}." if sent else "Nobody could be sent this: ring the manager on call."]
    lines.append(
        f"Nobody has answered yet; if nobody does, ring {_next_up(desk, settled)}."
        if waiting and not answered
        else "Somebody has answered."
    )
    lines.append(f"Could not be reached: {', '.join(lost)}. Ring them." if lost else "Nobody is known to be out of reach.")
    return [*lines, f"Nobody holds: {', '.join(empty)}."] if empty else lines


def _next_up(desk: Desk, settled: Settled) -> str:
    """The manager to ring, by name where somebody holds the role now."""
    pack = settled.case.pack
    target = settled.book.target(pack.managers.get("social_worker") or pack.coordinator)
    return f"{target.people[0].name}, {words.label(target.role)}" if target.people else "the manager on call"


def _people(post: outbox.Post) -> list[str]:
    return [post.person] if post.person else list(post.body.get("mentions") or ())


def _name(desk: Desk, person: str) -> str:
    known = desk.directory.person(person)
    return known.name if known else person
