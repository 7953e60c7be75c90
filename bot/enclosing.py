"""Files that posts name, made when they are sent: the picture of a report, its workbook."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.desk import Desks
from handlers.enclosed import PICTURE, Enclosed, File
from handlers.reports.drawing import poster_of, report_of
from storage.outbox import Post

PNG, XLSX = "image/png", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Enclosing:
    """Counts again with desks that only read."""

    readers: Desks

    def __call__(self, post: Post, enclosed: Enclosed, /) -> File:
        """Raises ModuleNotFoundError where homeward[reports] is not installed."""
        with self.readers() as desk:
            if enclosed.kind == PICTURE:
                from bot.poster import png

                return File(enclosed.name, PNG, png(poster_of(desk, post.authority, enclosed)))
            from bot.workbook import xlsx

            return File(enclosed.name, XLSX, xlsx(report_of(desk, post.authority, enclosed)))
