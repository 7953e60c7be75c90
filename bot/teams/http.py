"""POST /api/messages: bounded, signed, of a tenant we serve; everything else is turned away before anything reads it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from microsoft_teams.api.models.invoke_response import InvokeResponse
from microsoft_teams.apps import App
from microsoft_teams.apps.events import ActivityEvent, CoreActivity
from pydantic import BaseModel, ValidationError

from bot.teams.guard import Guard, Unwelcome

log = logging.getLogger(__name__)
PATH = "/api/messages"
LARGEST = 1 << 20  # bytes; Teams' largest activity is a dialog sent in, some 250 kB


def router(app: App, guard: Guard) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.post(PATH)
    async def messages(request: Request) -> Response:
        try:
            body = await _read(request)
            token = await guard.check(body, request.headers.get("authorization", ""))
        except Unwelcome as turned_away:
            return PlainTextResponse(f"{turned_away}\n", turned_away.status)
        take = app.server.on_request
        if take is None:
            return PlainTextResponse("not ready\n", 503)
        try:
            return _response(await take(ActivityEvent(body=CoreActivity.model_validate(body), token=token)))
        except ValidationError:
            return PlainTextResponse("That is no activity.\n", 400)
        except Exception as error:  # noqa: BLE001 - what it was about stays out of the log
            log.error("teams request failed: %s", type(error).__name__)
            return PlainTextResponse("", 500)

    return routes


async def _read(request: Request) -> Mapping[str, Any]:
    """The body, given up as soon as it is too large, whatever its length was said to be."""
    said = request.headers.get("content-length", "")
    body = bytearray()
    if not (said.isdecimal() and int(said) > LARGEST):
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                break
        else:
            return _object(bytes(body))
    raise Unwelcome(413, "That is too large.")


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
        if b"\\u" in body:  # half a sign, as of a text that was cut, can be written nowhere
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise Unwelcome(400, "That cannot be read.") from None
    if not isinstance(found, dict):
        raise Unwelcome(400, "That cannot be read.")
    return found


def _response(of: InvokeResponse[Any] | None) -> Response:
    """What the SDK answers, as JSON that leaves out what is not there."""
    status, body = (of.status or 200, of.body) if of else (200, None)
    if body is None:
        return Response(status_code=status)
    content = body.model_dump(mode="json", by_alias=True, exclude_none=True) if isinstance(body, BaseModel) else body
    return JSONResponse(content, status)
