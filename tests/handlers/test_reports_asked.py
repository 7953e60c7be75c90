"""A report of what has just been recorded, and of nothing at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from sqlalchemy import Engine, text

from handlers.cycles.report import report_all
from handlers.desk import Desk
from tests import protocols
from tests.fakes import Duty, town
from tests.moments import london

PACK = "westbrook@2020-01-01"


def test_without_any_episode_there_is_nothing_to_report_and_asking_gives_noughts(duty: Duty) -> None:
    report_all(duty.desks_at(duty.now))
    assert duty.ever(kind="report") == []
    told = duty.answer(duty.hear("reports monthly")).text
    assert "Children missing: 0" in told
    assert "Nothing is late" in told


def test_what_is_recorded_now_is_counted_now(duty: Duty) -> None:
    duty.report(case_reference="CS-1", care_status="looked_after")
    assert "Children missing: 1" in duty.answer(duty.hear("reports monthly 2026-02")).text
    duty.type("void", by="team_manager", reason="entered twice")
    assert "Children missing: 0" in duty.answer(duty.hear("reports monthly 2026-02")).text


def test_of_two_processes_that_count_one_period_at_once_one_reports_it(postgresql: Engine) -> None:
    asked = {"report": "weekly_outstanding_rhi_report", "every": "P7D", "owner": "team_manager", "clauses": [protocols.CITED]}
    duty = Duty(postgresql, town(PACK), london("2026-02-04 10:00"), {PACK: protocols.text(reports=[asked])})
    duty.report(missing_since="09:00")
    now, both = london("2026-02-09 09:00"), Barrier(2)

    @contextmanager
    def readers() -> Iterator[Desk]:
        both.wait(20)  # neither has written anything when the other counts
        with duty.desks_at(now)() as desk:
            yield desk

    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda _: report_all(duty.desks_at(now), readers), range(2)))
    assert sorted(made) == [0, 1]
    with duty.desk() as desk:
        posts = desk.session.scalars(text("SELECT key FROM posts WHERE kind = 'report' ORDER BY id")).all()
    assert len(posts) == 2  # the figures and their picture
    assert posts[1] == f"{posts[0]}:picture:0"
