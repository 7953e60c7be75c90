"""Every part of the bot that serves, built by hand, in one place; bot/training.py does it for the training room."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy import Engine

from bot import configuration, server
from bot.beside import Beside, beside
from bot.carriers import Carriers
from bot.clockwork import running
from bot.configuration import Configuration
from bot.database import address_of, reached, sqlite_file
from bot.enclosing import Enclosing
from bot.errors import Unusable
from bot.following import Following
from bot.heartbeat import checked
from bot.inbound import Inbound
from bot.keys import vault
from bot.lock import held
from bot.metrics import page
from bot.platforms import Chat, chats, hang_up, mail_part, mount
from bot.pulse import Pulse
from bot.rounds import Rounds
from bot.settings import Settings
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk, Desks, Office
from handlers.ports import Platform
from storage import clocks, outbox
from storage import settings as remembered
from storage.creating import upgrade
from storage.db import reading, transaction
from storage.engines import open_database
from storage.errors import Unavailable
from storage.schema import is_current

SERVES = "Homeward serves {address}."
SERVES_NOBODY = "Homeward serves {address}. No chat platform is configured yet: posts wait until there is one."
INBOUND_THREADS, CARRIERS = 4, 8
CYCLE_THREADS = 10  # one for each: a slow one holds nobody up


def run_serve(settings: Settings, host: str, port: int) -> None:
    """Serve until told to end. Raises Unusable."""
    url = address_of(settings.database_url.get_secret_value())
    configured = configuration.read(settings.homeward_config)
    office = office_of(settings, configured)
    opened = server.listen(host, port)
    with _serving(url) as engine, ThreadPoolExecutor(INBOUND_THREADS, "inbound") as hands:
        at = desks(engine, office)
        read_packs(at)
        chat = chats(settings, configured, Inbound(engine, office, hands), at, host)
        graph = beside(settings, configured)
        mail = mail_part(settings) or graph.letters()
        platforms: dict[str, Platform] = {**{name: found.platform for name, found in chat.items()}, **mail}
        pulse, paces, only_read = Pulse(), {name: found.pace for name, found in chat.items()}, desks(engine, office, only_read=True)
        under_way = UnderWay(time.monotonic, Carriers(CARRIERS), paces, serving=platforms.keys(), encloses=Enclosing(only_read))
        following = Following(settings.homeward_config, office, configured)
        rounds = Rounds(at, platforms, under_way, pulse, heartbeat_of(settings), only_read)

        work = partial(_at_work, chat, graph, rounds, following, at, hands, pulse)
        app = server.new_app(lambda: missing(engine, pulse), work)
        server.add_metrics(app, lambda: figures(engine, office, under_way, pulse))
        mount(app, chat)
        server.run(app, opened, SERVES if chat else SERVES_NOBODY)


@asynccontextmanager
async def _at_work(
    chat: Mapping[str, Chat], graph: Beside, rounds: Rounds, following: Following, at: Desks, hands: ThreadPoolExecutor, pulse: Pulse
) -> AsyncIterator[None]:
    """While the application lives: cycles run, platforms are listened to; at the end everything is put away in order."""
    threads = ThreadPoolExecutor(CYCLE_THREADS, "cycles")
    graph.warm(hands)
    with rounds.watched():
        async with running([*rounds.beats(), *graph.beats(at), following.beat(at)], threads, pulse), AsyncExitStack() as lives:
            for found in chat.values():
                await lives.enter_async_context(found.life())
            yield
    rounds.finish()
    threads.shutdown()
    hang_up([*chat.values(), graph])


def office_of(settings: Settings, configured: Configuration) -> Office:
    """Who there is, the protocols kept beside homeward.yml, the keys. Raises Unusable."""
    folder = settings.homeward_config.absolute().parent
    booked = bool(configured.graph and configured.graph.calendar)
    return Office(
        configuration.directory(configured, folder), vault(settings), extra=configuration.packs(configured, folder), calendar=booked
    )


def read_packs(at: Desks) -> None:
    """Before anybody asks: reading a protocol takes a good part of the two seconds that an answer may take."""
    with at() as desk:
        for authority in desk.office.directory.authorities:
            desk.pack_in_force(authority)


def desks(engine: Engine, office: Office, *, only_read: bool = False) -> Desks:
    """Desks at the present moment, each a transaction of its own; one that only reads keeps nobody from writing."""
    begin = reading if only_read else transaction

    @contextmanager
    def desk() -> Iterator[Desk]:
        with begin(engine) as session:
            yield Desk(session, datetime.now(UTC), office)

    return desk


def heartbeat_of(settings: Settings) -> str | None:
    """The address that is called while everything is on time. Raises Unusable."""
    found = settings.homeward_heartbeat_url
    return checked(found.get_secret_value()) if found else None


def figures(engine: Engine, office: Office, under_way: UnderWay, pulse: Pulse) -> str:
    """What `/metrics` says."""
    try:
        with reading(engine) as session:
            return page(Desk(session, datetime.now(UTC), office), under_way, pulse)
    except (Unavailable, sa.exc.SQLAlchemyError):
        return page(None, under_way, pulse)


def missing(engine: Engine, pulse: Pulse, now: datetime | None = None) -> str | None:
    """What keeps us from serving, in a sentence; None when nothing does."""
    try:
        with reading(engine) as session:
            session.execute(sa.text("SELECT 1"))
            wrong = clocks.apart(session, now or datetime.now(UTC))
    except (Unavailable, sa.exc.SQLAlchemyError) as error:
        return str(error) if isinstance(error, Unavailable) else f"the database does not answer ({type(error).__name__})"
    late = pulse.late()
    return wrong or (f"not in time: {', '.join(late)}" if late else None)


@contextmanager
def _serving(url: sa.URL) -> Iterator[Engine]:
    """The database at its newest schema: upgraded when it is ours alone, looked at when others share it."""
    file = sqlite_file(url)
    with held(file, "bot"):
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
