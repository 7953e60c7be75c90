"""Canaries in the training room: every page of it, as each persona sees it, drawn as for a browser but without one."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nicegui import Client
from nicegui.page import page as ui_page

from bot.sandbox.files import open_files
from bot.sandbox.hall import Hall
from bot.sandbox.page import Page
from bot.sandbox.screen import DIRECT, places
from bot.sandbox.tab import SHEETS, tab
from bot.sandbox.town import AUTHORITY
from bot.sandbox.training import Training
from handlers.directory import Person
from handlers.errors import HandlerError
from handlers.incoming import Submitted
from handlers.outgoing import Answer, Form
from handlers.training.saving import saved
from tests.attack.canaries import BORN, CANARIES, leaks

PERSONAS = ("team_manager", "police")  # between them they see every room
NIGHT = datetime(2026, 2, 6, 22, 15, tzinfo=UTC)
SAVED = BORN  # of an invented child: played again, the story reckons ages from it
TOLD = {
    name: CANARIES[name]
    for name in ("surname", "initials", "case_reference", "police_reference", "narrative", "on_behalf", "date_of_birth")
}


@pytest.fixture
def training(tmp_path: Path) -> Iterator[Training]:
    found = Training(open_files(tmp_path / "room.sqlite", NIGHT))
    yield found
    found.engine.dispose()


def fill(training: Training, typed: str, by: str, values: dict[str, str]) -> str:
    """Type a word, fill its form with whatever of the values it asks for, and send it; gives the episode."""
    form = training.hear(typed, by)
    while isinstance(form, Form):
        filled = {field.id: values.get(field.id, field.value) for field in form.fields}
        form = training.submit(Submitted(form.id, filled, by, dict(form.context), AUTHORITY))
    assert isinstance(form, Answer), form
    return form.reference or ""


def played(training: Training) -> tuple[str, str]:
    """Words in every field that takes them: reported, noted, a meeting, found, corrected, reopened; and another child, restricted."""
    reference = fill(training, "report", "edt", {"missing_since": "21:30", "care_status": "looked_after", "risk_level": "high", **TOLD})
    fill(training, f"note {reference}", "social_worker", {"text": CANARIES["note"]})
    fill(training, f"meeting {reference} strategy", "social_worker", {"starts": "8 Feb 10:00", "place": CANARIES["place"]})
    training.move_to(training.moment + timedelta(hours=23))
    fill(training, f"found {reference}", "edt", {"found_at": "7 Feb 21:00", "note": CANARIES["note"], "seen_by": CANARIES["seen_by"]})
    fill(training, f"correct {reference}", "social_worker", {"missing_since": "6 Feb 21:00", "reason": CANARIES["reason"]})
    fill(training, f"reopen {reference}", "social_worker", {"reason": CANARIES["reason"]})
    other = {"missing_since": "7 Feb 21:00", "relatives": CANARIES["relatives"], "narrative": CANARIES["narrative"]}
    hidden = fill(training, "report", "edt", other)
    fill(training, f"restrict {hidden}", "team_manager", {"reason": CANARIES["reason"]})
    training.move_to(training.moment + timedelta(hours=5))
    return reference, hidden


async def page_of(hall: Hall, who: Person, place: str, reference: str) -> str:
    """Everything that a browser would be given of one page, with the thread of the episode open."""
    with Client(ui_page("")) as client:
        page = Page(hall, tab(who, place, episode=reference))
        await page.show()
        if place not in SHEETS:
            await page.view.open_episode(reference)
            await page.hear(f"status {reference}", "room")
        given = [json.dumps([dict(e.props), getattr(e, "text", "")], default=str) for e in client.elements.values()]
        client.delete()
    return "\n".join(given)


def files_of(training: Training, reference: str) -> str:
    with training.look() as session:
        found = saved(reference, AUTHORITY, training.desk(session))
    return found.name + found.text


def answer_to(training: Training, typed: str, by: str) -> str:
    try:
        return repr(training.hear(typed, by))
    except HandlerError as refused:
        return str(refused)


async def test_nobody_finds_a_canary_on_any_page_nor_a_restricted_child_and_partners_hear_none(training: Training) -> None:
    reference, hidden = played(training)
    hall, told = Hall(training), 0
    for who in [person for person in training.people if person.id in PERSONAS]:
        for place in (*places(who), *SHEETS):
            text = await page_of(hall, who, place, reference)
            told += reference in text
            assert leaks(text) == [], (who.id, place)
            assert place == DIRECT or hidden not in text, (who.id, place)
    hall.close()
    assert told > 6, "the pages tell of the child"
    for typed in ("list", "mine", f"status {reference}", f"status {hidden}", f"note {hidden}"):
        assert leaks(answer_to(training, typed, "police")) == [], typed
    assert leaks(files_of(training, reference), SAVED) == []
    with pytest.raises(HandlerError, match="There is no episode"):
        files_of(training, hidden)
