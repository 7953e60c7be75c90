"""Dialogs: what is typed is never lost, times are echoed before they are saved, and nothing in the data names a child."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from bot.teams import controls, tags
from bot.teams.dialogs import plain
from storage.errors import Unavailable
from storage.tables import CHILDREN, EPISODES, JOURNAL
from tests.bot.teams.driver import ROOM, filled
from tests.bot.teams.limits import check_card
from tests.bot.teams.scene import Scene
from tests.bot.teams.wire import text_of


async def form(office: Scene, **more: Any) -> dict[str, Any]:
    """The report form, as the message extension opens it."""
    answer = await office.invoke("composeExtension/fetchTask", {"commandId": "report", "commandContext": "compose", **more})
    card: dict[str, Any] = answer["task"]["value"]["card"]["content"]
    check_card(card)
    return card


async def test_a_typed_time_is_echoed_before_anything_is_saved(office: Scene) -> None:
    echo = await office.submit(await form(office), {"missing_since": "23:30", "case_reference": "CASE-1", "narrative": "Left after tea"})
    assert "Missing since: Sat 31 Jan 23:30, 22 h 45 min ago" in text_of(echo)
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(EPISODES)) == 0
    held = filled(echo, {})
    assert held["in:narrative"] == "Left after tea"
    assert "HW-" in text_of(await office.submit(echo, {}))
    with office.look() as session:
        assert session.scalar(sa.select(EPISODES.c.missing_since)).isoformat() == "2026-01-31T23:30:00+00:00"


async def test_nothing_typed_is_in_the_data_of_a_dialog(office: Scene) -> None:
    echo = await office.submit(await form(office), {"missing_since": "21:00", "surname": "Sample", "narrative": "Left after tea"})
    [send] = [element for element in echo["body"] if element["type"] == "ActionSet"]
    assert "Sample" not in json.dumps(send)
    assert "tea" not in json.dumps(send)


async def test_a_day_without_a_time_is_asked_about_and_nothing_is_lost(office: Scene) -> None:
    asked = await office.submit(await form(office), {"missing_since": "2026-02-01", "narrative": "Left after tea"})
    assert "Give the time as well" in text_of(asked)
    assert filled(asked, {})["in:narrative"] == "Left after tea"


async def test_what_cannot_stand_comes_back_with_a_sentence_at_its_field(office: Scene) -> None:
    asked = await office.submit(await form(office), {"missing_since": "2026-02-02T23:00", "narrative": "Left after tea"})
    asked = await office.submit(asked, {})
    assert any(element.get("inlines", [{}])[0].get("color") == "Attention" for element in asked["body"])
    assert filled(asked, {})["in:narrative"] == "Left after tea"
    check_card(asked)


async def test_a_form_sent_in_twice_is_one_report_with_one_answer(office: Scene) -> None:
    echo = await office.submit(await form(office), {"missing_since": "21:00", "case_reference": "CASE-1"})
    first, second = [text_of(await office.submit(echo, {})) for _ in range(2)]
    assert first == second
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(EPISODES)) == 1


async def test_a_message_can_be_reported_from_and_its_words_are_sealed(office: Scene) -> None:
    body = {"contentType": "html", "content": "<p>Sam Sample &amp; a friend</p><p>not back from school</p>"}
    message = {"id": "1", "messageType": "message", "createdDateTime": "2026-02-01T22:00:00Z", "body": body}
    opened = await form(office, commandId="reportFrom", commandContext="message", messagePayload=message)
    assert filled(opened, {})["in:narrative"] == "Sam Sample & a friend\nnot back from school"
    echo = await office.submit(opened, {"missing_since": "21:00", "case_reference": "CASE-1"})
    assert "HW-" in text_of(await office.submit(echo, {}))
    await office.forward(minutes=1)
    assert "Sam" not in str([call.sent for call in office.wire.calls])
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CHILDREN)) == 1


async def test_a_message_that_is_longer_than_a_form_takes_says_how_much_of_it_is_there(office: Scene) -> None:
    body = {"contentType": "html", "content": f"<p>{'Not back. ' * 400}</p>"}
    message = {"id": "1", "messageType": "message", "createdDateTime": "2026-02-01T22:00:00Z", "body": body}
    opened = await form(office, commandId="reportFrom", commandContext="message", messagePayload=message)
    kept = filled(opened, {})["in:narrative"]
    assert f"The message has 3,999 characters; only the first {len(kept):,} are in this form." in text_of(opened)
    assert len(kept) > 2980
    assert kept.endswith(("Not", "back."))
    assert "characters" not in text_of(await form(office))


async def test_the_same_child_is_asked_about_in_the_dialog(office: Scene) -> None:
    await office.report(case_reference="CASE-9")
    echo = await office.submit(await form(office), {"missing_since": "21:10", "case_reference": "CASE-9"}, user="u2")
    asked = await office.submit(echo, {}, user="u2")
    assert "is open for this child" in text_of(asked) or "the same child" in text_of(asked).lower()
    check_card(asked)


async def test_a_dialog_of_another_version_comes_back_with_what_was_typed(office: Scene) -> None:
    opened = await form(office)
    data = filled(opened, {"narrative": "Left after tea"})
    data["form"]["v"] = tags.VERSION + 1
    answer = await office.invoke("task/submit", {"data": data})
    card = answer["task"]["value"]["card"]["content"]
    assert "Homeward was updated" in text_of(card)
    assert filled(card, {})["in:narrative"] == "Left after tea"


@pytest.mark.parametrize(
    "data",
    [None, "text", [], {}, {"form": "x"}, {"form": {"f": 5, "v": 1}}, {"form": {"f": "report", "v": 1, "c": {"a": 1}, "t": {}}}],
)
async def test_a_dialog_we_did_not_write_saves_nothing(office: Scene, data: Any) -> None:
    answer = await office.invoke("task/submit", {"data": data})
    assert "Nothing was saved" in text_of(answer["task"]["value"]["card"]["content"])


async def test_a_form_that_does_not_exist_is_refused_in_a_sentence(office: Scene) -> None:
    answer = await office.invoke("task/submit", {"data": {"form": {"f": "elope", "v": 1, "c": {}, "a": None, "t": {}}}})
    assert text_of(answer["task"]["value"]["card"]["content"]).endswith(".")


@pytest.mark.parametrize("name", ["task/fetch", "composeExtension/fetchTask"])
async def test_a_guest_nobody_knows_gets_a_sentence_where_the_form_would_be(office: Scene, name: str) -> None:
    value = {"data": {"say": "report"}, "commandId": "report", "commandContext": "compose"}
    answer = await office.invoke(name, value, user="guest")
    assert "You are not known here yet" in text_of(answer["task"]["value"]["card"]["content"])


async def test_a_dialog_that_a_guest_sends_in_saves_nothing(office: Scene) -> None:
    card = await office.submit(await form(office), {"missing_since": "21:00"}, user="guest")
    assert "You are not known here yet" in text_of(card)
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(JOURNAL).where(JOURNAL.c.kind == "reported")) == 0


async def test_while_nothing_can_be_saved_the_dialog_stays_as_it_is(office: Scene) -> None:
    opened = await form(office)

    async def fails(*_: Any, **__: Any) -> None:
        raise Unavailable("The disk is full.")

    data = filled(opened, {"narrative": "Left after tea"})
    inbound = office.serving.conversation.inbound
    object.__setattr__(inbound, "act", fails)
    answer = await office.deliver(office.activity("invoke", "u1", ROOM, name="task/submit", value={"data": data}))
    assert answer.status_code == 503


def test_markup_of_a_message_is_taken_out_and_its_lines_stay() -> None:
    assert plain("<div>one<br>two</div><script>x</script>&lt;three&gt;") == "one\ntwo\nx<three>"


def test_inputs_that_no_form_of_ours_has_are_left_out() -> None:
    data = {"in:a": "x", "b": "y", "in:c": 5, "in:t|day": "2026-02-01", "in:t|time": "21:00", "in:u|time": "", "in:": "z"}
    assert controls.filled(data) == {"a": "x", "": "z", "t": "2026-02-01T21:00"}
