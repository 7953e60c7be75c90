"""What is put to somebody who has to answer: the posts that ask, kept in step with the answers, and whom it goes up to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers import seeing
from handlers.addressing import Book
from handlers.desk import Actor, Desk
from handlers.directory import Person, in_the_room
from handlers.errors import Refused
from handlers.outgoing import Body, Row
from handlers.outgoing import body as stored_body
from policies.pack.house import House
from storage import asks, episodes, outbox
from storage.asks import Ask
from storage.ids import new_id
from storage.outbox import Post

GONE = "This button belongs to something that no longer exists. Type 'mine' to see what waits for you."


@dataclass(frozen=True)
class Put:
    """A post that asks one person: its rows name what is asked, and carry the buttons that answer."""

    headline: str
    rows: tuple[Row, ...]
    fallback: str
    kind: str = "notice"
    lines: tuple[str, ...] = ()
    urgent: bool = True


def queue(desk: Desk, authority: str, person: Person, put: Put) -> str:
    """Queue it where the person is reached: mentioned in the room when they are in it, else directly. Gives the post's id."""
    room = room_of(desk, authority, person)
    body = Body(None, put.headline, put.rows, put.lines, (person.id,), (), put.fallback, urgent=put.urgent)
    post = Post(
        id=new_id(),
        authority=authority,
        kind=put.kind,
        place="room" if room else "direct",
        room=room,
        person=None if room else person.id,
        body=body.stored(),
        queued_at=desk.now,
        send_after=desk.now,
        urgent=put.urgent,
    )
    outbox.queue(desk.session, post)
    return post.id


def room_of(desk: Desk, authority: str, person: Person) -> str | None:
    """The room in which somebody is mentioned, None for one who gets a direct message."""
    rooms = [in_the_room(role) for role in sorted(person.held(authority, desk.today))]
    here = [room for room in rooms if room and desk.authority(authority).has_room(room)]
    return "coordination" if "coordination" in here else next(iter(here), None)


def row(ask: Ask, says: str, state: str, buttons: tuple[str, ...], kind: str = "notice") -> Row:
    """The line of one thing asked."""
    return Row(
        rule=ask.kind,
        says=says,
        kind=kind,
        to=(ask.role,) if ask.role else (),
        state=state,
        obligation=ask.id,
        version=ask.version,
        buttons=buttons,
        over=not ask.open,
    )


def show(desk: Desk, post_id: str | None, ask: Ask, added: str, buttons: tuple[str, ...] = ()) -> None:
    """Say in the post that asked what has become of it."""
    post = outbox.by_id(desk.session, post_id) if post_id else None
    if post is None:
        return
    body = stored_body(post.body)
    rows = tuple(_shown(r, ask, added, buttons) if r.obligation == ask.id else r for r in body.rows)
    outbox.edit(desk.session, post.id, replace(body, rows=rows).stored())


def _shown(before: Row, ask: Ask, added: str, buttons: tuple[str, ...]) -> Row:
    state = "; ".join(part for part in (before.state, added) if part)
    return before._replace(state=state, buttons=buttons, version=ask.version, over=not ask.open)


def needed(desk: Desk, ask_id: str | None, kind: str, actor: Actor) -> Ask:
    """The thing asked, held until the transaction ends. Raises Refused when there is none that the actor may know of."""
    ask = asks.by_id(desk.session, ask_id, lock=True) if ask_id else None
    if ask is None or ask.kind != kind or ask.authority != actor.authority:
        raise Refused(GONE)
    row = episodes.by_id(desk.session, ask.episode_id or "")
    if row and not seeing.may_know(desk, row, actor):
        raise Refused(GONE)
    return ask


def changed(desk: Desk, ask: Ask) -> Ask:
    """Write it; gives it as it is now stored."""
    asks.update(desk.session, [ask])
    return replace(ask, version=ask.version + 1)


def reference_of(desk: Desk, ask: Ask) -> str:
    """The reference of the episode it is about."""
    found = episodes.by_id(desk.session, ask.episode_id or "")
    return found.reference if found else ""


def asked_about(desk: Desk, ask: Ask) -> list[str]:
    """References of those it asks about; one that was restricted since is named no more."""
    rows = ((one, episodes.by_reference(desk.session, one)) for one in ask.about["references"])
    return [one for one, row in rows if row and not row.restricted]


def name_of(desk: Desk, person_id: str | None) -> str:
    """Somebody's name."""
    person = desk.directory.person(person_id or "")
    return person.name if person else str(person_id)


def manager_over(desk: Desk, ask: Ask, role: str, *besides: str, steps: int = 1) -> Person | None:
    """Who is next up from a role, `steps` times, leaving out those named; the coordinator where the protocol names nobody."""
    episode = episodes.by_id(desk.session, ask.episode_id or "")
    if episode is None:
        return None
    pack = desk.pack(episode.pack_hash)
    book = Book(desk, episode, pack)
    up: list[str] = []
    while (following := pack.managers.get(up[-1] if up else pack.reached_through.get(role, role))) and following not in up:
        up.append(following)
    for candidate in (*up[steps - 1 :], pack.coordinator):
        person = next((p for p in book.target(candidate).people if p.id not in besides), None)
        if person:
            return person
    return None


def house_of(desk: Desk, ask: Ask) -> House:
    """The numbers of the protocol in force that are ours: how soon what is asked is chased."""
    episode = episodes.by_id(desk.session, ask.episode_id or "")
    return desk.pack(episode.pack_hash).house if episode else House()


def everywhere(desk: Desk, ask: Ask, added: str, buttons: tuple[str, ...] = ()) -> None:
    """Say what has become of it in every post that shows it: the one that asked, and those that reminded."""
    for post in dict.fromkeys((ask.post_id, *ask.about.get("posts", ()))):
        show(desk, post, ask, added, buttons)


def also_in(ask: Ask, post: str) -> Ask:
    """The same, remembered to stand in one more post."""
    return replace(ask, about={**ask.about, "posts": [*ask.about.get("posts", ()), post]})


def take_back(desk: Desk, episode_id: str) -> None:
    """An episode that is restricted or erased: no post says anything of it, and nothing waits for an answer any more."""
    for put in asks.of_episode(desk.session, episode_id):
        after = changed(desk, replace(put, state="withdrawn", next_at=None)) if put.open else put
        for post_id in filter(None, (after.post_id, *after.about.get("posts", ()))):
            post = outbox.by_id(desk.session, post_id)
            body = stored_body(post.body) if post else None
            if body:
                rows = tuple(row_of_nothing(r) if r.obligation == put.id else r for r in body.rows)
                outbox.edit(desk.session, post_id, replace(body, rows=rows).stored())


def row_of_nothing(before: Row) -> Row:
    """What a line becomes of which nothing may be shown here any more."""
    return Row(rule=before.rule, says="No longer shown here", kind=before.kind, to=(), obligation=before.obligation, over=True)
