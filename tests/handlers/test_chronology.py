"""A chronology for a review: what happened and when it was written down, what was owed, what was sent, and where it all stands."""

from handlers.chronicle.chronology import KEPT_BACK, Chronology, chronology
from handlers.desk import actor
from storage import episodes
from tests.fakes import AUTHORITY, Duty

SECRET = "Robin Example was at 3 Nowhere Lane"


def of(duty: Duty, *, whole_child: bool = False, redacted: bool = False, by: str = "social_worker") -> Chronology:
    with duty.desk() as desk:
        row = episodes.by_reference(desk.session, duty.reference)
        assert row is not None
        return chronology(desk, actor(desk, by, AUTHORITY), row, whole_child=whole_child, redacted=redacted)


def story(duty: Duty) -> None:
    duty.report(case_reference="CS-1", care_status="looked_after", missing_since="2026-02-02 08:00", narrative=SECRET)
    duty.hear(f"note {duty.reference} {SECRET}")
    duty.forward(hours=30)
    duty.type("found", found_at="2026-02-03 09:30")
    duty.forward(hours=1)


def test_everything_is_in_it_with_its_proof(duty: Duty) -> None:
    story(duty)
    made = of(duty)
    said = "\n".join(f"{e.who}: {e.what} {e.own_words}" for e in made.events)
    assert "Reported: missing, missing since Mon 2 Feb 08:00 2026" in said
    assert "Found Tue 3 Feb 09:30 2026" in said
    assert said.count(SECRET) == 2
    assert "Sent to" in said
    assert [e for e in made.events if e.recorded and "Found" in e.what]
    assert all(e.anchor for e in made.events)
    assert {e.at for e in made.events} == {e.at for e in sorted(made.events, key=lambda e: e.at)}
    assert any(one.ended.startswith("open") for one in made.owed)
    assert any("TRI-" in one.what for one in made.owed)
    assert "homeward audit verify" in made.anchors


def test_a_redacted_one_has_nobodys_words_and_no_name(duty: Duty) -> None:
    story(duty)
    made = of(duty, redacted=True)
    said = "\n".join(f"{e.who}: {e.what} {e.own_words}" for e in made.events) + "\n".join(made.summary)
    assert SECRET not in said
    assert "Robin" not in said
    assert KEPT_BACK in said
    assert "Shown privately" not in said
    assert {e.who for e in made.events} <= {"edt", "social worker", "Homeward", "EDT", "police"}


def test_a_childs_chronology_has_all_episodes_in_order(duty: Duty) -> None:
    story(duty)
    first = duty.reference
    duty.report(case_reference="CS-1", care_status="looked_after")
    made = of(duty, whole_child=True)
    assert duty.reference != first
    assert {one.reference for one in made.owed} == {first, duty.reference}
    assert [e.at for e in made.events] == sorted(e.at for e in made.events)
    assert {first, duty.reference} <= {word.rstrip(":") for e in made.events for word in e.what.split()}
