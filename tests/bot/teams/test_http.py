"""The door: which tokens get in, which tenants, and what else is turned away before anything reads it."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.bot.teams.driver import OTHER_TENANT, ROOM, token
from tests.bot.teams.scene import Scene


def said(office: Scene, **more: Any) -> dict[str, Any]:
    """A command in a room."""
    return {**office.activity("message", "u1", ROOM, "1"), "text": "help", **more}


async def test_a_token_that_teams_signed_for_us_gets_in(office: Scene) -> None:
    assert (await office.deliver(said(office))).status_code == 200
    assert "What you can type" in office.told()


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("another app's", {"aud": "0b0b0b0b-0000-0000-0000-000000000000"}),
        ("another issuer's", {"iss": "https://login.example.org"}),
        ("an Entra issuer's", {"iss": "https://sts.windows.net/x/", "tid": "x"}),
        ("one about another service", {"serviceurl": "https://smba.example.org/uk"}),
        ("one about no service", {"serviceurl": None}),
        ("an expired one", {"expires": timedelta(days=1)}),
        ("one that never ends", {"exp": None}),
    ],
)
async def test_a_token_that_does_not_fit_is_turned_away(office: Scene, name: str, claims: dict[str, Any]) -> None:
    assert (await office.deliver(said(office), f"Bearer {token(office.address, **claims)}")).status_code == 401
    assert office.wire.of("post") == []


async def test_a_forged_signature_is_turned_away(office: Scene) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for authorization in (f"Bearer {token(office.address, key=key)}", "Bearer x.y.z", "Bearer ", "Basic YTpi", ""):
        assert (await office.deliver(said(office), authorization)).status_code == 401
    assert office.wire.of("post") == []


async def test_a_foreign_tenant_is_turned_away_wherever_it_stands(office: Scene) -> None:
    body = said(office)
    for changed in (
        {"conversation": {**body["conversation"], "tenantId": OTHER_TENANT}},
        {"channelData": {**body["channelData"], "tenant": {"id": OTHER_TENANT}}},
        {"from": {**body["from"], "tenantId": OTHER_TENANT}},
        {"conversation": {"id": "19:x", "conversationType": "channel"}, "channelData": {}},
    ):
        assert (await office.deliver({**body, **changed})).status_code == 403
    assert office.wire.of("post") == []


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"serviceUrl": None}, 400),
        ({"serviceUrl": 5}, 400),
        ({"serviceUrl": "http://smba.example.org/uk"}, 400),
        ({"serviceUrl": "file:///etc/passwd"}, 400),
        ({"serviceUrl": "https://["}, 400),
        ({"channelId": "webchat"}, 403),
        ({"from": None}, 400),
        ({"type": 5}, 400),
        ({"conversation": {"tenantId": "7e000000-0000-0000-0000-0000000000aa"}}, 400),
    ],
)
async def test_fields_that_are_missing_or_wrong_are_turned_away(office: Scene, changed: dict[str, Any], status: int) -> None:
    body = {name: value for name, value in said(office, **changed).items() if value is not None}
    assert (await office.deliver(body)).status_code == status
    assert office.wire.of("post") == []


async def test_what_is_too_large_or_no_json_is_turned_away(office: Scene) -> None:
    headers = {"authorization": f"Bearer {token(office.address)}"}
    for content, status in ((b"x" * (1 << 21), 413), (b"{", 400), (b"[]", 400), (b"[" * 100_000, 400), (b"\xff\xfe", 400)):
        assert (await office.http.post("/api/messages", content=content, headers=headers)).status_code == status


async def test_activities_nobody_listens_for_are_taken_and_forgotten(office: Scene) -> None:
    for kind in ("typing", "messageReaction", "event"):
        assert (await office.deliver(office.activity(kind, "u1", ROOM, "1"))).status_code in {200, 400}
    assert office.wire.of("post") == []
