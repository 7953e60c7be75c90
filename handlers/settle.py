"""After anything happened, or when a moment has come: derive, reconcile, ping, edit what was posted, say when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers import alarms, card, compose, interviews, nudge
from handlers.addressing import Book, Target
from handlers.card import Cards
from handlers.case import Case
from handlers.delivery.alone import copies
from handlers.desk import Desk
from handlers.editing import edit, row_of
from handlers.gathering import booking, living
from handlers.gathering.summing import everywhere
from handlers.planning import catchup
from handlers.planning.bundling import bundles
from handlers.planning.catchup import Outage
from handlers.planning.pings import plan_pings
from handlers.planning.plans import Planned, Plans
from handlers.reconcile import Reconciled, reconcile, show_state
from policies.obligations import Derived
from storage import obligations, outbox, pings
from storage.ids import new_id
from storage.outbox import Post
from storage.pings import Ping


@dataclass(frozen=True)
class Settled:
    """An episode after settling."""

    case: Case
    derived: Derived
    stored: Reconciled
    sent: tuple[Planned, ...]
    posts: tuple[Post, ...]
    book: Book


def settle(desk: Desk, case: Case, *, why: str = "", touched: Sequence[str] = (), outage: Outage | None = None) -> Settled:
    """Bring the episode, and the child's others that may change with it, up to what happened.

    `why` is said where a due time moved; `touched` are ids of obligations whose posts must be shown anew. After an `outage`
    all that came due in it is said at once.
    """
    for row in case.rows:
        if row.id != case.row.id and _alive(desk, row.id, row.status):
            _one(desk, case.of(row, desk.pack(row.pack_hash)), why, (), outage)
    return _one(desk, case, why, touched, outage)


def _alive(desk: Desk, episode_id: str, status: str) -> bool:
    if status in {"open", "located", "returned"}:
        return True
    return any(row.status == "open" for row in obligations.of_episode(desk.session, episode_id))


def _one(desk: Desk, case: Case, why: str, touched: Sequence[str], outage: Outage | None) -> Settled:
    derived = case.derived(desk)
    stored = reconcile(desk, case, derived)
    if not case.episode.tracked:  # an episode from before the bot asks nothing of anybody
        return Settled(case, derived, stored, (), (), Book(desk, case.row, case.pack))
    interviews.keep(desk, case, derived)
    used = list(case.stored.pings) if case.stored else pings.of_episode(desk.session, case.row.id)
    book = Book(desk, case.row, case.pack, case.allocated)
    plans = plan_pings(desk, case, derived, stored, used, book)
    turned = case.row.found_at != case.episode.found_at
    case = replace(case, row=show_state(desk, case, derived, plans.next_at))
    cards = card.show(desk, case, derived, stored, everywhere(desk, case, derived), partners=_reaches_partners(plans))
    posts = (
        _catch_up(desk, case, derived, stored, plans, cards, outage)
        if outage and not case.row.restricted
        else _post(desk, case, derived, stored, plans, cards, used)
    )
    if case.episode.meetings:
        living.show(desk, case, derived, {(r.rule, r.nth): r for r in stored.rows}, cards.ids)
        booking.keep(desk, case, derived, book)
    changed = {c.after.id: c for c in stored.changes if c.before is not None}
    if changed or touched or turned:
        edit(desk, case, derived, stored, changed, {*changed, *touched}, used, why)
    return Settled(case, derived, stored, plans.send, posts, book)


def _reaches_partners(plans: Plans) -> bool:
    return any(p.target.room == "partners" for p in plans.send)


def _post(
    desk: Desk, case: Case, derived: Derived, stored: Reconciled, plans: Plans, cards: Cards, used: Sequence[Ping]
) -> tuple[Post, ...]:
    """One post an addressee for all pings of this moment (DESIGN section 5, bundled)."""
    made = [(_bundle(desk, case, derived, stored, bundle, cards), bundle) for bundle in bundles(desk, case, plans.send, used)]
    posts = (*cards.new, *(post for post, _ in made), *(copy for post, _ in made for copy in _for_the_others(post, desk.now)))
    outbox.lay(desk.session, posts)
    new = [pings.carried(planned.ping, post.id) for post, bundle in made for planned in bundle]
    pings.lay(desk.session, [*new, *plans.skipped])
    _say_who_is_missing(desk, case, plans)
    return posts


def _for_the_others(post: Post, now: datetime) -> list[Post]:
    """A direct message goes to one person: whoever else it mentions gets the same."""
    return copies(post, post.body.get("mentions", ()), now) if post.place == "direct" else []


def _catch_up(desk: Desk, case: Case, derived: Derived, stored: Reconciled, plans: Plans, cards: Cards, outage: Outage) -> tuple[Post, ...]:
    """One post for a child still missing, rows in the digests of everybody else (DESIGN section 5, catch-up)."""
    pings_of = catchup.sort(plans, case, derived, desk.now)
    made = [_bundle(desk, case, derived, stored, list(pings_of.together), cards, outage)] if pings_of.together else []
    posts = (*cards.new, *(replace(post, body=post.body | {"mentions": list(pings_of.mentions)}) for post in made))
    outbox.lay(desk.session, posts)
    rows = [(p, row_of(desk, case, derived, stored, p.ping, p.target.roles, p.reason, p)) for p in pings_of.apart]
    new = [pings.carried(p.ping, post.id) for post in made for p in pings_of.together]
    pings.lay(desk.session, [*new, *catchup.tell(desk, case, derived, outage, rows), *pings_of.skipped, *plans.skipped])
    _say_who_is_missing(desk, case, plans)
    return posts


def _say_who_is_missing(desk: Desk, case: Case, plans: Plans) -> None:
    """Roles that nobody holds; of a restricted episode not even that is said in a room."""
    empty = () if case.row.restricted else dict.fromkeys(role for planned in plans.send for role in planned.target.empty)
    for role in empty:
        alarms.nobody_in(desk, case, role)


def _bundle(
    desk: Desk, case: Case, derived: Derived, stored: Reconciled, bundle: list[Planned], cards: Cards, outage: Outage | None = None
) -> Post:
    place = bundle[0].target
    quiet = case.row.restricted
    roles = {p.target.person or p.target.role for p in bundle}
    first = sorted(bundle, key=lambda p: _action(stored, p) != "police_notification")  # whether police know stands first
    rows = [row_of(desk, case, derived, stored, p.ping, p.target.roles, p.reason, p) for p in first]
    body = compose.body(
        case.row.reference,
        rows,
        _mentions(bundle, place),
        _lines(case, derived, bundle, desk, outage),
        broadcast=_top(bundle, case),
        back=case.episode.returned_at is not None,
    )
    if quiet:
        urgent = any(p.ping.kind in {"due", "escalation"} for p in bundle)
        body = replace(nudge.body(case.row.reference, urgent=urgent), mentions=body.mentions)
    return Post(
        id=new_id(),
        authority=case.row.authority,
        kind=bundle[0].ping.kind,
        place=place.place,
        room=place.room,
        platform=place.platform,
        addressee=place.role or None if len(roles) == 1 else None,
        person=place.person if len(roles) == 1 else None,
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        episode_id=case.row.id,
        urgent=body.urgent,
        parent_id=cards.ids.get((place.room, place.platform)) if place.place == "thread" else None,
    )


def _action(stored: Reconciled, planned: Planned) -> str | None:
    row = stored.row((planned.ping.rule, planned.ping.nth))
    return row.action if row else None


def _mentions(bundle: list[Planned], place: Target) -> list[str]:
    """The one on call first; everybody who holds the role when it comes a second time."""
    if not place.people:
        return []
    heard = [p.target.people if p.again else p.target.people[:1] for p in bundle]
    return list(dict.fromkeys(person.id for people in heard for person in people))


def _top(bundle: list[Planned], case: Case) -> bool:
    """The top rung of a child still missing is shown in the channel as well."""
    return case.episode.found_at is None and any(p.ping.rung == "escalate-again" for p in bundle)


def _lines(case: Case, derived: Derived, bundle: list[Planned], desk: Desk, outage: Outage | None) -> list[str]:
    """The coordinator's mark carries where everything stands; the first post after an outage says why it is late."""
    late = [f"{outage.said()}."] if outage else []
    if any(p.telling and p.telling.rule.id.startswith("coordinator-") for p in bundle):
        return [*late, *card.standing_lines(desk, case, derived)]
    return late
