"""From typing the command to the first good answer of the bot, with Slack only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from bench.line import Line
from storage.sealing import new_key

READY = 3.0  # s of wall time
PATIENCE = 60.0
HOMEWARD = Path(sys.executable).with_name("homeward")
TIMES = 3


def measure() -> list[Line]:
    """The best of a few starts, each with a database of its own."""
    return [Line("homeward serve with Slack only, until it is ready, wall", min(_ready() for _ in range(TIMES)), READY, "s")]


def _ready() -> float:
    with tempfile.TemporaryDirectory(dir="build") as folder:
        shutil.copy(Path("bot") / "homeward.example.yml", Path(folder, "homeward.yml"))
        secrets = {"SLACK_BOT_TOKEN": "xoxb-invented", "SLACK_SIGNING_SECRET": "invented", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
        began = time.perf_counter()
        with _started(folder, "serve", secrets | {"HOMEWARD_KEYS": new_key()}) as process:
            address = _address(process)
            while not _good(f"{address}/readyz"):
                assert time.perf_counter() - began < PATIENCE
                time.sleep(0.01)
            spent = time.perf_counter() - began
            process.terminate()
    return spent


def _started(folder: str, command: str, more: Mapping[str, str]) -> subprocess.Popen[str]:
    theirs = ("SLACK_", "CLIENT_", "TENANT_", "HOMEWARD_", "DATABASE_")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    arguments = [str(HOMEWARD.absolute()), command, "--port", "0"]
    return subprocess.Popen(arguments, cwd=folder, env=ours | dict(more), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.search(r"http://[^\s)]+[0-9]", said)
    assert found, said
    return found[0]


def _good(url: str) -> bool:
    try:
        with urlopen(url, timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except HTTPError:
        return False
