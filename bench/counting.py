"""Reports and returns of a year of 60,000 episodes: seconds, and the memory of a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.line import Line
from bench.year.__main__ import KEY, last_year

EPISODES, LIMIT, MEMORY = 60_000, 10.0, 300.0
YEAR = Path("build/year-60000")  # kept from run to run: to invent it takes two minutes
WHAT = {
    "report of the year with its charts and workbook": "report annual --period {year}-03 --png {out} --xlsx {out}/year.xlsx",
    "report of a week": "report interviews --period {year}-03-23",
    "export ssda903": "export ssda903 --year {year} --out {out}/missing.csv",
    "export ssd": "export ssd --out {out}/ssd.csv",
    "export annex-a": "export annex-a --on {year}-03-31 --out {out}/annex-a.csv",
}
RUN = """
import resource, sys, time
from bot.main import app
began = time.process_time()
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    print("spent", time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure() -> list[Line]:
    """Each command as its own process, as whoever runs it does; processor time with the start of Python, and the most memory."""
    year = last_year()
    if not (YEAR / "year.yml").exists():
        command = [sys.executable, "-m", "bench.year", "--episodes", str(EPISODES), "--year", str(year), "--out", str(YEAR)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    told = {"DATABASE_URL": f"sqlite:///{YEAR}/year.sqlite", "HOMEWARD_CONFIG": f"{YEAR}/year.yml", "HOMEWARD_KEYS": KEY}
    for first in ("db upgrade", f"report leavers --period {year}-03"):  # whatever another version left undone is not what is measured
        subprocess.run([sys.executable, "-c", RUN, *first.split()], env=os.environ | told, capture_output=True, check=True)
    lines = []
    for name, asked in WHAT.items():
        words = asked.format(year=year, out=YEAR).split()
        done = subprocess.run([sys.executable, "-c", RUN, *words], env=os.environ | told, capture_output=True, text=True, check=True)
        seconds, megabytes = map(float, done.stdout.splitlines()[-1].split()[1:])
        lines += [
            Line(f"{EPISODES:,} episodes: {name}, CPU", seconds, LIMIT, "s"),
            Line(f"{EPISODES:,} episodes: {name}, memory", megabytes, MEMORY, "MB"),
        ]
    return lines
