"""Two protocols beside each other."""

from policies.load import pack
from policies.side_by_side import side_by_side


def test_every_duty_of_both_stands_in_the_row_of_its_action() -> None:
    rows = side_by_side(pack("bury"), pack("triborough"))
    assert sum(len(row.left) for row in rows) == len(pack("bury").duties)
    assert sum(len(row.right) for row in rows) == len(pack("triborough").duties)
    assert len({row.action for row in rows}) == len(rows)


def test_what_both_ask_for_comes_first_with_who_and_by_when_and_the_clause() -> None:
    rows = side_by_side(pack("bury"), pack("triborough"))
    both = [bool(row.left and row.right) for row in rows]
    assert both == sorted(both, reverse=True)
    meeting = next(row for row in rows if row.action == "strategy meeting")
    assert any("24 h" in line.says and "BURY-60" in line.clauses for line in meeting.left)
    assert any("5 days" in line.says and "TRI-080" in line.clauses for line in meeting.right)


def test_a_protocol_beside_itself_has_nothing_that_only_one_asks_for() -> None:
    assert all(row.left == row.right for row in side_by_side(pack("rutland"), pack("rutland")))
