"""The training room built by hand, in one place; bot/wiring.py does it for the bot that serves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Unusable
from bot.lock import take
from bot.settings import Settings


def run_sandbox(settings: Settings, host: str, port: int, database: Path) -> None:
    """Serve the training room until it is told to end. Raises Unusable with the sentence that says why not."""
    from bot.sandbox.gate import is_loopback

    refuse_platforms(settings)
    password = settings.homeward_sandbox_password
    if not is_loopback(host) and password is None:
        raise Unusable(f"{host} can be reached from other machines: set HOMEWARD_SANDBOX_PASSWORD, which the page then asks for.")
    lock = take(database, "sandbox")

    from bot import server  # whoever is refused above does not wait for all this
    from bot.sandbox import app, files
    from bot.sandbox.training import Training

    opened = server.listen(host, port)
    training = Training(files.open_files(database, datetime.now(UTC).replace(second=0, microsecond=0)))
    training.catch_up()
    web = app.build(training, password.get_secret_value() if password else None, loopback=is_loopback(host))
    try:
        server.run(web, opened, "Training: nobody is told. Open {address} (Ctrl-C ends it).")
    finally:
        training.engine.dispose()
        lock.release()


def refuse_platforms(settings: Settings) -> None:
    """Training has no way out: with the keys of a platform near, somebody could believe that it has."""
    if keys := settings.platform_keys():
        raise Unusable(f"The sandbox tells nobody, so it does not start where {' and '.join(keys)} can be read; take that away first.")
