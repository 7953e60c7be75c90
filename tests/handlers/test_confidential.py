"""A child's name, birth date and every free text stay sealed: not in a post, a log, an error, nor a column in clear."""

import logging

import pytest
import sqlalchemy as sa

from handlers.errors import HandlerError, Undeliverable
from handlers.outgoing import plain
from tests.fakes import Duty
from tests.handlers.conftest import Opens

# Each is typed into another field, so that a leak says where it came from.
SECRETS = {
    "surname": "Zebedee-Quill",
    "initials": "ZQX",
    "case_reference": "CASEREF-9917",
    "police_reference": "POLREF-4402",
    "narrative": "leftbythewindow",
    "on_behalf": "nightcarermarigold",
    "note": "seenatthestation",
    "reason": "wronglywrittendown",
    "seen_by": "officerplum",
    "to": "deputytamarisk",
    "outcome": "agreedtosearchthepark",
}
BIRTH = ("4 Mar 2012", "2012-03-04", "2012, 3, 4", "4 March 2012")


def say(what: str) -> str:
    return SECRETS[what]


@pytest.fixture
def told(opens: Opens, caplog: pytest.LogCaptureFixture) -> Duty:
    """An episode from report to closing, with a secret in every field that takes words."""
    caplog.set_level(logging.DEBUG)
    duty = opens(pack="triborough@2017-12-01")
    duty.platform.trouble.append(Undeliverable("the channel is gone"))
    duty.report(
        missing_since="08:00",
        date_of_birth=BIRTH[0],
        police_told="yes",
        **{n: say(n) for n in ("surname", "initials", "case_reference", "police_reference", "narrative", "on_behalf")},
    )
    again = duty.form(
        duty.submit(duty.form(duty.hear("report", "edt")), "edt", case_reference=say("case_reference"), narrative=say("narrative"))
    )
    duty.submit(again, "edt", same="same")
    duty.hear(f"note {duty.reference} {say('note')}")
    duty.press("acknowledge", "missing_record", "social_worker")
    duty.press("complete", "missing_record", "social_worker", note=say("note"), on_behalf=say("on_behalf"))
    duty.type("undo", what="missing_record", reason=say("reason"))
    duty.type("waive", by="team_manager", action="risk_assessment", reason=say("reason"))
    duty.type("extend", by="team_manager", action="strategy_discussion", until="6 Feb 12:00", reason=say("reason"))
    duty.type("correct", missing_since="07:00", reason=say("reason"))
    duty.until("2026-02-05 14:00")
    duty.press("decline", "strategy_discussion", "police", reason=say("reason"))
    duty.type("held", meeting="strategy_discussion", held="no", reason=say("reason"), note=say("outcome"))
    duty.type("found", seen_by=say("seen_by"), note=say("note"), wellbeing="yes", on_behalf=say("on_behalf"))
    duty.type("interview", step="declined", reason=say("reason"))
    duty.type("close", reason=say("reason"))
    duty.type("reopen", reason=say("reason"))
    duty.type("void", by="team_manager", reason=say("reason"))
    duty.forward(days=3)
    return duty


def leaks(text: str) -> list[str]:
    folded = text.lower()
    return [f"{name}: {word}" for name, word in SECRETS.items() if word.lower() in folded] + [b for b in BIRTH if b.lower() in folded]


def test_nothing_secret_stands_in_any_column(told: Duty) -> None:
    """Every value of every table, texts and bytes alike; what is sealed does not read."""
    found = {}
    with told.engine.connect() as connection:
        for table in sa.inspect(told.engine).get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    if leaks(text):
                        found[f"{table}.{column}"] = leaks(text)
    assert found == {}


def test_nothing_secret_is_posted(told: Duty) -> None:
    for _, parcel in told.platform.sent:
        for body in (parcel.body, told.platform.shown[parcel.post.id]):
            assert leaks(plain(body) + body.fallback + repr(body)) == []


def test_a_fallback_names_a_reference_and_nothing_of_the_child(told: Duty) -> None:
    for _, parcel in told.platform.sent:
        for word in ("child", "missing", "looked after", "high", "medium", "risk", "interview"):
            assert word not in parcel.body.fallback.lower()


def test_the_card_says_no_more_than_missing_absent_or_away(opens: Opens) -> None:
    """A category may tell of a court order or of being looked after; it opens privately."""
    for category, says in (("missing", "missing"), ("absent", "absent"), ("away_from_placement_without_authorisation", "away")):
        duty = opens()
        duty.report(category=category)
        assert duty.card.headline.startswith(f"{duty.reference} · {says} since")
        assert "placement" not in duty.card.headline


def test_nothing_secret_is_logged(told: Duty, caplog: pytest.LogCaptureFixture) -> None:
    assert leaks("\n".join(record.getMessage() + str(record.exc_info) + str(record.exc_text) for record in caplog.records)) == []


def test_a_refusal_repeats_no_more_than_the_word_that_was_wrong(told: Duty) -> None:
    with pytest.raises(HandlerError) as raised:
        told.hear(f"have {told.reference} {say('narrative')}{say('surname')}{'x' * 100}")
    assert len(str(raised.value)) < 200


def test_all_of_it_is_there_for_those_who_open_the_episode(told: Duty) -> None:
    kept = repr([(entry.payload, entry.on_behalf) for entry in told.told()])
    assert {name for name, word in SECRETS.items() if word in kept} >= {
        "narrative",
        "note",
        "reason",
        "seen_by",
        "on_behalf",
        "police_reference",
    }


def test_what_goes_wrong_in_a_cycle_is_logged_without_the_text_of_the_error(opens: Opens, caplog: pytest.LogCaptureFixture) -> None:
    """An error's own text may quote what was read: its class is enough."""
    duty = opens(pack="triborough@2017-12-01")
    duty.report(missing_since="08:00", narrative=say("narrative"))
    with duty.engine.begin() as connection:
        connection.execute(sa.text("UPDATE episodes SET pack_hash = pack_hash"))
        connection.execute(sa.text("UPDATE packs SET text = :text"), {"text": f"format: {say('surname')}"})
    duty.office.shelf.clear()
    duty.forward(hours=5)
    assert leaks("\n".join(f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}" for record in caplog.records)) == []
    assert any("could not be" in record.getMessage() for record in caplog.records)
