"""Accounts of chat platforms and the people behind them: known from homeward.yml, or given access by somebody who knows them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from handlers import alarms, people
from handlers.desk import Desk
from handlers.directory import Person
from handlers.incoming import Pressed
from handlers.outgoing import Answer, Body, Row
from storage import settings

LINKED, WAITING = "account:", "waiting:"
KEPT = timedelta(days=1)  # a press of yesterday is nobody's wish any more


@dataclass(frozen=True)
class Stranger:
    """An account that acted and that nobody is known to have. `authority`: whose room or episode it was about."""

    platform: str
    team: str
    user: str
    authority: str | None = None

    @property
    def key(self) -> str:
        """How it is named in a form and in the database."""
        return f"{self.platform}:{self.team}:{self.user}"


@dataclass(frozen=True)
class Waiting:
    """A stranger, and the button they pressed, if they did."""

    stranger: Stranger
    at: datetime
    pressed: Pressed | None = None


def person_of(desk: Desk, platform: str, team: str, user: str) -> Person | None:
    """Who has an account: by homeward.yml, else by what was linked since."""
    for person in desk.office.directory.people:
        if any((a.platform, a.team, a.user) == (platform, team, user) for a in person.accounts):
            return person
    linked = settings.get(desk.session, f"{LINKED}{platform}:{team}:{user}")
    return desk.office.directory.person(linked) if linked else None


def turn_away(desk: Desk, stranger: Stranger, pressed: Pressed | None = None) -> Answer:
    """Say politely that nothing was done and who can help; keep the press, and ask the management room who this is."""
    if stranger.authority:
        kept = {"authority": stranger.authority, "at": desk.now.isoformat(), "pressed": asdict(pressed) if pressed else None}
        settings.put(desk.session, f"{WAITING}{stranger.key}", json.dumps(kept))
        _ask(desk, stranger, stranger.authority)
    then = "What you pressed is kept and done then." if pressed else "Then try again."
    who = "The coordinator was asked to give you access." if stranger.authority else "Ask the administrator to add you to homeward.yml."
    return Answer(
        (
            "You are not known here yet, so nothing was done.",
            f"Your account is {stranger.user} of {stranger.team}. {who} {then}",
            "If it cannot wait, phone. If a child is in danger now, ring 999.",
        )
    )


def waiting(desk: Desk, authority: str) -> list[Waiting]:
    """Strangers who acted in this authority's rooms since yesterday, the latest first."""
    found = [_read(key, text) for key, text in settings.named(desk.session, WAITING).items()]
    mine = [w for w in found if w.stranger.authority == authority and desk.now - w.at <= KEPT]
    return sorted(mine, key=lambda w: w.at, reverse=True)


def remember(desk: Desk, stranger: Stranger, person: Person) -> None:
    """From now on the account is this person's."""
    settings.put(desk.session, f"{LINKED}{stranger.key}", person.id)
    settings.drop(desk.session, f"{WAITING}{stranger.key}")


def has_account(desk: Desk, person: Person, platform: str, team: str) -> bool:
    """Whether the person is already reached under another account of that workspace."""
    linked = settings.named(desk.session, f"{LINKED}{platform}:{team}:")
    return person.id in linked.values() or any((a.platform, a.team) == (platform, team) for a in person.accounts)


def tell(desk: Desk, person: Person, authority: str, answer: Answer) -> None:
    """Send somebody the answer to what was done in their name."""
    body = Body(answer.reference, "Done for you, now that you have access", lines=answer.lines, fallback=f"Homeward: {answer.reference}")
    people.direct(desk, authority, person, body)


def _read(key: str, text: str) -> Waiting:
    platform, team, user = key.split(":", 2)
    kept = json.loads(text)
    pressed = Pressed(**kept["pressed"]) if kept["pressed"] else None
    return Waiting(Stranger(platform, team, user, kept["authority"]), datetime.fromisoformat(kept["at"]), pressed)


def _ask(desk: Desk, stranger: Stranger, authority: str) -> None:
    """Once a day for an account, whatever it presses."""
    says = f"Somebody who is not known here tried to act: account {stranger.user} of {stranger.team}. If you know them, give them access."
    row = Row(rule="access", says=says, kind="alarm", to=(), house=True)
    body = Body(reference=None, headline="Somebody asks for access", rows=(row,), buttons=("link",), fallback="Homeward needs attention")
    alarms.to_management(desk, authority, body, f"access:{stranger.key}:{authority}:{desk.today.isoformat()}")
