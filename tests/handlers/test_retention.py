"""What is over is erased in its time: keys destroyed, posts blanked, a tombstone kept; a legal hold keeps it."""

import json

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from handlers import retention
from handlers.clock import run_all
from handlers.cycles.retain import retain
from handlers.desk import actor
from handlers.errors import Refused, Undeliverable
from handlers.outgoing import plain
from storage import children, journal, verify
from storage import retention as stored
from tests.attack.canaries import CANARIES, leaks
from tests.fakes import AUTHORITY, KEYS, Duty
from tests.handlers.conftest import Opens, opens_on
from tests.moments import london
from tests.protocols import duty as rule

BY = "la_missing_coordinator"


@pytest.fixture
def opens(engine: Engine) -> Opens:
    """On each database: what is destroyed must be gone from both."""
    return opens_on(engine)


@pytest.fixture
def over(opens: Opens) -> Duty:
    """An episode that was closed and forgotten."""
    duty = opens(rule("brief", "written_briefing", owner="team_manager", due="PT4H"))
    duty.report(missing_since="09:30", surname="Canary", narrative="a secret", case_reference="CS-1")
    duty.forward(hours=5)
    duty.type("found", found_at="14:00", note="at the station")
    duty.type("close", reason="back home")
    return duty


def due(duty: Duty) -> list[str]:
    with duty.desk() as desk:
        return [retention.line(desk, actor(desk, BY), one) for one in retention.due(desk, AUTHORITY)]


def test_a_record_is_due_25_months_after_it_was_closed_and_not_before(over: Duty) -> None:
    over.now = over.now.replace(year=2028, month=3, day=1)
    assert due(over) == []
    over.now = over.now.replace(day=3)
    assert due(over) == [f"{over.reference}: over since Mon 2 Feb 15:00 2026"]


def test_erasing_destroys_the_keys_blanks_the_posts_and_keeps_a_tombstone(over: Duty) -> None:
    over.now = over.now.replace(year=2028, month=3, day=3)
    with over.desk() as desk:
        assert len(retention.run(desk, actor(desk, BY), "25 months are over")) == 1
    over.forward(minutes=1)
    assert all(over.reference not in plain(over.now_shown(p.post.id)) for _, p in over.platform.sent if p.post.episode_id)
    assert {over.now_shown(p.post.id).headline for _, p in over.platform.sent if p.post.episode_id} == {"Erased"}
    child = over.episode.child_id
    with over.desk() as desk:
        entries = journal.of_authority(desk.session, KEYS, AUTHORITY, 0, 200)
        assert verify.verify(desk.session) == [], "the chain still holds"
        assert stored.not_blanked(desk.session, AUTHORITY) == []
        assert children.identity(desk.session, KEYS, child) == {}
    assert all(e.erased and not e.payload for e in entries if e.child_id)
    tomb = entries[-1]
    assert (tomb.kind, tomb.payload["references"], tomb.payload["reason"]) == ("erased", [over.reference], "25 months are over")
    with pytest.raises(Refused, match="is erased: what was known of it is destroyed"):
        over.hear(f"status {over.reference}", "team_manager")
    assert due(over) == [], "and not again"
    over.forward(days=1)
    again = over.report(missing_since="09:30", case_reference="CS-1")
    assert "is open" in again.text, "the same case number is another child's from now on"


def test_after_an_erasure_no_table_and_no_entry_tells_of_the_child_nor_of_one_merged_with_it(over: Duty) -> None:
    told = {name: CANARIES[name] for name in ("surname", "initials", "case_reference", "narrative", "on_behalf", "date_of_birth")}
    into = over.reference
    over.type("reopen", reason=CANARIES["reason"])
    over.report(missing_since="14:30", **told)
    over.type("note", text=CANARIES["note"])
    over.submit(over.hear(f"merge {over.reference}", BY), BY, into=into, what="two", reason=CANARIES["reason"], agreed="yes")
    for reference in (over.reference, into):
        over.reference = reference
        over.type("found", found_at="14:50", note=CANARIES["note"], seen_by=CANARIES["seen_by"])
        over.type("close", reason=CANARIES["reason"])
    assert leaks(opened(over)), "while it is kept, it can be read"
    over.now = over.now.replace(year=2028, month=4, day=3)
    with over.desk() as desk:
        (gone,) = retention.run(desk, actor(desk, BY), "25 months are over")
    over.forward(minutes=1)
    assert len(gone.references) == 2
    assert leaks(opened(over)) == []


def opened(duty: Duty) -> str:
    """Every row of every table, and every entry of the journal and child's identity that still opens."""
    with duty.desk() as desk:
        metadata = sa.MetaData()
        metadata.reflect(desk.session.connection())
        rows = [repr(row) for table in metadata.sorted_tables for row in desk.session.execute(sa.select(table))]
        ids = list(desk.session.scalars(sa.text("SELECT id FROM children")))
        known = children.identities(desk.session, KEYS, ids)
        return repr([rows, known, journal.of_authority(desk.session, KEYS, AUTHORITY, 0, 500)])


def test_a_platform_that_refuses_the_edit_is_listed(over: Duty) -> None:
    with over.desk() as desk:
        retention.erase(desk, actor(desk, BY), over.reference, "the court ordered it")
    over.platform.trouble = [Undeliverable("cant_update_message")] * 3
    over.forward(minutes=10)
    with over.desk() as desk:
        said = retention.refused(desk, actor(desk, BY))
    assert len(said) == 3
    assert all(line.startswith("recorded, Westbrook, ") and line.endswith(": refused") for line in said)


def test_once_a_month_it_is_said_whose_time_is_over_and_nothing_is_erased(over: Duty) -> None:
    def told() -> list[str]:
        assert retain(over.desks_at(over.now)) in {0, 1}
        run_all(over.desks_at(over.now), over.platforms)
        return [seen.text for seen in over.ever(kind="alarm") if "Nothing is erased by itself" in seen.text]

    over.now = london("2028-03-01 10:00")
    assert told() == [], "its time is not over yet"
    over.now = london("2028-04-01 10:00")
    assert told() == [], "a Saturday"
    over.now = london("2028-04-03 08:00")
    assert told() == [], "before nine"
    over.now = london("2028-04-03 09:00")
    (said,) = told()
    assert f"The record of one child is older than the 25 months that they are kept: {over.reference}." in said
    over.now = london("2028-04-20 10:00")
    assert len(told()) == 1, "once a month"
    over.now = london("2028-05-02 10:00")
    assert len(told()) == 2, "and again the next"
    assert len(due(over)) == 1, "nothing was erased"
    with over.desk() as desk:
        retention.hold(desk, actor(desk, BY), over.reference, "a review")
    over.now = london("2028-06-01 10:00")
    assert len(told()) == 2, "a legal hold keeps it, so nobody is asked to erase it"


def test_a_legal_hold_keeps_it(over: Duty) -> None:
    over.now = over.now.replace(year=2028, month=3, day=3)
    with over.desk() as desk:
        who = actor(desk, BY)
        retention.hold(desk, who, over.reference, "a review")
        assert retention.run(desk, who, "25 months are over") == []
        with pytest.raises(Refused, match="A legal hold lies on"):
            retention.erase(desk, who, over.reference, "x")
    assert "; a legal hold keeps it" in due(over)[0]
    with over.desk() as desk:
        who = actor(desk, BY)
        retention.hold(desk, who, over.reference, "the review is over", release=True)
        assert len(retention.run(desk, who, "25 months are over")) == 1


def test_only_some_may_and_only_what_is_over(over: Duty) -> None:
    with over.desk() as desk, pytest.raises(Refused, match="do not include 'records'"):
        retention.erase(desk, actor(desk, "social_worker"), over.reference, "x")
    over.type("reopen", reason="gone again")
    with over.desk() as desk, pytest.raises(Refused, match="is not closed"):
        retention.erase(desk, actor(desk, BY), over.reference, "x")


def test_a_subject_reads_everything_that_is_kept(over: Duty) -> None:
    with over.desk() as desk:
        text = json.dumps(retention.everything(desk, actor(desk, BY), over.reference, "a request"))
        assert journal.of_authority(desk.session, KEYS, AUTHORITY, 0, 200)[-1].kind == "exported"
    for told in ("Canary", "a secret", "at the station", "back home", "CS-1", over.reference, "social_worker"):
        assert told in text
