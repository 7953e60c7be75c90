"""A report as one picture: what everybody asks first, answered in words, and its charts below; the same in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.reports import pictures, say
from handlers.reports.answers import answers
from handlers.reports.hiding import LEAST
from handlers.reports.report import Report
from handlers.reports.shapes import Bars, Squares

MOST_WORDS = 900  # letters of an alternative text, which Slack cuts at 1,000


@dataclass(frozen=True)
class Poster:
    """`answers`: (question, answer); `words`: all of it as text, for whoever does not see it."""

    title: str
    answers: tuple[tuple[str, str], ...]
    charts: tuple[Bars | Squares, ...]
    note: str = ""

    @property
    def words(self) -> str:
        """The alternative text."""
        said = (self.title, *(say.answered(*one) for one in self.answers), *(chart.words for chart in self.charts), self.note)
        text = " ".join(part if part.endswith((".", "?")) else f"{part}." for part in said if part)
        return text if len(text) <= MOST_WORDS else f"{text[: MOST_WORDS - 1].rstrip()}…"


def poster(report: Report, *, whole: bool, chart: int | None = None) -> Poster:
    """The picture of a report, for those who may see all or for everybody else; `chart`: one alone, of which the first has the answers."""
    kinds = report.design.charts if chart is None else (report.design.charts[chart],)
    charts = tuple(_untitled(pictures.KINDS[kind](report, whole=whole), report) for kind in kinds)
    hidden = "" if whole else f"Figures under {LEAST} are hidden, and others that would tell them; they are open in bars."
    notes = " ".join(filter(None, (report.design.note, report.partial, report.late, hidden)))
    return Poster(say.headline(report), () if chart else answers(report, whole=whole), charts, notes)


def _untitled(chart: Bars | Squares, report: Report) -> Bars | Squares:
    """What and when stands above all of them."""
    return replace(chart, title=chart.title.removesuffix(f": {report.authority}, {report.period.name}"))
