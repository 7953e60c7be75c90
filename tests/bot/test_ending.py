"""Told to end, it ends: in time, with 0, and with nothing lost, even while a server it writes to never answers."""

import base64
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from handlers.outgoing import Body
from storage import outbox
from storage.db import reading, transaction
from storage.engines import open_database
from tests.bot.mail.postoffice import opened
from tests.bot.processes import Started, configured
from tests.storage import invented

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


@pytest.fixture
def folder(sqlite: Engine) -> Path:
    """A bot's folder, with a letter for the duty worker in its outbox."""
    folder = Path(str(sqlite.url.database)).parent
    configured(folder)
    body = Body("HW-7F3K", "HW-7F3K · due now", mentions=("duty.edt",), fallback="Homeward: HW-7F3K needs you")
    post = replace(invented.post("due"), authority="westbrook", place="direct", room=None, person="duty.edt", body=body.stored(), lane="")
    with transaction(sqlite) as session:
        outbox.queue(session, post)
    return folder


def test_it_ends_in_time_while_a_server_keeps_silent_and_knows_what_was_under_way(folder: Path) -> None:
    with opened() as office:
        office.habit = "deaf"
        address = f"sqlite:///{folder / 'homeward.db'}"
        env = {"HOMEWARD_KEYS": KEY, "HOMEWARD_SMTP": f"smtp://127.0.0.1:{office.port}", "DATABASE_URL": address}
        bot = Started(folder, "serve", "--port", "0", env=env)
        assert office.called.wait(20)
        assert bot.end() == 0
    engine = open_database(address)
    with reading(engine) as session:
        left = session.connection().exec_driver_sql("SELECT state FROM posts WHERE kind = 'due'").scalars()
        states = list(left)
    engine.dispose()
    assert states == ["sending"]  # so that the next process looks for it first


def test_nobody_waits_for_a_carrier_at_the_end() -> None:
    program = "import threading; from bot.carriers import Carriers; Carriers(1).submit(threading.Event().wait)"
    assert subprocess.run([sys.executable, "-c", program], timeout=20, check=False).returncode == 0
