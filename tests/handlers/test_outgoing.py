"""Posts as the outbox keeps them."""

import json

from handlers.outgoing import Body, Row, body

LINE = Row(rule="brief", says="Write a briefing", kind="due", to=("team_manager",), clauses=("BURY-57",), version=2, buttons=("complete",))
POST = Body(reference="HW-7F3K", headline="HW-7F3K · due now", rows=(LINE,), mentions=("dana",), fallback="Homeward: HW-7F3K needs you")


def test_a_post_comes_back_from_the_outbox_as_it_was() -> None:
    kept = json.loads(json.dumps(POST.stored()))
    assert body(kept) == POST
    assert kept["rows"] == [
        {"rule": "brief", "says": "Write a briefing", "kind": "due", "to": ["team_manager"], "clauses": ["BURY-57"]}
        | {"version": 2, "buttons": ["complete"]}
    ]


def test_a_post_kept_by_an_earlier_version_with_everything_in_it_is_the_same_post() -> None:
    whole = {name: value for name, value in vars(POST).items() if name not in {"join", "enclosed"}} | {"rows": [LINE._asdict()]}
    assert body(json.loads(json.dumps(whole))) == POST
