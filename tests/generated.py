"""A generated year in a database, made once a session for whoever asks, with the plan it was made from."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bench.year.episodes import Planned
from bench.year.people import Year, Young
from bench.year.town import AUTHORITY, office
from bench.year.writing import Place, plan, settle_figures, write
from handlers.desk import Desk, Office
from policies.load import edition, load
from storage.db import transaction
from tests.databases import opened

NOW = datetime(2027, 4, 1, 8, tzinfo=UTC)
EPISODES = 900  # with the child of 400


@dataclass(frozen=True)
class Written:
    """Where the year is, and what it was to be: plans by the reference of their episode."""

    file: Path
    year: Year
    children: tuple[Young, ...]
    plans: dict[str, Planned]
    office: Office


@pytest.fixture(scope="session")
def written(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Written:
    file = tmp_path_factory.mktemp("year") / "year.db"
    shutil.copy(sqlite_template, file)
    engine = opened(f"sqlite:///{file}")
    desk_of = office("lancashire")
    name, text = edition("lancashire")
    year = Year(2027)
    children = list(plan(EPISODES, year, 11, frozenset(load(text, name).categories)))
    place = Place(AUTHORITY, "lancashire", desk_of.vault, NOW, thin=True)
    with transaction(engine) as session:
        plans = write(session, place, children)
        settle_figures(session, place)
    engine.dispose()
    return Written(file, year, tuple(child for child, _ in children), plans, desk_of)


@pytest.fixture
def year_engine(written: Written, tmp_path: Path) -> Iterator[Engine]:
    """A copy of the year that a test may change."""
    file = tmp_path / "year.db"
    shutil.copy(written.file, file)
    engine = opened(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def year_desk(year_engine: Engine, written: Written) -> Iterator[Desk]:
    """A desk on 1 April, the morning after the year."""
    with transaction(year_engine) as session:
        yield Desk(session, NOW, written.office)
