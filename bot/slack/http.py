"""POST /slack/events: bounded, signed, well-formed; everything else is turned away before anything reads it."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

PATH = "/slack/events"
LARGEST = 1 << 20  # bytes; Slack's largest payload is a view with its state, some 250 kB


def router(app: AsyncApp, signing_secret: str) -> APIRouter:
    """The route, for an application that takes requests over HTTP."""
    routes, verifier = APIRouter(), SignatureVerifier(signing_secret)

    @routes.post(PATH)
    async def events(request: Request) -> Response:
        arrived = time.monotonic()
        body = await _bounded(request)
        if body is None:
            return PlainTextResponse("That is too large.\n", 413)
        if not _signed(verifier, body, dict(request.headers)):
            return PlainTextResponse("The signature or its time does not fit.\n", 401)
        if not _well_formed(body, request.headers.get("content-type", "")):
            return PlainTextResponse("That cannot be read.\n", 400)
        try:
            asked = to_async_bolt_request(request, body, {"arrived": arrived})
        except (AttributeError, KeyError, TypeError, ValueError):  # signed, and of a shape that Slack never sends
            return PlainTextResponse("That cannot be read.\n", 400)
        return to_starlette_response(await app.async_dispatch(asked))

    return routes


async def _bounded(request: Request) -> bytes | None:
    """The body, None as soon as it is too large, whatever its length was said to be."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > LARGEST:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _signed(verifier: SignatureVerifier, body: bytes, headers: dict[str, str]) -> bool:
    """Whether it is from Slack and not old; the SDK trips over a time that is no number."""
    try:
        return bool(verifier.is_valid_request(body, headers))
    except ValueError:
        return False


def _well_formed(body: bytes, kind: str) -> bool:
    """Whether Bolt can read it without tripping: an object, either the body itself or the one in its field."""
    try:
        text = body.decode("utf-8")
        if kind.startswith("application/json"):
            return isinstance(json.loads(text), dict)
        payload = parse_qs(text, keep_blank_values=True).get("payload")
        return payload is None or isinstance(json.loads(payload[0]), dict)
    except (ValueError, RecursionError):
        return False
