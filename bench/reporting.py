"""A report: from the form sent in to the durable commit and the answer."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.line import Line
from bench.office import database, office
from handlers.desk import Desk
from handlers.frontdesk import hearing, submitting
from handlers.incoming import Said, Submitted
from handlers.outgoing import Answer, Form
from storage.db import transaction

LIMIT = 100.0  # ms of processor time (the first of nine)
TIMES = 40
PACK = "triborough@2017-12-01"


def measure() -> list[Line]:
    """The median of many reports of different children in one database, after the first."""
    bench = office(PACK)
    spent: list[float] = []
    with database(Path("build")) as engine:
        for n in range(TIMES + 1):
            now = datetime(2026, 2, 2, 10, tzinfo=UTC) + timedelta(minutes=n)
            with transaction(engine) as session:
                form = hearing.hear(Said("report", "edt"), Desk(session, now, bench))
            assert isinstance(form, Form)
            values = {f.id: f.value for f in form.fields} | {"case_reference": f"CS-{n}", "missing_since": "09:00"}
            began = time.process_time()
            with transaction(engine) as session:
                answer = submitting.submit(Submitted(form.id, values, "edt", dict(form.context)), Desk(session, now, bench))
            spent.append((time.process_time() - began) * 1000)
            assert isinstance(answer, Answer)
    return [Line("report: form sent in to durable commit and answer, CPU", statistics.median(spent[1:]), LIMIT, "ms")]
