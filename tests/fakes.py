"""A desk whose clock the test holds, the people of a town, and a platform that remembers what it took."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from handlers.case import Case, look
from handlers.clock import run_all, step_to
from handlers.desk import Desk, Desks, Office
from handlers.directory import Account, Authority, Directory, Holding, Person, Room
from handlers.frontdesk import hearing, pressing, submitting
from handlers.incoming import Pressed, Said, Submitted
from handlers.outgoing import Answer, Body, Form, Problems, Reply, Row, Sent, row_text
from handlers.ports import Parcel
from handlers.rota import Shift
from policies import words
from policies.obligations import Obligation
from policies.worktime import said
from storage import episodes, journal
from storage.db import transaction
from storage.episodes import EpisodeRow
from storage.journal import Entry
from storage.sealing import Vault
from tests.moments import london

AUTHORITY = "westbrook"
PLATFORM = "recorded"
KEYS = Vault([b"k" * 32])


@dataclass
class Recorder:
    """A platform that takes posts in order. `trouble`: errors to raise first, one a call."""

    now: datetime
    sent: list[tuple[datetime, Parcel]] = field(default_factory=list)
    shown: dict[str, Body] = field(default_factory=dict)
    trouble: list[Exception] = field(default_factory=list)
    arrived: set[str] = field(default_factory=set)

    def send(self, parcel: Parcel) -> Sent:
        self._maybe_fail()
        self.sent.append((self.now, parcel))
        self.shown[parcel.post.id] = parcel.body
        return Sent(parcel.post.id, self.now, "C1")

    def update(self, parcel: Parcel) -> Sent:
        self._maybe_fail()
        self.shown[parcel.post.id] = parcel.body
        return Sent(parcel.post.reference or "", self.now, "C1")

    def look_up(self, parcel: Parcel) -> Sent | None:
        return Sent(parcel.post.id, self.now, "C1") if parcel.post.id in self.arrived else None

    def _maybe_fail(self) -> None:
        if self.trouble:
            raise self.trouble.pop(0)


def town(
    pack: str,
    *,
    holders: Mapping[str, int] | None = None,
    empty: Iterable[str] = (),
    also: Iterable[Person] = (),
    rota: Iterable[Shift] = (),
    rooms: Iterable[str] = ("coordination", "partners", "management"),
) -> Directory:
    """One person for every role, called as the role; `holders` gives a role several (`team_manager`, `team_manager.2`)."""
    counts = dict.fromkeys(words.roles(), 1) | dict(holders or {}) | dict.fromkeys(empty, 0)
    people = [person(role if n == 1 else f"{role}.{n}", role) for role in sorted(counts) for n in range(1, counts[role] + 1)]
    authority = Authority(AUTHORITY, "Westbrook", pack, tuple(Room(PLATFORM, purpose, purpose) for purpose in rooms))
    return Directory((authority,), (*people, *also), tuple(rota))


def person(id: str, *roles: str, authority: str = AUTHORITY) -> Person:
    """Somebody invented who holds these roles."""
    agency = words.agency_of(roles[0]) if roles and roles[0] in words.roles() else "childrens_social_care"
    return Person(id, f"{words.label(id).capitalize()}", agency, tuple(Holding(r, authority) for r in roles), (Account(PLATFORM, id),))


@dataclass(frozen=True)
class Seen:
    """One row of one post, as somebody saw it come."""

    at: datetime
    kind: str
    action: str | None
    to: tuple[str, ...]
    people: tuple[str, ...]
    where: str
    text: str
    post: str

    def __str__(self) -> str:
        return (
            f"{said(self.at)} {self.kind} {self.action or ''} → {', '.join(self.to) or self.where} [{', '.join(self.people)}]: {self.text}"
        )


class Duty:
    """One authority at work. Whatever is done, all cycles run afterwards; `expect` speaks of what came since."""

    def __init__(self, engine: Engine, directory: Directory, now: datetime, texts: Mapping[str, str]) -> None:
        self.engine, self.now = engine, now
        self.office = Office(directory, KEYS, extra=dict(texts))
        self.platform = Recorder(now)
        self.platforms: dict[str, Recorder] = {PLATFORM: self.platform}
        self.reference = ""
        self._heard = 0

    # ---- acting

    def report(self, by: str = "edt", **values: str) -> Answer:
        """Report a child missing through the form; everything left out keeps the form's own value."""
        answer = self.answer(self.submit(self.form(self.hear("report", by)), by, **values))
        self.reference = answer.reference or self.reference
        return answer

    def hear(self, text: str, by: str = "social_worker", *, in_thread: bool = False) -> Reply:
        """A typed command."""
        return self._act(lambda desk: hearing.hear(Said(text, by, None, self.reference if in_thread else None), desk))

    def type(self, verb: str, by: str = "social_worker", **values: str) -> Reply:
        """Type a verb about the episode, fill its form and send it; a verb that needs no form is done with typing it."""
        reply = self.hear(f"{verb} {self.reference}", by)
        return self.submit(reply, by, **values) if isinstance(reply, Form) else reply

    def press(self, verb: str, action: str, by: str, *, kind: str | None = None, **values: str) -> Reply:
        """Press a button of the newest post that shows one for the action; a form that opens is filled and sent."""
        return self.press_row(verb, self.row(action, verb, kind=kind), by, **values)

    def press_row(self, verb: str, row: Row, by: str, **values: str) -> Reply:
        """Press a button of a row seen before."""
        reply = self.hear_press(verb, row, by)
        return self.submit(reply, by, **values) if isinstance(reply, Form) else reply

    def hear_press(self, verb: str, row: Row, by: str) -> Reply:
        """The same, without filling the form that opens."""
        pressed = Pressed(verb, by, row.obligation, row.version, self.reference, to=row.to[-1] if row.to else None)
        return self._act(lambda desk: pressing.press(pressed, desk))

    def submit(self, form: Reply, by: str, /, **values: str) -> Reply:
        """Send a form in, with what it was filled with and `values` over it."""
        opened = self.form(form)
        unknown = set(values) - {f.id for f in opened.fields}
        assert not unknown, f"the form {opened.id} has no {unknown}"
        typed = {f.id: f.value for f in opened.fields} | values
        return self.resend(Submitted(opened.id, typed, by, dict(opened.context)))

    def resend(self, submitted: Submitted) -> Reply:
        """The same submission, once more."""
        return self._act(lambda desk: submitting.submit(submitted, desk))

    def forward(self, **by: float) -> None:
        """Let time pass (`hours=4`), stopping at every change on the way."""
        self.until(self.now + timedelta(**by))

    def until(self, moment: datetime | str) -> None:
        """Let time pass to a moment (`2026-02-03 08:30`, London)."""
        end = london(moment) if isinstance(moment, str) else moment
        self._heard = len(self.platform.sent)
        step_to(self.desks_at, self.platforms, self.now, end)
        self.now = end

    def _act(self, act: Callable[[Desk], Reply]) -> Reply:
        self._heard = len(self.platform.sent)
        with self.desk() as desk:
            reply = act(desk)
        run_all(self.desks_at(self.now), self.platforms)
        return reply

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk in a fresh transaction at the present moment."""
        with self.desks_at(self.now)() as desk:
            yield desk

    def desks_at(self, now: datetime) -> Desks:
        """Desks at a moment."""
        for platform in self.platforms.values():
            platform.now = now

        @contextmanager
        def opened() -> Iterator[Desk]:
            with transaction(self.engine) as session:
                yield Desk(session, now, self.office)

        return opened

    # ---- looking

    def answer(self, reply: Reply) -> Answer:
        """The reply, which must be an answer."""
        assert isinstance(reply, Answer), reply
        return reply

    def form(self, reply: Reply) -> Form:
        """The reply, which must be a form."""
        assert isinstance(reply, Form), reply
        return reply

    def problem(self, reply: Reply) -> dict[str, str]:
        """The reply, which must be the form again with sentences at its fields."""
        assert isinstance(reply, Problems), reply
        return dict(reply.errors)

    def came(self, **like: str) -> list[Seen]:
        """What came since the last thing done: rows of new posts whose kind, action, to, where, text or at fit."""
        return [seen for seen in self.seen(self._heard) if _fits(seen, like)]

    def ever(self, **like: str) -> list[Seen]:
        """The same, since the beginning."""
        return [seen for seen in self.seen(0) if _fits(seen, like)]

    def seen(self, since: int) -> list[Seen]:
        """Every row of every new post since the `since`-th."""
        return [
            Seen(at, row.kind, row.action, row.to, tuple(p.id for p in parcel.people), parcel.post.place, row_text(row), parcel.post.id)
            for at, parcel in self.platform.sent[since:]
            for row in parcel.body.rows or (Row("", parcel.body.headline, parcel.post.kind, ()),)
        ]

    def expect(self, **like: str) -> Seen:
        """Exactly one such row came since the last thing done."""
        found = self.came(**like)
        assert len(found) == 1, f"{len(found)} came like {like}; since the last thing done came\n{self._told()}"
        return found[0]

    def expect_silence(self, **like: str) -> None:
        """No such row came since the last thing done; cards and digests are not counted unless asked for."""
        found = [s for s in self.came(**like) if "kind" in like or s.kind not in {"card", "digest"}]
        assert not found, f"came all the same:\n{chr(10).join(map(str, found))}"

    def _told(self) -> str:
        return "\n".join(map(str, self.seen(self._heard))) or "nothing"

    def row(self, action: str, button: str | None = None, *, kind: str | None = None) -> Row:
        """The row about an action in the newest post that has one, as it stands now (with that button)."""
        for _, parcel in reversed(self.platform.sent):
            for row in self.platform.shown[parcel.post.id].rows:
                if (
                    row.action == action
                    and parcel.post.kind != "card"
                    and kind in {None, row.kind}
                    and (not button or button in row.buttons)
                ):
                    return row
        raise AssertionError(f"no post shows {action}" + (f" with the button {button}" if button else ""))

    def now_shown(self, post: str) -> Body:
        """What a post says now, after every edit."""
        return self.platform.shown[post]

    @property
    def card(self) -> Body:
        """The card of the episode in the coordination room, as it stands now."""
        cards = [
            p.post.id for _, p in self.platform.sent if p.post.key and p.post.key.startswith("card:") and p.post.room == "coordination"
        ]
        return next(b for c in reversed(cards) if (b := self.platform.shown[c]).reference == self.reference)

    def owed(self, action: str) -> Obligation:
        """The one obligation of an action in the episode."""
        found = [o for o in self.obligations() if o.duty.action == action]
        assert len(found) == 1, found
        return found[0]

    def obligations(self) -> tuple[Obligation, ...]:
        """Everything the protocol asks in the episode."""
        with self.desk() as desk:
            return look(desk, self._row(desk)).derived(desk).obligations

    def case(self) -> Case:
        """The episode's case as it stands."""
        with self.desk() as desk:
            return look(desk, self._row(desk))

    @property
    def episode(self) -> EpisodeRow:
        """The stored row."""
        with self.desk() as desk:
            return self._row(desk)

    def told(self) -> list[Entry]:
        """The journal of the episode."""
        with self.desk() as desk:
            return journal.of_episode(desk.session, KEYS, self._row(desk).id)

    def _row(self, desk: Desk) -> EpisodeRow:
        row = episodes.by_reference(desk.session, self.reference)
        assert row is not None, self.reference
        return row


def _fits(seen: Seen, like: Mapping[str, str]) -> bool:
    for name, value in like.items():
        match name:
            case "at":
                fits = seen.at == london(value)
            case "to" | "people":
                fits = value in getattr(seen, name)
            case "text":
                fits = value in seen.text
            case _:
                fits = getattr(seen, name) == value
        if not fits:
            return False
    return True
