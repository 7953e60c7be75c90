"""What a post encloses, counted again as of the moment it speaks of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from handlers.desk import Desk
from handlers.enclosed import Enclosed
from handlers.reports import catalogue, periods, report
from handlers.reports.poster import Poster, poster
from handlers.reports.report import Report


def report_of(desk: Desk, authority: str, enclosed: Enclosed) -> Report:
    """The report; the desk may be one that only reads."""
    design = catalogue.BY_ID[enclosed.report]
    period = periods.holding(design.every, date.fromisoformat(enclosed.starts))
    then = replace(desk, now=datetime.fromisoformat(enclosed.as_of))
    return report.make(then, authority, design, period, fresh=True)


def poster_of(desk: Desk, authority: str, enclosed: Enclosed) -> Poster:
    """Its picture."""
    return poster(report_of(desk, authority, enclosed), whole=enclosed.whole, chart=enclosed.chart)
