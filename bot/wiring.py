"""Every part of the bot that serves, built by hand, in one place; bot/training.py does it for the training room."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Engine

from bot import configuration, server
from bot.clockwork import Beat, running
from bot.configuration import Configuration
from bot.database import address_of, reached, sqlite_file
from bot.errors import Unusable
from bot.inbound import Inbound
from bot.lock import take
from bot.settings import Settings
from handlers.alarms import raise_alarm
from handlers.cycles.deliver import deliver
from handlers.cycles.digest import digest
from handlers.cycles.remind import remind
from handlers.cycles.watch import sweep, watch
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk, Desks, Office
from handlers.ports import Parcel, Platform
from storage import outbox
from storage import settings as remembered
from storage.db import open_database, reading, transaction, upgrade
from storage.schema import is_current
from storage.sealing import Vault

if TYPE_CHECKING:
    from bot.slack.serving import Serving

SERVES = "Homeward serves {address}."
SERVES_NOBODY = "Homeward serves {address}. No chat platform is configured yet: posts wait until there is one."
INBOUND_THREADS, CARRIERS = 4, 8
SQLITE_THREADS, POSTGRESQL_THREADS = 1, 4


def run_serve(settings: Settings, host: str, port: int) -> None:
    """Serve until told to end. Raises Unusable."""
    url = address_of(settings.database_url.get_secret_value())
    configured = configuration.read(settings.homeward_config)
    office = Office(configuration.directory(configured), vault(settings))
    opened = server.listen(host, port)
    with (
        _serving(url) as engine,
        ThreadPoolExecutor(INBOUND_THREADS, "inbound") as hands,
        ThreadPoolExecutor(CARRIERS, "carriers") as carriers,
    ):
        threads = ThreadPoolExecutor(SQLITE_THREADS if sqlite_file(url) else POSTGRESQL_THREADS, "cycles")
        at = desks(engine, office)
        read_packs(at)
        slack = slack_part(settings, configured, Inbound(engine, office, hands), at)
        platforms: dict[str, Platform] = {"slack": slack.platform} if slack else {}
        paces = {"slack": slack.pace} if slack else {}
        under_way = UnderWay(time.monotonic, carriers, paces)

        @asynccontextmanager
        async def work() -> AsyncIterator[None]:
            async with running(beats(at, platforms, under_way), threads), slack.life() if slack else nullcontext():
                yield
            threads.shutdown()

        app = server.new_app(lambda: missing(engine), work)
        if slack and slack.router:
            app.include_router(slack.router)
        server.run(app, opened, SERVES if platforms else SERVES_NOBODY)


def read_packs(at: Desks) -> None:
    """Before anybody asks: reading a protocol takes a good part of the two seconds that an answer may take."""
    with at() as desk:
        for authority in desk.office.directory.authorities:
            desk.pack_in_force(authority)


def slack_part(settings: Settings, configured: Configuration, inbound: Inbound, at: Desks) -> Serving | None:
    """Slack, where it is configured. Raises Unusable."""
    if not configured.slack and settings.slack_bot_token is None:
        return None
    try:
        from bot.slack.access import access
        from bot.slack.serving import connect
    except ModuleNotFoundError as error:
        raise Unusable(f"Slack is configured, but {error.name} is not installed: install homeward[slack], or run `make install`.") from None

    found = access(settings, configured)
    return connect(found, inbound, lambda parcel, name: _ring(at, parcel, name)) if found else None


def _ring(at: Desks, parcel: Parcel, name: str) -> None:
    """Somebody whose notifications are off was sent something urgent: the management room is asked to ring them."""
    sentence = f"{parcel.body.reference}: {name} has notifications off. The message is there; please ring them."
    with at() as desk:
        raise_alarm(desk, parcel.post.authority, f"silent:{parcel.post.id}", sentence, reference=parcel.body.reference)


def desks(engine: Engine, office: Office) -> Desks:
    """Desks at the present moment, each a transaction of its own."""

    @contextmanager
    def desk() -> Iterator[Desk]:
        with transaction(engine) as session:
            yield Desk(session, datetime.now(UTC), office)

    return desk


def beats(at: Desks, platforms: Mapping[str, Platform], under_way: UnderWay) -> list[Beat]:
    """What runs by itself, how often; delivery only where there is a platform to deliver to."""
    delivery = [Beat("deliver", timedelta(seconds=1), lambda: deliver(at, platforms, under_way))] if platforms else []
    return [
        *delivery,
        Beat("remind", timedelta(seconds=5), lambda: remind(at)),
        Beat("digest", timedelta(minutes=1), lambda: digest(at)),
        Beat("watch", timedelta(seconds=30), lambda: watch(at)),
        Beat("sweep", timedelta(hours=1), lambda: sweep(at)),
    ]


def vault(settings: Settings) -> Vault:
    """The encryption keys. Raises Unusable when there are none."""
    if settings.homeward_keys is None:
        raise Unusable("HOMEWARD_KEYS is not set; docs/operations.md says how to make a key, and where to keep it.")
    try:
        return Vault.from_text(settings.homeward_keys.get_secret_value())
    except ValueError as error:
        raise Unusable(f"HOMEWARD_KEYS cannot be used: {error}") from None


def missing(engine: Engine) -> str | None:
    """What keeps us from serving, in a sentence; None when nothing does."""
    try:
        with reading(engine) as session:
            session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError as error:
        return f"the database does not answer ({type(error).__name__})"
    return None


@contextmanager
def _serving(url: sa.URL) -> Iterator[Engine]:
    """The database at its newest schema: upgraded when it is ours alone, looked at when others share it."""
    file = sqlite_file(url)
    lock = take(file, "bot") if file else None
    engine = reached(open_database(url.render_as_string(hide_password=False)), url)
    try:
        if file:
            upgrade(engine)
        elif not is_current(engine):
            raise Unusable("The database has another schema than this version; run `homeward db upgrade` while no bot is running.")
        with transaction(engine) as session:
            if remembered.get(session, "sandbox"):
                raise Unusable("This database belongs to a sandbox, and a child reported there is a child nobody was told about.")
            outbox.free_leases(session)
        yield engine
    finally:
        engine.dispose()
        if lock:
            lock.release()
