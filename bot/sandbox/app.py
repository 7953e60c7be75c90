"""The web application of the training room: one page, its style, its gate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from nicegui import ui

from bot.sandbox.gate import Gate
from bot.sandbox.hall import Hall
from bot.sandbox.page import Page
from bot.sandbox.tab import from_address
from bot.sandbox.training import Training

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

    @ui.page("/", title="Training · Homeward")
    async def page(who: str = "", place: str = "", thread: str = "") -> None:
        ui.add_head_html(HEAD)
        await Page(hall, from_address(training.office.directory, who, place, thread)).show()

    ui.run_with(app, dark=None, language="en-GB", tailwind=False, favicon=ICON, show_welcome_message=False)
    return app
