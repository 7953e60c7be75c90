"""A duty desk on a fresh SQLite file, on a Monday morning, under a protocol that the test writes."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import Engine

from handlers.directory import Directory
from tests import protocols
from tests.fakes import Duty, town
from tests.moments import london
from tests.protocols import duty as rule

Opens = Callable[..., Duty]
MONDAY = "2026-02-02 10:00"


@pytest.fixture
def opens(sqlite: Engine) -> Opens:
    """Opens a duty desk: the rules, then `at`, `directory` or anything `town` takes; `pack` for a real protocol."""
    return opens_on(sqlite)


def opens_on(engine: Engine) -> Opens:
    """The same, on a database of the test's choice."""

    def opened(*duties: Mapping[str, Any], at: str = MONDAY, fields: Mapping[str, Any] | None = None, **who: Any) -> Duty:
        pack = who.pop("pack", None)
        texts = {} if pack else {"westbrook@2020-01-01": protocols.text(*duties, **(fields or {}))}
        directory: Directory = who.pop("directory", None) or town(pack or "westbrook@2020-01-01", **who)
        return Duty(engine, directory, london(at), texts)

    return opened


@pytest.fixture
def duty(opens: Opens) -> Duty:
    """The Tri-borough protocol, with somebody in every role."""
    return opens(pack="triborough@2017-12-01")


@pytest.fixture
def missing(opens: Opens) -> Duty:
    """Missing since Monday 08:00, reported at 10:00; a briefing due in 24 hours, an interview when back, a meeting in five days."""
    duty = opens(
        rule("brief", "written_briefing", due="PT24H"),
        rule("meet", "strategy_meeting", due="P5D", attendees=["police"], extended_by=["head_of_service"]),
        rule("offer", "return_interview_offer", anchor="returned_at"),
        rule("interview", "return_interview", anchor="returned_at", due="PT72H"),
        rule("consider", "whereabouts_known_decision", due="PT12H"),
    )
    duty.report(missing_since="08:00")
    return duty
