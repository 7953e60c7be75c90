"""Every figure counted again in plain SQL, from the plan that the year was made from and not from what we made of it."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bench.year.happened import gathered
from bench.year.town import AUTHORITY
from handlers.desk import Desk
from handlers.reports import catalogue, periods, pictures, report, say
from handlers.reports.answers import answers
from handlers.reports.design import QUARTER
from handlers.reports.gatherings import gatherings
from handlers.reports.measures import MEASURES
from handlers.reports.middles import MEDIANS
from handlers.reports.periods import Period
from handlers.reports.rows import Row, Span, load
from policies import words
from tests.generated import NOW, Written

YEAR, MONTH = Period(date(2026, 4, 1), date(2027, 4, 1)), Period(date(2026, 10, 1), date(2026, 11, 1))
SPANS = {"year": YEAR.span, "october, in which the clocks change": MONTH.span}

MISSING = "void = 0 AND missing = 1"
BEGAN = f"{MISSING} AND began >= :since AND began < :until"
OWED = f"{MISSING} AND back >= :since AND back < :until"
LIMIT = "coalesce(due, strftime('%Y-%m-%d %H:%M:%f', back, '+72 hours'))"
OPEN = f"""{MISSING} AND back < :until AND waived = 0
           AND (conducted IS NULL OR conducted >= :until) AND (declined IS NULL OR declined >= :until)"""
GONE = "julianday(min(coalesce(ended, :until), :until)) - julianday(began)"
COUNTS = {
    "episodes": f"SELECT count(*) FROM truth WHERE {BEGAN}",
    "children": f"SELECT count(DISTINCT child) FROM truth WHERE {BEGAN}",
    "repeat_children": f"SELECT count(*) FROM (SELECT child FROM truth WHERE {BEGAN} GROUP BY child HAVING count(*) >= 2)",
    "frequent_children": f"SELECT count(*) FROM (SELECT child FROM truth WHERE {BEGAN} GROUP BY child HAVING count(*) >= 3)",
    "still_missing": f"SELECT count(*) FROM truth WHERE {MISSING} AND began < :until AND (ended IS NULL OR ended >= :until)",
    "from_care": f"SELECT count(*) FROM truth WHERE {BEGAN} AND kind IN ('ours', 'hosted')",
    "from_home": f"SELECT count(*) FROM truth WHERE {BEGAN} AND kind IN ('home', 'leaver')",
    "care_not_known": "SELECT 0",
    "over_24h": f"SELECT count(*) FROM truth WHERE {BEGAN} AND {GONE} >= 1",
    "over_72h": f"SELECT count(*) FROM truth WHERE {BEGAN} AND {GONE} >= 3",
    "high_risk": f"SELECT count(*) FROM truth WHERE {BEGAN} AND risk = 'high'",
    "absences": "SELECT count(*) FROM truth WHERE void = 0 AND missing = 0 AND start >= :since AND start < :until",
    "absent_children": "SELECT count(DISTINCT child) FROM truth WHERE void = 0 AND missing = 0 AND start >= :since AND start < :until",
    "leavers": f"""SELECT count(*) FROM truth WHERE {MISSING} AND kind = 'leaver' AND began < :until
                   AND (began >= :since OR ended IS NULL OR ended >= :until)""",
    "leaver_children": f"""SELECT count(DISTINCT child) FROM truth WHERE {MISSING} AND kind = 'leaver' AND began < :until
                           AND (began >= :since OR ended IS NULL OR ended >= :until)""",
    "owed": f"SELECT count(*) FROM truth WHERE {OWED}",
    "offered": f"SELECT count(*) FROM truth WHERE {OWED} AND offered < :until",
    "accepted": f"SELECT count(*) FROM truth WHERE {OWED} AND accepted < :until",
    "declined": f"SELECT count(*) FROM truth WHERE {OWED} AND declined < :until",
    "not_done": "SELECT 0",
    "conducted": f"SELECT count(*) FROM truth WHERE {OWED} AND conducted < :until",
    "within_72h": f"SELECT count(*) FROM truth WHERE {OWED} AND conducted < :until AND julianday(conducted) - julianday(back) <= 3",
    "within_local": f"SELECT count(*) FROM truth WHERE {OWED} AND conducted < :until AND conducted <= {LIMIT}",
    "outstanding": f"SELECT count(*) FROM truth WHERE {OPEN}",
    "overdue": f"SELECT count(*) FROM truth WHERE {OPEN} AND {LIMIT} < :until",
    "notified": "SELECT count(*) FROM truth WHERE void = 0 AND notified >= :since AND notified < :until",
    "acknowledged_in_an_hour": """SELECT count(*) FROM truth WHERE void = 0 AND notified >= :since AND notified < :until
                                  AND julianday(acknowledged) - julianday(notified) <= 1.0 / 24 + 1e-8""",
}
MIDDLES = {
    "duration": f"SELECT ({GONE}) * 24 FROM truth WHERE {BEGAN} AND ended < :until ORDER BY 1",
    "acknowledge": """SELECT (julianday(acknowledged) - julianday(notified)) * 1440 FROM truth
                      WHERE void = 0 AND notified >= :since AND notified < :until AND acknowledged < :until ORDER BY 1""",
}


@pytest.fixture(scope="session")
def truth(written: Written) -> Iterator[sqlite3.Connection]:
    """The plan as one table, with the protocol's own limits, which the obligations say."""
    told = sqlite3.connect(written.file)
    told.execute(
        """CREATE TEMP TABLE truth (reference PRIMARY KEY, child, kind, team, category, risk, void, missing, start, began, ended,
           back, notified, acknowledged, offered, accepted, declined, conducted, due, waived, met, came, needed, there)"""
    )
    for reference, p in written.plans.items():
        began = p.start if not p.turned_missing or p.known_place is False or p.category.startswith("missing") else p.turned_missing
        needed, came = gathered(p)
        told.execute(
            f"INSERT INTO truth VALUES ({', '.join('?' * 24)})",
            (
                *(reference, p.child.number, p.child.kind, p.child.team, p.category, p.risk, p.void, p.missing, _text(p.start)),
                *(_text(began), _text(p.found), _text(p.returned if p.found else None), _text(p.notified), _text(p.acknowledged)),
                *(_text(p.offered or p.declined), _text(p.accepted), _text(p.declined), _text(p.conducted), None, 0),
                *(_text(p.meeting), len(came), len(needed), sum(agency in came for agency in needed)),
            ),
        )
    told.execute(
        """UPDATE truth SET due = (SELECT min(o.due_at) FROM obligations o JOIN episodes e ON e.id = o.episode_id
           WHERE e.reference = truth.reference AND o.action = 'return_interview' AND o.status != 'void')"""
    )
    yield told
    told.close()


def _text(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if at else None


@pytest.fixture(scope="session")
def rows(written: Written) -> list[Row]:
    from storage.db import transaction  # noqa: PLC0415
    from storage.engines import open_database  # noqa: PLC0415

    engine = open_database(f"sqlite:///{written.file}")
    with transaction(engine) as session:
        found = load(Desk(session, NOW, written.office), AUTHORITY, YEAR.span)
        session.rollback()
    engine.dispose()
    return found


@pytest.mark.parametrize("when", SPANS)
@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_what_plain_sql_counts(truth: sqlite3.Connection, rows: list[Row], name: str, when: str) -> None:
    assert MEASURES[name].of(rows, SPANS[when]) == truth.execute(COUNTS[name], _asked(SPANS[when])).fetchone()[0]


@pytest.mark.parametrize("name", MEDIANS)
def test_a_middle_is_what_plain_sql_sorts(truth: sqlite3.Connection, rows: list[Row], name: str) -> None:
    values = [value for (value,) in truth.execute(MIDDLES[name], _asked(YEAR.span))]
    middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    assert MEDIANS[name].of(rows, YEAR.span) == pytest.approx(middle, abs=0.01)


@pytest.mark.parametrize("when", SPANS)
def test_meetings_and_who_was_there_are_what_plain_sql_counts(truth: sqlite3.Connection, rows: list[Row], when: str) -> None:
    sql = """SELECT count(*), sum(came > 0), sum(came), sum(came > 0), sum(came > 0 AND there = needed)
             FROM truth WHERE void = 0 AND met >= :since AND met < :until"""
    counted = truth.execute(sql, _asked(SPANS[when])).fetchone()
    assert tuple(vars(gatherings(rows, SPANS[when])).values()) == counted
    assert when != "year" or counted[0] > counted[1] > counted[4] > 0


def _asked(span: Span) -> dict[str, str | None]:
    return {"since": _text(span.since), "until": _text(span.until)}


@pytest.mark.parametrize("word", catalogue.BY_WORD)
def test_the_tiles_and_parts_of_every_report_are_those_counts(truth: sqlite3.Connection, year_desk: Desk, word: str) -> None:
    design = catalogue.BY_WORD[word]
    period = periods.holding(design.every, date(2026, 11, 10))
    made = report.make(year_desk, AUTHORITY, design, period)
    before = periods.before(design.every, period).span
    whose = "FROM (SELECT * FROM truth WHERE kind = 'leaver')" if design.only else "FROM truth"
    for tile in made.tiles:
        sql = COUNTS[tile.measure].replace("FROM truth", whose)
        assert (tile.now, tile.before) == tuple(truth.execute(sql, _asked(s)).fetchone()[0] for s in (period.span, before))
    for (measure, key), part in zip(design.parts, made.parts, strict=True):
        if key == "team":
            where = COUNTS[measure]
            teams = {team for (team,) in truth.execute("SELECT DISTINCT team FROM truth")}
            counted = {t: _only(truth, where, t, period.span) for t in teams}
            assert dict(part.counts) == {team: count for team, count in counted.items() if count}


THRICE = f"""SELECT child FROM
             (SELECT child, began, lag(began, 2) OVER (PARTITION BY child ORDER BY began) AS third FROM truth WHERE {MISSING})
             WHERE began >= :since AND began < :until AND julianday(began) - julianday(third) <= 28"""
REASONS = {
    "high risk": f"SELECT child FROM truth WHERE {BEGAN} AND risk = 'high'",
    "in care and missing 24 hours or more": f"SELECT child FROM truth WHERE {BEGAN} AND kind IN ('ours', 'hosted') AND {GONE} >= 1",
    "three or more in 28 days": THRICE,
}
PANEL = " UNION ".join(REASONS.values())
LISTED = {
    "panel": PANEL,
    "nominations": PANEL,
    "submissions": PANEL,
    "police": PANEL,
    "frequent": THRICE,
    "records": "SELECT child FROM truth WHERE 0",
} | dict.fromkeys(("interviews", "performance", "documents"), f"SELECT child FROM truth WHERE {OPEN}")


@pytest.mark.parametrize("word", LISTED)
def test_the_children_a_report_lists_are_those_of_plain_sql_now_and_before(truth: sqlite3.Connection, year_desk: Desk, word: str) -> None:
    design = catalogue.BY_WORD[word]
    period = periods.holding(design.every, date(2026, 11, 10))
    made = report.make(year_desk, AUTHORITY, design, period)
    sql = f"SELECT count(DISTINCT child) FROM ({LISTED[word]})"
    spans = (period.span, periods.before(design.every, period).span)
    assert made.listed_children == tuple(truth.execute(sql, _asked(span)).fetchone()[0] for span in spans)
    assert word == "records" or made.listed_children[0]
    asked, told = answers(made, whole=True)[0]
    (now, before), missing = made.listed_children, made.tile("children").now
    old = word in {"interviews", "performance", "documents"}
    rest = (
        f", old cases included; in the period itself {missing} were missing" if old else f" of the {missing} who were missing in the period"
    )
    assert (asked, told) == (design.lead, f"{now}{rest}")
    assert f"{design.lead}: " in dict(answers(made, whole=True))["Better than before?"], (
        "what the headline counts is compared, nothing else"
    )
    assert f"({now}, was {before} in " in dict(answers(made, whole=True))["Better than before?"]


def test_the_reasons_and_the_teams_of_those_a_panel_speaks_of_are_those_of_plain_sql(truth: sqlite3.Connection, year_desk: Desk) -> None:
    design = catalogue.BY_WORD["submissions"]
    made = report.make(year_desk, AUTHORITY, design, MONTH)
    drawn = pictures.reasons(made, whole=True)
    different = "SELECT count(DISTINCT child) FROM ({})"
    counted = {why: truth.execute(different.format(sql), _asked(MONTH.span)).fetchone()[0] for why, sql in REASONS.items()}
    assert dict(zip(drawn.labels, drawn.series["children"], strict=True)) == {why: count for why, count in counted.items() if count}
    teams = f"SELECT team, count(DISTINCT child) FROM truth WHERE child IN ({PANEL}) GROUP BY 1"
    shown = pictures.listed(made, whole=True)
    assert dict(zip(shown.labels, shown.series["children"], strict=True)) == dict(truth.execute(teams, _asked(MONTH.span)).fetchall())


def test_of_how_many_interviews_a_team_has_so_many_late_is_what_plain_sql_counts(truth: sqlite3.Connection, year_desk: Desk) -> None:
    made = report.make(year_desk, AUTHORITY, catalogue.BY_WORD["monthly"], MONTH)
    late = f"({OPEN} AND {LIMIT} < :until)"
    sql = f"SELECT team, sum({late}), count(*) FROM truth WHERE ({OWED}) OR {late} GROUP BY 1"
    counted = {team: (late, of) for team, late, of in truth.execute(sql, _asked(MONTH.span))}
    said = dict(answers(made, whole=True))["Team furthest behind"]
    large = [team for team, (_, of) in counted.items() if of >= 5]
    highest = max(large, key=lambda team: (counted[team][0] / counted[team][1], counted[team][0]))
    assert said.startswith(f"{highest}, by share late: {counted[highest][0]} of its {counted[highest][1]} interviews (")
    assert [team for team in counted if team in said] == [highest], "one verdict"


def _only(truth: sqlite3.Connection, sql: str, team: str, span: Span) -> int:
    asked = _asked(span) | {"team": team}
    count: int = truth.execute(sql.replace("FROM truth", "FROM (SELECT * FROM truth WHERE team = :team)"), asked).fetchone()[0]
    return count


def test_what_fell_due_is_what_plain_sql_counts(truth: sqlite3.Connection, year_desk: Desk) -> None:
    made = report.make(year_desk, AUTHORITY, catalogue.BY_WORD["quarterly"], periods.holding(QUARTER, date(2026, 11, 10)))
    sql = """SELECT o.action, count(*),
                    sum(o.status = 'met' AND o.completed_at < :until AND o.completed_at <= o.due_at),
                    sum(o.status = 'met' AND o.completed_at < :until AND o.completed_at > o.due_at),
                    sum(o.status = 'open' OR (o.status = 'met' AND o.completed_at >= :until)), sum(o.status = 'waived')
             FROM obligations o JOIN episodes e ON e.id = o.episode_id
             WHERE e.status != 'void' AND o.status != 'void' AND o.due_at >= :since AND o.due_at < :until GROUP BY 1 ORDER BY 1"""
    assert [tuple(vars(mark).values()) for mark in made.marks] == truth.execute(sql, _asked(made.span)).fetchall()
    [in_time] = [line for line in say.lines(made, whole=True) if line.startswith("Meetings held in time")]
    kinds = ", ".join(f"'{action}'" for action, kind in words.actions().items() if kind == "meeting")
    of_meetings = f"""SELECT sum(o.status = 'met' AND o.completed_at < :until AND o.completed_at <= o.due_at), sum(o.status != 'waived')
                      FROM obligations o JOIN episodes e ON e.id = o.episode_id WHERE o.action IN ({kinds})
                      AND e.status != 'void' AND o.status != 'void' AND o.due_at >= :since AND o.due_at < :until"""
    assert in_time == "Meetings held in time: {} of {} that fell due".format(*truth.execute(of_meetings, _asked(made.span)).fetchone())
    escalations = "SELECT count(*) FROM pings WHERE kind = 'escalation' AND at >= :since AND at < :until"
    assert made.escalations == truth.execute(escalations, _asked(made.span)).fetchone()[0]
