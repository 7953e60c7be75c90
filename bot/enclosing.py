"""Files that posts name, made when they are sent: the picture of a report, its workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.desk import Desks
from handlers.enclosed import PICTURE, Enclosed, File
from handlers.reports import catalogue, periods, report
from handlers.reports.poster import poster
from handlers.reports.report import Report
from storage.outbox import Post

PNG, XLSX = "image/png", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Enclosing:
    """Counts again, as of the moment the post speaks of, with desks that only read."""

    readers: Desks

    def __call__(self, post: Post, enclosed: Enclosed) -> File:
        """Raises ModuleNotFoundError where homeward[reports] is not installed."""
        if enclosed.kind == PICTURE:
            from bot.poster import png

            picture = poster(self._made(post, enclosed), whole=enclosed.whole, chart=enclosed.chart)
            return File(enclosed.name, PNG, png(picture))
        from bot.workbook import xlsx

        return File(enclosed.name, XLSX, xlsx(self._made(post, enclosed)))

    def _made(self, post: Post, enclosed: Enclosed) -> Report:
        design = catalogue.BY_ID[enclosed.report]
        with self.readers() as desk:
            then = replace(desk, now=datetime.fromisoformat(enclosed.as_of))
            period = periods.holding(design.every, date.fromisoformat(enclosed.starts))
            return report.make(then, post.authority, design, period, fresh=True)
