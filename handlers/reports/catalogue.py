"""Every report the protocols ask for: what it counts, how it is split, whom it lists and what it draws."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.reports.measures import MEASURES, outstanding, overdue
from handlers.reports.rows import Row, Span
from policies import words
from policies.worktime import Length

Listing = Callable[[Sequence[Row], Span], list[tuple[Row, str]]]
WEEK, MONTH, QUARTER, YEAR = Length.parse("P7D"), Length(months=1), Length(months=3), Length(months=12)
FOUR_WEEKS = timedelta(days=28)


@dataclass(frozen=True)
class Design:
    """One report. `tiles`: measures shown beside the period before; `parts`: (measure, key) tables; `marks`: from obligations."""

    id: str
    word: str
    title: str
    tiles: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    listing: Listing
    charts: tuple[str, ...] = ()
    every: Length = MONTH
    marks: tuple[str, ...] = ()
    note: str = ""


KEYS: dict[str, Callable[[Row], str]] = {
    "team": lambda row: row.team,
    "category": lambda row: words.label(row.category),
    "care": lambda row: {True: "in care", False: "at home", None: "not recorded"}[row.in_care],
    "risk": lambda row: row.risk,
    "refused by": lambda row: words.label(row.declined_by or "not recorded"),
}


def _kept(name: str, why: str = "") -> Listing:
    measure = MEASURES[name]
    return lambda rows, span: [(row, why or measure.name) for row in rows if measure.keeps(row, span)]


def _late(rows: Sequence[Row], span: Span) -> list[tuple[Row, str]]:
    """Outstanding interviews, those late longest first."""
    found = sorted((row for row in rows if outstanding(row, span)), key=lambda row: (row.limit is None, row.limit))
    return [(row, "late" if overdue(row, span) else "due") for row in found]


def _panel(rows: Sequence[Row], span: Span) -> list[tuple[Row, str]]:
    """Whom a panel speaks of, at their latest episode, with every reason there is (BURY-89, LANC-POL-23)."""
    frequent = three_in_28(rows, span)
    latest: dict[str, Row] = {}
    why: dict[str, dict[str, None]] = {}
    for row in (row for row in rows if span.has(row.began)):
        for reason in _reasons(row, span, frequent):
            latest[row.child] = row
            why.setdefault(row.child, {})[reason] = None
    return [(row, "; ".join(why[child])) for child, row in latest.items()]


def _reasons(row: Row, span: Span, frequent: frozenset[str]) -> Iterable[str]:
    if MEASURES["high_risk"].keeps(row, span):
        yield "high risk"
    if row.in_care and MEASURES["over_24h"].keeps(row, span):
        yield "in care and missing 24 hours or more"
    if row.child in frequent:
        yield "three or more in 28 days"


def three_in_28(rows: Sequence[Row], span: Span) -> frozenset[str]:
    """Children with three missing episodes that began within 28 days, the last of them in the period."""
    began: dict[str, list[datetime]] = {}
    for row in rows:
        if row.began and row.began < span.until:
            began.setdefault(row.child, []).append(row.began)
    return frozenset(child for child, times in began.items() if _thrice(sorted(times), span))


def _thrice(times: Sequence[datetime], span: Span) -> bool:
    return any(span.has(last) and last - first <= FOUR_WEEKS for first, last in zip(times, times[2:], strict=False))


def _sample(rows: Sequence[Row], span: Span) -> list[tuple[Row, str]]:
    """Twenty missing episodes, drawn by a hash of their references, so that asking again draws the same ones."""
    mine = [row for row in rows if MEASURES["episodes"].keeps(row, span)]
    drawn = sorted(mine, key=lambda row: hashlib.sha256(f"{span.since}{row.reference}".encode()).digest())
    return [(row, "in the sample") for row in drawn[:20]]


_EPISODES = ("episodes", "children", "repeat_children", "still_missing", "overdue")
_INTERVIEWS = ("owed", "offered", "accepted", "declined", "conducted", "within_72h", "within_local", "overdue")
_WHOLE = (
    *("episodes", "children", "repeat_children", "frequent_children", "over_24h", "over_72h", "still_missing", "absences"),
    *_INTERVIEWS,
    "acknowledged_in_an_hour",
)
_BY_ALL = (("episodes", "team"), ("episodes", "category"), ("episodes", "care"), ("overdue", "team"), ("declined", "refused by"))
_WEEKS = ("weeks", "hours", "timeliness")

DESIGNS: tuple[Design, ...] = (
    Design(
        "weekly_outstanding_rhi_report",
        "interviews",
        "Outstanding return interviews",
        ("children", "outstanding", *_INTERVIEWS),
        (("overdue", "team"), ("outstanding", "team"), ("declined", "refused by")),
        _late,
        ("timeliness",),
        WEEK,
    ),
    Design(
        "weekly_absent_list",
        "absent",
        "Children absent or away",
        ("absences", "absent_children", "children", "overdue"),
        (("absences", "team"), ("absences", "category")),
        _kept("absences"),
        (),
        WEEK,
    ),
    Design(
        "monthly_missing_report",
        "monthly",
        "Missing episodes of the month",
        _EPISODES,
        (("episodes", "team"), ("episodes", "category"), ("overdue", "team")),
        _kept("episodes"),
        ("weeks", "hours"),
    ),
    Design(
        "quarterly_missing_analysis", "quarterly", "Analysis of the quarter", _WHOLE, _BY_ALL, _kept("episodes"), _WEEKS, QUARTER, ("*",)
    ),
    Design("annual_missing_report", "annual", "Missing children in the year", _WHOLE, _BY_ALL, _kept("episodes"), _WEEKS, YEAR, ("*",)),
    Design(
        "cross_borough_trends",
        "trends",
        "Trends and patterns",
        _WHOLE,
        _BY_ALL,
        _kept("episodes"),
        _WEEKS,
        MONTH,
        note="Each borough has its own; put them side by side.",
    ),
    Design(
        "partnership_performance_report",
        "performance",
        "Performance of the partnership",
        (*_INTERVIEWS, "acknowledged_in_an_hour", "children"),
        (("overdue", "team"), ("declined", "refused by")),
        _late,
        ("timeliness",),
        QUARTER,
        ("*", "meeting"),
    ),
    Design(
        "missing_panel_agenda",
        "panel",
        "Agenda of the missing panel",
        _EPISODES,
        (("frequent_children", "team"), ("high_risk", "team")),
        _panel,
        ("weeks",),
    ),
    Design(
        "panel_nominations",
        "nominations",
        "Children to nominate for the panel",
        (*_EPISODES, "high_risk", "absences"),
        (("high_risk", "team"),),
        _panel,
    ),
    Design(
        "panel_submissions",
        "submissions",
        "Children the panel asks the agencies about",
        _EPISODES,
        (("high_risk", "team"),),
        _panel,
        note="What each agency knows goes into its own submission, not into a chat.",
    ),
    Design(
        "frequent_missing_list",
        "frequent",
        "Children who are often missing",
        ("children", "repeat_children", "frequent_children", "overdue"),
        (("repeat_children", "team"),),
        _panel,
    ),
    Design(
        "missing_panel_themes",
        "themes",
        "Themes for the panel",
        ("episodes", "children", "high_risk", "over_24h", "overdue"),
        (("episodes", "category"), ("episodes", "risk"), ("episodes", "care"), ("overdue", "team")),
        _kept("episodes"),
        ("hours", "weeks"),
        note="Links, providers and places are in the records, sealed; bring them to the panel.",
    ),
    Design(
        "bimonthly_police_liaison_pack",
        "police",
        "Liaison with police",
        ("episodes", "children", "repeat_children", "high_risk", "still_missing", "conducted", "overdue"),
        (("episodes", "risk"), ("overdue", "team")),
        _panel,
        ("weeks",),
        Length(months=2),
        ("police_notification", "police_report_reference", "police_log_reference", "interview_shared_with_police", "intelligence_sharing"),
    ),
    Design(
        "care_leaver_weekly_digest",
        "leavers",
        "Missing care leavers",
        ("leavers", "children", "still_missing", "overdue"),
        (("leavers", "team"),),
        _kept("leavers"),
        (),
        WEEK,
    ),
    Design(
        "record_completeness_report",
        "records",
        "What is not recorded yet",
        ("episodes", "children", "care_not_known", "overdue"),
        (("care_not_known", "team"), ("overdue", "team")),
        _kept("care_not_known", "no care status"),
        (),
        MONTH,
        ("record",),
    ),
    Design(
        "documentation_tracking_dashboard",
        "documents",
        "Records, interviews and answers",
        ("episodes", "children", *_INTERVIEWS),
        (("overdue", "team"), ("outstanding", "team")),
        _late,
        ("timeliness",),
        MONTH,
        ("record",),
    ),
    Design(
        "vulnerability_report",
        "vulnerability",
        "Absence and vulnerability",
        ("absences", "absent_children", "high_risk", "children", "overdue"),
        (("absences", "team"), ("episodes", "risk")),
        _kept("absences"),
    ),
    Design(
        "thematic_audit_sample",
        "audit",
        "Sample for the audit",
        (*_EPISODES, "within_local"),
        (("episodes", "team"), ("overdue", "team")),
        _sample,
        (),
        YEAR,
        ("*",),
    ),
)
BY_WORD = {design.word: design for design in DESIGNS}
BY_ID = {design.id: design for design in DESIGNS}


def design(name: str) -> Design | None:
    """The report of this word or id, however it is typed; None when there is none."""
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    return BY_WORD.get(plain) or BY_ID.get(plain)
