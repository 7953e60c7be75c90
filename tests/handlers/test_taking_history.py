"""History taken from the case system's extract: it counts on the first day, and can be taken twice."""

from datetime import timedelta
from pathlib import Path

from handlers.desk import actor
from handlers.returns import ssd
from tests.handlers.conftest import MONDAY, Opens
from tests.moments import london
from tests.returns.test_other_returns import read, taken


def test_history_counts_towards_a_threshold_on_the_first_day_and_can_be_taken_twice(opens: Opens, tmp_path: Path) -> None:
    duty = opens(pack="bury@2024-06-21", at=MONDAY)
    began = [london(MONDAY) - timedelta(days=days) for days in (20, 9)]
    rows = [(f"T{n}", "CS-77", ssd.written(at), "M", ssd.written(at + timedelta(hours=5)), "Y", "N") for n, at in enumerate(began, 1)]
    for expected in (2, 0):
        with duty.desk() as desk:
            assert taken(desk, actor(desk, "edt"), read(tmp_path, rows)).episodes == expected
    duty.report(case_reference="CS-77", care_status="child_in_need", category="missing")
    assert len(duty.case().child.episodes) == 3
    assert duty.ever(kind="threshold", text="Three missing episodes in 28 days")
