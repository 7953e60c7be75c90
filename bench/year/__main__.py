"""`make year`: a generated year into a database, and the sector's three tables beside it."""

from __future__ import annotations

import argparse
import base64
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

from bench.year import tables903
from bench.year.people import Year, Young
from bench.year.town import AUTHORITY, NAME, office
from bench.year.writing import LARGE, Place, plan, settle_figures, write
from handlers.desk import Desk
from handlers.returns import cells, ssda903
from policies.load import edition, load
from policies.worktime import at_local
from storage.creating import upgrade
from storage.db import transaction
from storage.engines import open_database

SEED = 903
KEY = base64.urlsafe_b64encode(b"b" * 32).decode()  # of the invented office
HOMEWARD_YML = """authorities:
  - id: {authority}
    name: {name}
    pack: {pack}
    rooms: [{{platform: slack, team: T0INVENTED, channel: C0MANAGE, purpose: management}}]
people:
  - id: mia.coordinator
    name: Mia Fenwick
    agency: childrens_social_care
    roles: [{{role: missing_lead_officer, authority: {authority}}}]
"""


def main() -> int:
    """Write it all; 1 when the Missing table has a fault."""
    asked = argparse.ArgumentParser(prog="python -m bench.year", description=__doc__)
    asked.add_argument("--episodes", type=int, default=1500)
    asked.add_argument("--year", type=int, default=last_year(), help="the collection year, by the year it ends in; the last that is over")
    asked.add_argument("--pack", default="lancashire")
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--out", type=Path, default=Path("build"))
    given = asked.parse_args()
    folder: Path = given.out / "903"
    folder.mkdir(parents=True, exist_ok=True)
    database = given.out / "year.sqlite"
    for leftover in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        leftover.unlink(missing_ok=True)
    faults = _make(database, folder, Year(given.year), given)
    (given.out / "year.yml").write_text(HOMEWARD_YML.format(authority=AUTHORITY, name=NAME, pack=given.pack), encoding="utf-8")
    print(f"{database} has the year; {folder} has header.csv, episodes.csv and missing.csv.")
    print(f"For other commands: DATABASE_URL=sqlite:///{database} HOMEWARD_CONFIG={given.out}/year.yml HOMEWARD_KEYS={KEY}")
    return 1 if faults else 0


def last_year() -> int:
    """The last collection year that is over."""
    today = datetime.now(UTC).date()
    return today.year if (today.month, today.day) > (4, 1) else today.year - 1


def _make(database: Path, folder: Path, year: Year, given: argparse.Namespace) -> int:
    bench = office(given.pack)
    engine = open_database(f"sqlite:///{database}")
    upgrade(engine)
    name, text = edition(given.pack)
    now = at_local(date(year.ends_in, 4, 1), time(9))
    place = Place(AUTHORITY, given.pack, bench.vault, now, thin=given.episodes > LARGE)
    children: list[Young] = []
    with transaction(engine) as session:
        year_plan = list(plan(given.episodes, year, given.seed, frozenset(load(text, name).categories)))
        children = [child for child, _ in year_plan]
        made = write(session, place, year_plan)
        settle_figures(session, place)
        table = ssda903.table(Desk(session, now, bench), AUTHORITY, ssda903.Collection(year.ends_in))
    engine.dispose()
    cells.write(folder / "header.csv", tables903.HEADER, tables903.header(children, year))
    cells.write(folder / "episodes.csv", tables903.EPISODES, tables903.episodes(children, year))
    rows = cells.write(folder / "missing.csv", ssda903.HEADER, (one.cells() for one in table.entries))
    print(f"{len(made)} episodes of {len(children)} children; {rows} rows in missing.csv, {len(table.left_out)} left out.")
    for fault in table.faults:
        print(fault, file=sys.stderr)
    return len(table.faults)


if __name__ == "__main__":
    sys.exit(main())
