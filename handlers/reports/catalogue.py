"""Every report the protocols ask for."""

from __future__ import annotations

from handlers.reports.design import MONTH, QUARTER, WEEK, YEAR, Design
from handlers.reports.listings import kept, late, often, panel, sample
from policies.worktime import Length

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
        late,
        ("timeliness",),
        WEEK,
        lead="Children not interviewed",
    ),
    Design(
        "weekly_absent_list",
        "absent",
        "Children absent or away",
        ("absences", "absent_children", "overdue"),
        (("absences", "team"), ("absences", "category")),
        kept("absences"),
        every=WEEK,
        about="absent_children",
    ),
    Design(
        "monthly_missing_report",
        "monthly",
        "Missing episodes of the month",
        _EPISODES,
        (("episodes", "team"), ("episodes", "category"), ("overdue", "team")),
        kept("episodes"),
        ("weeks", "hours"),
    ),
    Design(
        "quarterly_missing_analysis", "quarterly", "Analysis of the quarter", _WHOLE, _BY_ALL, kept("episodes"), _WEEKS, QUARTER, ("*",)
    ),
    Design("annual_missing_report", "annual", "Missing children in the year", _WHOLE, _BY_ALL, kept("episodes"), _WEEKS, YEAR, ("*",)),
    Design(
        "cross_borough_trends",
        "trends",
        "Trends and patterns",
        _WHOLE,
        _BY_ALL,
        kept("episodes"),
        _WEEKS,
        MONTH,
        note="Each borough has its own; put them side by side.",
        finding="pattern",
    ),
    Design(
        "partnership_performance_report",
        "performance",
        "Performance of the partnership",
        (*_INTERVIEWS, "acknowledged_in_an_hour", "children"),
        (("overdue", "team"), ("declined", "refused by")),
        late,
        ("timeliness",),
        QUARTER,
        ("*", "meeting"),
        lead="Children not interviewed",
    ),
    Design(
        "missing_panel_agenda",
        "panel",
        "Agenda of the missing panel",
        _EPISODES,
        (("frequent_children", "team"), ("high_risk", "team")),
        panel,
        ("weeks",),
        lead="Children on the agenda",
    ),
    Design(
        "panel_nominations",
        "nominations",
        "Children to nominate for the panel",
        (*_EPISODES, "high_risk", "absences"),
        (("high_risk", "team"),),
        panel,
        ("reasons",),
        note="Each agency may nominate others: reported missing, not reported, or absent.",
        lead="Children to nominate",
    ),
    Design(
        "panel_submissions",
        "submissions",
        "Children the panel asks the agencies about",
        ("children", "over_24h", "from_care", "from_home", "overdue"),
        (("from_care", "team"), ("over_24h", "team")),
        panel,
        ("listed",),
        note="What each agency knows goes into its own submission, not into a chat.",
        lead="Children to ask about",
    ),
    Design(
        "frequent_missing_list",
        "frequent",
        "Children who are often missing",
        ("children", "repeat_children", "frequent_children", "overdue"),
        (("repeat_children", "team"),),
        often,
        ("listed",),
        lead="Missing 3 times in 28 days",
    ),
    Design(
        "missing_panel_themes",
        "themes",
        "Themes for the panel",
        ("episodes", "children", "high_risk", "over_24h", "overdue"),
        (("episodes", "category"), ("episodes", "risk"), ("episodes", "care"), ("overdue", "team")),
        kept("episodes"),
        ("hours", "weeks"),
        note="Links, providers and places are in the records, sealed; bring them to the panel.",
        finding="themes",
    ),
    Design(
        "bimonthly_police_liaison_pack",
        "police",
        "Liaison with police",
        ("episodes", "children", "repeat_children", "high_risk", "still_missing", "conducted", "overdue"),
        (("episodes", "risk"), ("overdue", "team")),
        panel,
        ("weeks",),
        Length(months=2),
        ("police_notification", "police_report_reference", "police_log_reference", "interview_shared_with_police", "intelligence_sharing"),
        lead="Children to speak about",
    ),
    Design(
        "care_leaver_weekly_digest",
        "leavers",
        "Missing care leavers",
        ("leavers", "leaver_children", "still_missing", "overdue"),
        (("leavers", "team"),),
        kept("leavers"),
        every=WEEK,
        about="leaver_children",
        only=lambda row: row.leaver,
    ),
    Design(
        "record_completeness_report",
        "records",
        "What is not recorded yet",
        ("episodes", "children", "care_not_known", "overdue"),
        (("care_not_known", "team"), ("overdue", "team")),
        kept("care_not_known", "no care status"),
        marks=("record",),
        lead="Children, no care status",
    ),
    Design(
        "documentation_tracking_dashboard",
        "documents",
        "Records, interviews and answers",
        ("episodes", "children", *_INTERVIEWS),
        (("overdue", "team"), ("outstanding", "team")),
        late,
        ("timeliness",),
        marks=("record",),
        lead="Children not interviewed",
    ),
    Design(
        "vulnerability_report",
        "vulnerability",
        "Absence and vulnerability",
        ("absences", "absent_children", "high_risk", "overdue"),
        (("absences", "team"), ("episodes", "risk")),
        kept("absences"),
        about="absent_children",
    ),
    Design(
        "thematic_audit_sample",
        "audit",
        "Sample for the audit",
        (*_EPISODES, "within_local"),
        (("episodes", "team"), ("overdue", "team")),
        sample,
        every=YEAR,
        marks=("*",),
        lead="Children in the sample",
    ),
)
BY_WORD, BY_ID = {design.word: design for design in DESIGNS}, {design.id: design for design in DESIGNS}


def design(name: str) -> Design | None:
    """The report of this word or id, however it is typed; None when there is none."""
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    return BY_WORD.get(plain) or BY_ID.get(plain)
