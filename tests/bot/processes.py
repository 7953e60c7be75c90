"""The command line in processes of its own, as people start it: a training room or a bot that serves."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOMEWARD = Path(sys.executable).with_name("homeward")
LEFT_OUT = ("SLACK_", "CLIENT_", "TENANT_", "HOMEWARD_", "DATABASE_", "PYTHONDONTWRITEBYTECODE")  # the last: compile once, not every time


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours without anything that Homeward reads, then `extra`."""
    ours = dict(os.environ)  # noqa: TID251 - sets the stage for a process of its own
    return {name: value for name, value in ours.items() if not name.startswith(LEFT_OUT)} | dict(extra or {})


def run(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    command = [str(HOMEWARD), *arguments]
    return subprocess.run(command, cwd=folder, env=environment(env), capture_output=True, text=True, timeout=60, check=False)


def configured(folder: Path) -> None:
    """Put the example that ships into a folder, without its workspaces: nobody has their tokens here."""
    lines = (ROOT / "bot" / "homeward.example.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "homeward.yml").write_text("".join(line for line in lines if not line.startswith("slack:")), encoding="utf-8")


class Started:
    """A command that serves until it is ended; `address` is where."""

    def __init__(self, folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self._errors = (folder / "stderr.txt").open("w+")
        command: Sequence[str] = [str(HOMEWARD), *arguments]
        self.process = subprocess.Popen(command, cwd=folder, env=environment(env), stdout=subprocess.PIPE, stderr=self._errors, text=True)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://[^\s)]+[0-9]", said)
        if not found:
            self.process.wait(timeout=20)
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
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        self._close()
        return code

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(timeout=20)
        self._close()

    def _close(self) -> None:
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()
