"""The door: which tokens get in, which tenants, and what else is turned away before anything reads it."""

import base64
import hmac
import json
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from storage.tables import JOURNAL
from tests.bot.teams.driver import OTHER_TENANT, ROOM, TENANT, moment, token
from tests.bot.teams.scene import Scene
from tests.bot.teams.wire import KEY, UNENDORSED, signing_key


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


@pytest.mark.parametrize("kid", UNENDORSED)
async def test_a_key_of_microsoft_that_may_not_speak_for_teams_is_turned_away(office: Scene, kid: str) -> None:
    assert (await office.deliver(said(office), f"Bearer {token(office.address, kid=kid)}")).status_code == 403
    assert office.wire.of("post") == []


async def test_keys_are_fetched_once_and_still_count_while_they_cannot_be_fetched(office: Scene) -> None:
    assert (await office.deliver(said(office))).status_code == 200
    office.wire.refuse["keys"] = 503
    for _ in range(3):
        assert (await office.deliver(said(office), f"Bearer {token(office.address, kid='nobody-knows')}")).status_code == 401
    assert (await office.deliver(said(office))).status_code == 200
    assert len(office.wire.of("keys")) == 1


async def test_a_forged_signature_is_turned_away(office: Scene) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for authorization in (f"Bearer {token(office.address, key=key)}", "Bearer x.y.z", "Bearer ", "Basic YTpi", ""):
        assert (await office.deliver(said(office), authorization)).status_code == 401
    assert office.wire.of("post") == []


async def test_a_token_without_a_signature_or_signed_with_our_own_public_key_is_turned_away(office: Scene) -> None:
    public = signing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _, claims, _ = token(office.address).split(".")
    unsigned = f"{part({'alg': 'none', 'typ': 'JWT', 'kid': KEY})}.{claims}."
    head = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': KEY})}.{claims}"
    confused = f"{head}.{part(hmac.digest(public, head.encode(), 'sha256'))}"
    early = token(office.address, nbf=moment() + timedelta(hours=2))
    for forged in (unsigned, confused, early):
        assert (await office.deliver(said(office), f"Bearer {forged}")).status_code == 401
    assert office.wire.of("post") == []


def part(of: Any) -> str:
    """A part of a token, as it stands there."""
    return base64.urlsafe_b64encode(of if isinstance(of, bytes) else json.dumps(of).encode()).rstrip(b"=").decode()


async def test_half_a_sign_of_a_text_that_was_cut_is_no_failure(office: Scene) -> None:
    for text in ("far\ud83d", "report \ud83d", "list \ud83d\ude00"):
        body = json.dumps({**office.activity("message", "u1", "a:u1"), "text": text})
        answer = await office.http.post("/api/messages", content=body, headers={"authorization": f"Bearer {token(office.address)}"})
        assert answer.status_code == 200
    await office.settled()
    assert "'far?' is not a word here" in office.told()


INVOKES = [
    "signin/verifyState",
    "composeExtension/query",
    "fileConsent/invoke",
    "task/fetch",
    "task/submit",
    "adaptiveCard/action",
    "x",
    None,
]
VALUES: list[Any] = [
    None,
    {},
    [],
    "x",
    {"data": None},
    {"data": []},
    {"action": None},
    {"action": {"type": "Action.Execute", "data": []}},
    {"data": {"say": 5}},
]


async def test_calls_nobody_answers_and_calls_without_sense_are_answered_and_write_nothing(office: Scene) -> None:
    for name, value in product(INVOKES, VALUES):
        answer = await office.deliver(office.activity("invoke", "u1", ROOM, name=name, value=value))
        assert answer.status_code < 500 or answer.status_code == 501, (name, value)
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(JOURNAL)) == 0


async def test_somebody_without_an_account_of_the_tenant_is_a_stranger_whatever_they_are_called(office: Scene) -> None:
    for sender in ({"id": "29:guest", "name": "<b>Dana Okoye</b> edt.one"}, {"id": "u1", "name": "Dana Okoye"}):
        body = {**said(office), "from": sender}
        assert (await office.deliver({**body, "text": "list", "timestamp": "2026-02-01T22:16:00Z"})).status_code == 200
        assert "You are not known here yet" in office.told(f"29:{sender['id'].removeprefix('29:')}")
    await office.forward(seconds=30)
    assert "Okoye" not in str([call.sent for call in office.wire.of("post")])


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
        ({"from": {"id": "29:u1", "aad_object_id": "u3"}}, 400),  # the SDK reads these names as well
        ({"conversation": {"id": ROOM, "tenantId": TENANT, "tenant_id": OTHER_TENANT}}, 400),
        ({"channel_data": {"tenant": {"id": OTHER_TENANT}}}, 400),
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
