"""The command line answers at once: everything heavy is imported only where it is needed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from bench.line import Line

LIMIT = 0.5  # s of wall time
TIMES = 7


def measure() -> list[Line]:
    """The best of a few starts of `homeward --help`: others may use the machine meanwhile."""
    command = [str(Path(sys.executable).with_name("homeward")), "--help"]
    return [Line("homeward --help, wall", min(_timed(command) for _ in range(TIMES)), LIMIT, "s")]


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began
