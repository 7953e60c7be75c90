"""A story in which every step may be done twice: what was done before a process was killed is done again and changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from handlers import clock
from handlers.desk import Desk, Desks, Office
from handlers.frontdesk import hearing, pressing, submitting
from handlers.incoming import Pressed, Said, Submitted
from handlers.outgoing import Form
from handlers.ports import Platform
from storage import episodes, obligations
from storage.db import transaction
from storage.sealing import Vault
from tests import protocols
from tests.fakes import AUTHORITY, town
from tests.moments import london
from tests.protocols import duty as rule

PACK = "westbrook@2020-01-01"
START, END = london("2026-02-02 10:00"), london("2026-02-03 12:00")
RULES = (
    rule("brief", "written_briefing", due="PT4H"),
    rule("tell", "dcs_notification", due="PT24H", owner="team_manager", tell=["director_childrens_services"]),
    rule("meet", "strategy_meeting", due="P1D", attendees=["police", "health_representative"]),
    rule("interview", "return_interview", anchor="returned_at", due="PT72H"),
)


def office() -> Office:
    """The town of the story."""
    return Office(town(PACK), Vault([b"k" * 32]), extra={PACK: protocols.text(*RULES)})


@dataclass
class Story:
    """One process's part of it; the moment it has come to is the last line of a file."""

    engine: Engine
    platforms: Mapping[str, Platform]
    office: Office
    moment: Path

    def play(self) -> None:
        """From where it stands to its end."""
        moment = datetime.fromisoformat(self.moment.read_text().split()[-1]) if self.moment.exists() else START
        for at, act in STEPS:
            if at < moment:
                continue
            clock.step_to(self.desks_at, self.platforms, moment, at)
            moment = at
            with self.desks_at(at)() as desk:
                act(desk)
            clock.run_all(self.desks_at(at), self.platforms)
        clock.step_to(self.desks_at, self.platforms, moment, END)

    def desks_at(self, now: datetime) -> Desks:
        """The moment is kept before anything happens at it."""
        with self.moment.open("a") as moments:
            moments.write(f"{now.isoformat()}\n")

        @contextmanager
        def opened() -> Iterator[Desk]:
            with transaction(self.engine) as session:
                yield Desk(session, now, self.office)

        return opened


def submit(desk: Desk, form: object, nonce: str, by: str, **values: str) -> None:
    """Send a form in under a nonce of the story's own, so that a second time is a repetition."""
    assert isinstance(form, Form)
    typed = {f.id: f.value for f in form.fields} | values
    reply = submitting.submit(Submitted(form.id, typed, by, {**dict(form.context), "nonce": nonce}, AUTHORITY), desk)
    assert not isinstance(reply, Form), reply


def report(nonce: str, **values: str) -> Callable[[Desk], None]:
    """A child is reported."""
    return lambda desk: submit(desk, hearing.hear(Said("report", "edt", AUTHORITY), desk), nonce, "edt", **values)


def first(desk: Desk) -> str:
    """The reference of the first episode."""
    ids = episodes.still_open(desk.session, "", 1)
    row = episodes.by_id(desk.session, ids[0])
    assert row is not None
    return row.reference


def press(verb: str, action: str, by: str) -> Callable[[Desk], None]:
    """A button about the first episode."""

    def act(desk: Desk) -> None:
        episode = episodes.by_reference(desk.session, first(desk))
        assert episode is not None
        row = next(r for r in obligations.of_episode(desk.session, episode.id) if r.action == action)
        pressing.press(Pressed(verb, by, row.id, row.version, episode.reference), desk)

    return act


def typed(verb: str, nonce: str, by: str, **values: str) -> Callable[[Desk], None]:
    """A form about the first episode."""
    return lambda desk: submit(desk, hearing.hear(Said(f"{verb} {first(desk)}", by, AUTHORITY), desk), nonce, by, **values)


STEPS: tuple[tuple[datetime, Callable[[Desk], None]], ...] = (
    (START, report("first", missing_since="09:00")),
    (START + timedelta(hours=2), press("acknowledge", "written_briefing", "social_worker")),
    (START + timedelta(hours=5, minutes=5), typed("complete", "brief", "social_worker", action="written_briefing")),
    (START + timedelta(hours=25), typed("found", "found", "edt", found_at="10:30", wellbeing="yes")),
)
