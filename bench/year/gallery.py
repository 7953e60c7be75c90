"""What each report looks like, drawn of two invented years. `python -m bench.year.gallery` writes docs/images/reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.year.episodes import Planned
from bench.year.people import Year, Young
from bench.year.town import AUTHORITY, office
from bench.year.writing import Place, plan, settle_figures, write
from bot.poster import png
from handlers.desk import Desk
from handlers.reports import catalogue, periods, report
from handlers.reports.poster import poster
from policies.load import edition, load
from policies.worktime import at_local
from storage.creating import upgrade
from storage.db import Session, transaction
from storage.engines import open_database

INTO = Path("docs/images/reports")
PACK, EPISODES, ENDS, SEED = "lancashire", 1300, 2026, 903
DAY = date(2026, 3, 25)  # in the period that is drawn


def draw(into: Path = INTO) -> None:
    """A file for each report."""
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/years.sqlite")
        upgrade(engine)
        with transaction(engine) as session:
            desk = _written(session)
            for design in catalogue.DESIGNS:
                made = report.make(desk, AUTHORITY, design, periods.holding(design.every, DAY), fresh=True)
                (into / f"{design.word}.png").write_bytes(png(poster(made, whole=True)))
        engine.dispose()


def _written(session: Session) -> Desk:
    bench = office(PACK)
    name, text = edition(PACK)
    categories = frozenset(load(text, name).categories)
    now = at_local(date(ENDS, 4, 1), time(9))
    place = Place(AUTHORITY, PACK, bench.vault, now)
    before = write(session, place, _over(plan(EPISODES, Year(ENDS - 1), SEED + 1, categories)))
    write(session, place, plan(EPISODES, Year(ENDS), SEED, categories), number=len(before) + 1)
    settle_figures(session, place)
    return Desk(session, now, bench)


def _over(year: Iterator[tuple[Young, list[Planned]]]) -> Iterator[tuple[Young, list[Planned]]]:
    """A year before of which only some of the interviews are still open."""
    for child, theirs in year:
        yield child, [one for one in theirs if one.closed or (one.found and child.number % 3 == 0)]


if __name__ == "__main__":
    draw()
