"""A timeline as an SVG: marks on a line of time, a bar an obligation, what is late in colour and in shape. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from xml.etree import ElementTree as ET

from policies import words
from policies.timeline import Lane, Mark, Span, Timeline
from policies.worktime import LONDON, at_local, said

WIDTH, LEFT, RIGHT = 1000, 350, 24  # units of the drawing: all of it, the names of the lanes, room at the end
LANE, BAR, HEAD = 26, 10, 62  # height of a lane, of a bar, of the marks at the top
LETTERS = 50  # of a lane's name; the rest is in the table


def drawing(line: Timeline, name: str) -> str:
    """The whole picture as text; every name in it is escaped."""
    lanes = [lane for lane in line.lanes if any(span.state != "over" and span.begins < line.ends for span in lane.spans)]
    height = HEAD + LANE * len(lanes) + 34
    svg = ET.Element("svg", {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "class": "timeline", "xmlns": "http://www.w3.org/2000/svg"})
    ET.SubElement(svg, "title").text = f"Timeline of {name}"
    paper = _Paper(svg, line, height)
    paper.days()
    for n, lane in enumerate(lanes):
        paper.lane(lane, HEAD + LANE * n)
    paper.marks(line.marks)
    paper.now()
    return ET.tostring(svg, encoding="unicode")


class _Paper:
    """Where to draw: the line of time from left to right."""

    def __init__(self, svg: ET.Element, line: Timeline, height: int) -> None:
        self._svg, self._line, self._height = svg, line, height
        self._length = max(line.ends - line.begins, timedelta(minutes=1))

    def _x(self, moment: datetime) -> float:
        part = (min(max(moment, self._line.begins), self._line.ends) - self._line.begins) / self._length
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)

    def days(self) -> None:
        """Midnights in London, as faint lines with the day below."""
        midnights = list(_midnights(self._line.begins, self._line.ends))
        every = max(1, len(midnights) // 10)
        for n, midnight in enumerate(midnights):
            x = self._x(midnight)
            self._draw("line", "day", x1=x, x2=x, y1=HEAD - 8, y2=self._height - 22)
            if n % every == 0:
                self._say(f"{midnight.astimezone(LONDON):%a %-d %b}", x + 3, self._height - 8, "day")

    def lane(self, lane: Lane, y: int) -> None:
        """What a rule asked for: its name at the left, its windows on the line."""
        worst = next((s for s in ("late", "open", "ahead", "done_late", "done") if s in {span.state for span in lane.spans}), "over")
        group = ET.SubElement(self._svg, "g", {"class": f"lane {worst}"})
        cited = ", ".join(lane.clauses) or "house rule"
        ET.SubElement(group, "title").text = f"{lane.says} · {words.label(lane.owner)} · {cited}"
        says = lane.says if len(lane.says) <= LETTERS else f"{lane.says[: LETTERS - 1].rstrip()}…"
        self._draw("rect", "hit", group, x=0, y=y, width=WIDTH, height=LANE)
        self._say(says, 4, y + 17, "name", group)
        for span in lane.spans:
            self._span(span, y, group)

    def _span(self, span: Span, y: int, group: ET.Element) -> None:
        end = span.due or span.ended or self._line.now
        x, width = self._x(span.begins), max(self._x(max(end, span.begins)) - self._x(span.begins), 3)
        top = y + (LANE - BAR) / 2
        self._draw("rect", f"bar {span.state}{'' if span.due else ' undated'}", group, x=x, y=top, width=width, height=BAR, rx=3)
        if span.due and span.state in {"late", "done_late"}:  # what ran over is drawn from due time on
            over = self._x(span.ended or self._line.now)
            self._draw("rect", "ran-over", group, x=self._x(span.due), y=top + 3, width=max(over - self._x(span.due), 2), height=BAR - 6)
        if span.state in {"done", "done_late"} and span.ended:
            self._draw("circle", f"end {span.state}", group, cx=self._x(span.ended), cy=y + LANE / 2, r=5)
        elif span.due and span.state in {"open", "ahead", "late"}:
            self._draw("path", f"end {span.state}", group, d=_diamond(self._x(span.due), y + LANE / 2))

    def marks(self, marks: Sequence[Mark]) -> None:
        """Above the lanes, on as many lines as they need not to run into each other."""
        taken: list[float] = [0, 0, 0]
        for mark in marks:
            if not self._line.begins <= mark.at <= self._line.ends:
                continue
            x = self._x(mark.at)
            row = next((n for n, end in enumerate(taken) if end <= x), 2)
            taken[row] = x + 7.2 * len(mark.says) + 14
            group = ET.SubElement(self._svg, "g", {"class": f"mark {mark.kind}"})
            ET.SubElement(group, "title").text = f"{mark.says}: {said(mark.at)}" + (f" · {', '.join(mark.clauses)}" if mark.clauses else "")
            self._draw("line", "", group, x1=x, x2=x, y1=6 + 16 * row, y2=self._height - 22)
            end = x + 7.2 * len(mark.says) > WIDTH
            self._say(mark.says, x - 4 if end else x + 4, 16 + 16 * row, "end" if end else "", group)

    def now(self) -> None:
        """Where the clock stands."""
        x = self._x(self._line.now)
        self._draw("line", "now", x1=x, x2=x, y1=HEAD - 8, y2=self._height - 20)
        self._say("now", x, HEAD - 11, "now")

    def _draw(self, tag: str, kind: str, into: ET.Element | None = None, **numbers: float | str) -> None:
        given = {name: str(value) for name, value in numbers.items()} | ({"class": kind} if kind else {})
        ET.SubElement(self._svg if into is None else into, tag, given)

    def _say(self, says: str, x: float, y: float, kind: str, into: ET.Element | None = None) -> None:
        element = ET.SubElement(self._svg if into is None else into, "text", {"x": str(x), "y": str(y), "class": kind})
        element.text = says


def _diamond(x: float, y: float) -> str:
    return f"M{x} {y - 6}L{x + 6} {y}L{x} {y + 6}L{x - 6} {y}Z"


def _midnights(begins: datetime, ends: datetime) -> Iterator[datetime]:
    day = begins.astimezone(LONDON).date() + timedelta(days=1)
    while (midnight := at_local(day, time(0))) <= ends:
        yield midnight
        day += timedelta(days=1)
