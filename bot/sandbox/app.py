"""The web application of the training room: one page, its style, its gate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from nicegui import ui

from bot.sandbox import protocol as protocols
from bot.sandbox.gate import Gate
from bot.sandbox.hall import Hall
from bot.sandbox.page import Page
from bot.sandbox.tab import from_address
from bot.sandbox.town import AUTHORITY
from bot.sandbox.training import Training
from handlers.errors import HandlerError
from handlers.training.saving import saved

STATIC = Path(__file__).with_name("static")
HEAD = '<link rel="stylesheet" href="/assets/sandbox.css">'
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='6' fill='#173b57'/>"
    "<path d='M6 17 16 8l10 9M10 15v9h12v-9' fill='none' stroke='#ffc94d' stroke-width='3'/></svg>"
)


def build(training: Training, password: str | None, *, loopback: bool) -> FastAPI:
    """The application; it answers under `/`, and asks for the password when there is one."""
    hall = Hall(training)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            hall.close()

    app = FastAPI(title="Homeward training room", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Gate, password=password, loopback=loopback)
    app.mount("/assets", StaticFiles(directory=STATIC))

    _add_protocols(app)
    _add_scenarios(app, hall)

    @ui.page("/", title="Training · Homeward")
    async def page(who: str = "", place: str = "", thread: str = "", episode: str = "") -> None:
        ui.add_head_html(HEAD)
        await Page(hall, from_address(training.office.directory, who, place, thread, episode)).show()

    ui.run_with(app, dark=None, language="en-GB", tailwind=False, favicon=ICON, show_welcome_message=False)
    return app


def _add_protocols(app: FastAPI) -> None:
    """The page of each protocol, alone or beside another."""

    @app.get("/protocol", response_model=None)
    def choose(name: str = "", beside: str = "") -> RedirectResponse:
        return RedirectResponse(f"/protocol/{quote(name, safe='@')}" + (f"?beside={quote(beside, safe='@')}" if beside else ""), 303)

    @app.get("/protocol/{name}", response_model=None)
    def protocol(name: str, beside: str = "") -> HTMLResponse:
        found = protocols.page(name, beside)
        return HTMLResponse(found) if found else HTMLResponse("There is no such protocol here.", 404)


def _add_scenarios(app: FastAPI, hall: Hall) -> None:
    """What was played, as a file that the simulator plays again."""

    @app.get("/scenario/{reference}.yml", response_model=None)
    async def scenario(reference: str) -> Response:
        try:
            found = await hall.see(lambda session: saved(reference, AUTHORITY, hall.training.desk(session)))
        except HandlerError as refusal:
            return PlainTextResponse(str(refusal), 404)
        named = {"content-disposition": f'attachment; filename="{found.name}"'}
        return PlainTextResponse(found.text, media_type="text/yaml; charset=utf-8", headers=named)
