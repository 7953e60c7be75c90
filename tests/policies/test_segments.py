"""How an episode's category runs over time: what counts as missing, what lapses, what is made anew by reclassifying."""

from policies.pack import Pack
from policies.segments import missing_stretches, segments
from tests.policies.stories import Story, asked, of, reported, statuses
from tests.protocols import duty, protocol

PACK = protocol()
AWAY = "away_from_placement_without_authorisation"


def run(story: Story, pack: Pack = PACK) -> list[tuple[str, str, str | None, bool]]:
    """(category, from, to, missing) of each stretch, times as day and clock in UTC."""
    return [
        (s.category, f"{s.start:%d %H:%M}", f"{s.end:%d %H:%M}" if s.end else None, s.missing) for s in segments(pack, story.episode, 14)
    ]


def test_a_missing_child_is_missing_until_found() -> None:
    assert run(reported("2026-02-02 10:00", since="2026-02-02 08:00")) == [("missing", "02 08:00", None, True)]
    assert run(reported("2026-02-02 10:00").found("2026-02-03 09:00")) == [("missing", "02 10:00", "03 09:00", True)]


def test_an_agreed_limit_that_passes_makes_the_child_missing() -> None:
    away = reported("2026-02-02 18:00", AWAY, absence_limit_at="2026-02-02 23:00")
    assert run(away) == [(AWAY, "02 18:00", "02 23:00", False), ("missing", "02 23:00", None, True)]


def test_back_before_the_limit_was_never_missing() -> None:
    away = reported("2026-02-02 18:00", AWAY, absence_limit_at="2026-02-02 23:00").found("2026-02-02 22:59")
    assert run(away) == [(AWAY, "02 18:00", "02 22:59", False)]


def test_back_at_the_very_limit_was_never_missing() -> None:
    away = reported("2026-02-02 18:00", AWAY, absence_limit_at="2026-02-02 23:00").found("2026-02-02 23:00")
    assert run(away) == [(AWAY, "02 18:00", "02 23:00", False)]


def test_a_limit_agreed_anew_moves_the_lapse() -> None:
    away = reported("2026-02-02 18:00", AWAY, absence_limit_at="2026-02-02 23:00").set(
        "2026-02-02 22:00", absence_limit_at="2026-02-03 01:00"
    )
    assert run(away)[1] == ("missing", "03 01:00", None, True)


def test_an_absence_without_a_limit_does_not_lapse() -> None:
    assert run(reported("2026-02-02 18:00", AWAY)) == [(AWAY, "02 18:00", None, False)]


def test_a_suspected_place_not_verified_within_the_hour_makes_the_child_missing() -> None:
    suspected = reported("2026-02-02 18:00", "whereabouts_known", since="2026-02-02 17:00", whereabouts_suspected=True)
    assert run(suspected)[1] == ("missing", "02 19:00", None, True)
    verified = suspected.set("2026-02-02 18:30", whereabouts_known=True)
    assert [category for category, *_ in run(verified)] == ["whereabouts_known"]


def test_marks_count_from_the_lapse_or_from_the_start_if_nobody_knew_where() -> None:
    mark = protocol(duty("tell", "dcs_notification", anchor="missing_since", due="PT24H", basis="mark"))
    known = reported(
        "2026-02-02 18:00", AWAY, absence_limit_at="2026-02-02 23:00"
    )  # an absence: the place is known unless somebody says no
    unknown = reported("2026-02-02 18:00", AWAY, absence_limit_at="2026-02-02 23:00", whereabouts_known=False)
    ((of_known,), (of_unknown,)) = (of(asked(mark, story, now="2026-02-03 12:00"), "dcs_notification") for story in (known, unknown))
    assert f"{of_known.due:%d %H:%M}" == "03 23:00"
    assert f"{of_unknown.due:%d %H:%M}" == "03 18:00"


def test_reclassified_to_absent_ends_the_marks_and_back_to_missing_begins_new_ones() -> None:
    mark = protocol(duty("tell", "dcs_notification", anchor="missing_since", due="PT24H", basis="mark"))
    missing = reported("2026-02-02 10:00")
    absent = missing.then("reclassified", "2026-02-02 15:00", category="absent")
    again = absent.then("reclassified", "2026-02-02 20:00", category="missing")
    assert run(again) == [
        ("missing", "02 10:00", "02 15:00", True),
        ("absent", "02 15:00", "02 20:00", False),
        ("missing", "02 20:00", None, True),
    ]
    assert [f"{o.due:%d %H:%M}" for o in of(asked(mark, missing, now="2026-02-02 21:00"), "dcs_notification")] == ["03 10:00"]
    assert of(asked(mark, absent, now="2026-02-04 12:00"), "dcs_notification") == []
    assert [f"{o.due:%d %H:%M}" for o in of(asked(mark, again, now="2026-02-04 12:00"), "dcs_notification")] == ["03 20:00"]


def test_reclassified_as_of_the_start_was_never_missing() -> None:
    never = reported("2026-02-02 10:00", since="2026-02-02 08:00").then(
        "reclassified", "2026-02-02 15:00", category="absent", since="2026-02-02 08:00"
    )
    assert run(never) == [("absent", "02 08:00", None, False)]
    on_report = protocol(duty("record", "missing_record", when={"fact": "was_missing", "is": True}))
    assert statuses(asked(on_report, never, now="2026-02-02 16:00")) == {}


def test_one_missing_category_after_another_is_one_time_missing() -> None:
    pack = protocol(
        categories={"missing": PACK.categories["missing"].model_dump(), "missing_from_care": PACK.categories["missing"].model_dump()}
    )
    story = reported("2026-02-02 10:00").then("reclassified", "2026-02-02 12:00", category="missing_from_care")
    assert len(segments(pack, story.episode, 14)) == 2
    assert len(missing_stretches(segments(pack, story.episode, 14))) == 1


def test_a_correction_to_after_a_later_change_leaves_no_stretch_that_ends_before_it_begins() -> None:
    story = (
        reported("2026-02-02 10:00", since="2026-02-02 08:00")
        .then("reclassified", "2026-02-02 11:00", category="absent")
        .then("corrected", "2026-02-02 12:00", missing_since="2026-02-02 11:30")
    )
    for stretch in segments(PACK, story.episode, 14):
        assert stretch.end is None or stretch.end > stretch.start
    assert [category for category, *_ in run(story)][-1] == "absent"


def test_a_category_the_protocol_no_longer_has_counts_as_not_missing() -> None:
    assert run(reported("2026-02-02 10:00", "absconder")) == [("absconder", "02 10:00", None, False)]
