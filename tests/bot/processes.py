"""The command line in processes of its own, as people start it: a training room or a bot that serves."""

import atexit
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

ROOT = Path(__file__).parents[2]
HOMEWARD = Path(sys.executable).with_name("homeward")
LEFT_OUT = ("SLACK_", "CLIENT_", "TENANT_", "HOMEWARD_", "DATABASE_", "PYTHONDONTWRITEBYTECODE")  # the last: compile once, not every time


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours without anything that Homeward reads, then `extra`."""
    ours = dict(os.environ)  # noqa: TID251 - sets the stage for a process of its own
    return {name: value for name, value in ours.items() if not name.startswith(LEFT_OUT)} | dict(extra or {})


class Command:
    """A process of `homeward`, forked from one that has imported it already; `cold`: started as people start it."""

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        env: Mapping[str, str] | None,
        output: IO[str],
        errors: IO[str],
        *,
        cold: bool = False,
    ) -> None:
        end, ours = os.pipe()
        program = str(HOMEWARD) if cold else None
        command = {"program": program, "arguments": arguments, "folder": str(folder), "environment": environment(env)}
        socket.send_fds(warm(), [json.dumps(command).encode() + b"\n"], [output.fileno(), errors.fileno(), ours])
        os.close(ours)
        self._end = os.fdopen(end)
        self.pid = int(self._end.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, or minus the signal that ended it; None while it runs."""
        if self.returncode is None and select.select([self._end], [], [], 0)[0]:
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float) -> int:
        if self.returncode is None:
            if not select.select([self._end], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("homeward", timeout)
            self.returncode = int(self._end.readline())
            self._end.close()
        return self.returncode

    def send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


@cache
def warm() -> socket.socket:
    """Where commands are asked for; one process for all that this one starts."""
    ours, theirs = socket.socketpair()
    program = [sys.executable, str(Path(__file__).with_name("warm.py")), str(theirs.fileno())]
    process = subprocess.Popen(program, cwd=ROOT, env=environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(timeout=20)

    atexit.register(end)
    return ours


def run(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    with TemporaryFile("w+", encoding="utf-8") as output, TemporaryFile("w+", encoding="utf-8") as errors:
        code = Command(folder, arguments, env, output, errors).wait(60)
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(arguments, code, output.read(), errors.read())


def configured(folder: Path) -> None:
    """Put the example that ships into a folder, without its workspaces: nobody has their tokens here."""
    lines = (ROOT / "bot" / "homeward.example.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "homeward.yml").write_text("".join(line for line in lines if not line.startswith("slack:")), encoding="utf-8")


class Started:
    """A command that serves until it is ended; `address` is where. `cold`: started as people start it, everything read anew."""

    def __init__(self, folder: Path, *arguments: str, env: Mapping[str, str] | None = None, cold: bool = False) -> None:
        self._errors = (folder / "stderr.txt").open("w+")
        reading, writing = os.pipe()
        self._output = os.fdopen(reading)
        with os.fdopen(writing, "w") as output:
            self.process = Command(folder, arguments, env, output, self._errors, cold=cold)
        said = self._output.readline()
        found = re.search(r"http://[^\s)]+[0-9]", said)
        if not found:
            self.process.wait(20)
            errors = self.errors()
            self._close()
            raise AssertionError(f"it said {said!r} and {errors!r}")
        self.said, self.address = said, found[0]

    @property
    def port(self) -> str:
        return self.address.rsplit(":", 1)[1]

    def errors(self) -> str:
        self._errors.seek(0)
        return self._errors.read()

    def end(self) -> int:
        """Politely, as Ctrl-C or a service manager would; gives the exit code."""
        self.process.send(signal.SIGTERM)
        code = self.process.wait(20)
        self._close()
        return code

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send(signal.SIGKILL)
        self.process.wait(20)
        self._close()

    def _close(self) -> None:
        self._output.close()
        self._errors.close()
