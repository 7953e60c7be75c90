"""Run every line, or those whose names contain a word: `python -m bench slack`. `python -m bench chart` draws the last run."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

from bench import chart, counting, deriving, firing, helping, reporting, room, slack, starting
from bench.line import Line
from bot.garbage import look_seldom

BUILD = Path("build")
BENCHES = {
    "slack": slack.measure,
    "firing": firing.measure,
    "derive": deriving.measure,
    "packs": deriving.measure_loading,
    "help": helping.measure,
    "start": starting.measure,
    "report": reporting.measure,
    "room": room.measure,
    "counting": counting.measure,
}


def main(wanted: list[str]) -> int:
    """0 when every line stays within its bar, else 1."""
    BUILD.mkdir(exist_ok=True)
    if wanted == ["chart"]:
        print(f"{chart.draw(BUILD / 'bench.json')} shows the last run.")
        return 0
    lines: list[Line] = []
    look_seldom()  # as the server does, and for the peers as well
    for name, bench in BENCHES.items():
        if not wanted or any(word in name for word in wanted):
            lines += bench()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, files on {_file_system(BUILD)}")
    for line in lines:
        _print(line)
    (BUILD / "bench.json").write_text(json.dumps([line.stored() for line in lines], indent=1) + "\n", encoding="utf-8")
    return 0 if all(line.holds for line in lines) else 1


def _print(line: Line) -> None:
    verdict = "" if line.holds else "   OVER"
    print(f"{line.name:<58} {line.ours:>9.2f} of {line.theirs:>7.2f} {line.unit:<6} {line.ratio:>6.2f} (bar {line.bar:g}){verdict}")


def _file_system(folder: Path) -> str:
    """The kind of file system that durable commits go to: the longest mount point above the folder."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "an unknown file system"
    above = [(len(point), kind) for point, kind in mounts if folder.resolve().is_relative_to(point)]
    return max(above)[1] if above else "an unknown file system"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
