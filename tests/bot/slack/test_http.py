"""Requests that are not what they seem."""

import json
import logging
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from slack_sdk.signature import Clock, SignatureVerifier

from tests.bot.slack.driver import SECRET
from tests.bot.slack.scene import Scene

TYPED = urlencode(
    {"command": "/missing", "text": "note HW-0000 Kim Example", "user_id": "U1", "team_id": "T1", "channel_id": "C1"}
).encode()


def journal(office: Scene) -> int:
    with office.look() as session:
        return int(session.scalar(sa.text("select count(*) from journal")))


async def test_an_unsigned_request_is_turned_away(office: Scene) -> None:
    assert (await office.http.post("/slack/events", content=TYPED)).status_code == 401
    forged = await office.post(TYPED, headers={"x-slack-signature": "v0=" + "0" * 64})
    assert forged.status_code == 401


async def test_a_stale_request_is_turned_away(office: Scene) -> None:
    assert (await office.post(TYPED, at=Clock().now() - 301)).status_code == 401
    assert (await office.post(TYPED, at=Clock().now() + 301)).status_code == 401


async def test_a_time_that_is_no_number_is_turned_away(office: Scene) -> None:
    headers = {"x-slack-request-timestamp": "yesterday", "x-slack-signature": "v0=" + "0" * 64}
    assert (await office.http.post("/slack/events", content=TYPED, headers=headers)).status_code == 401


async def test_a_truncated_request_is_turned_away(office: Scene) -> None:
    sent = {"x-slack-request-timestamp": str(int(Clock().now()))}
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=sent["x-slack-request-timestamp"], body=TYPED) or ""
    answer = await office.http.post("/slack/events", content=TYPED[:-10], headers={**sent, "x-slack-signature": signature})
    assert answer.status_code == 401


async def test_five_megabytes_are_turned_away_however_they_come(office: Scene) -> None:
    assert (await office.post(b"text=" + b"x" * 5_000_000)).status_code == 413

    async def drops() -> object:
        for _ in range(50):
            yield b"x" * 100_000

    assert (await office.http.post("/slack/events", content=drops())).status_code == 413  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [b"payload=%7Bnot-json", b"payload=[1,2]", b"payload="])
async def test_what_is_signed_and_cannot_be_read_is_a_bad_request(office: Scene, body: bytes) -> None:
    assert (await office.post(body)).status_code == 400
    assert (await office.post(b"[" * 100_000, kind="application/json")).status_code == 400


async def test_what_nobody_listens_for_is_not_found(office: Scene) -> None:
    assert (await office.event({"type": "reaction_added", "user": "U1"})).status_code == 404
    assert (await office.post(b"")).status_code in {400, 404}


async def test_slack_is_answered_when_it_asks_whether_the_address_is_ours(office: Scene) -> None:
    asked = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    answer = await office.post(asked, kind="application/json")
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc"})


async def test_a_request_replayed_within_its_five_minutes_writes_once(office: Scene) -> None:
    reference = await office.report()
    fields = {
        "command": "/missing",
        "text": f"note {reference} seen",
        "user_id": "U1",
        "team_id": "T1",
        "channel_id": "C1",
        "trigger_id": "t.1",
    }
    body = urlencode(fields).encode()
    first = await office.post(body)
    before = journal(office)
    again = await office.post(body)
    assert first.json() == again.json()
    assert journal(office) == before


async def test_no_payload_reaches_a_log(office: Scene, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        await office.post(TYPED)
        await office.command("found HW-0000 Kim Example")
        await office.event({"type": "message", "text": "Kim Example"})
        await office.report(surname="Kim Example", missing_since="2026-02-01T21:00")
        office.wire.refuse["views.open"] = "fatal_error"
        await office.command("report Kim Example")
    assert "Kim" not in caplog.text
