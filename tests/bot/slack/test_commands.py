"""What people type."""

import json

import sqlalchemy as sa

from tests.bot.slack.scene import Scene


async def test_help_prints_the_words_this_person_may_use(office: Scene) -> None:
    answer = json.dumps(await office.command("help"), ensure_ascii=False)
    assert "report — Report a child" in answer
    assert "link" not in answer
    assert "link" in json.dumps(await office.command("help", user="U4"))


async def test_a_near_miss_is_answered_with_the_word_that_was_probably_meant(office: Scene) -> None:
    assert "report" in json.dumps(await office.command("reprot"))


async def test_another_command_is_answered_with_ours(office: Scene) -> None:
    assert "/missing" in (await office.command("x", command="/other"))["text"]


async def test_the_report_form_opens_at_once_and_is_then_filled(office: Scene) -> None:
    assert await office.command("report", trigger="trigger.now") == ""
    assert [call.method for call in office.wire.calls] == ["views.open", "views.update"]
    assert office.wire.of("views.open")[0]["trigger_id"] == "trigger.now"
    assert office.wire.of("views.update")[0]["view_id"] == "V1"
    assert "999" in json.dumps(office.wire.last_view())


async def test_typed_words_fill_the_form(office: Scene) -> None:
    await office.command("report absent since 21:30, case LC-4711, high risk")
    blocks = {block["block_id"]: block["element"] for block in office.wire.last_view()["blocks"] if block["type"] == "input"}
    assert blocks["category"]["initial_option"]["value"] == "absent"
    assert (blocks["missing_since|day"]["initial_date"], blocks["missing_since|time"]["initial_time"]) == ("2026-02-01", "21:30")
    assert blocks["case_reference"]["initial_value"] == "LC-4711"
    assert blocks["risk_level"]["initial_option"]["value"] == "high"
    assert "since 21:30" in blocks["narrative"]["initial_value"]


async def test_a_form_that_slack_does_not_open_is_said_where_it_was_asked_for(office: Scene) -> None:
    office.wire.refuse["views.open"] = "expired_trigger"
    await office.command("report")
    assert "did not open the form" in office.told()


async def test_a_verb_with_everything_said_is_done_and_answered(office: Scene) -> None:
    reference = await office.report()
    answer = json.dumps(await office.command(f"note {reference} seen near the station"))
    assert f"Kept with {reference}" in answer
    assert "station" not in json.dumps([call.sent for call in office.wire.calls if call.method == "chat.postMessage"])


async def test_the_same_delivery_of_a_command_twice_writes_once(office: Scene) -> None:
    reference = await office.report()
    first = await office.command(f"note {reference} once", trigger="trigger.same")
    again = await office.command(f"note {reference} once", trigger="trigger.same")
    assert first == again
    with office.look() as session:
        noted = session.scalar(sa.text("select count(*) from journal where kind = 'noted'"))
    assert noted == 1


async def test_every_verb_of_the_table_opens_a_form_or_answers(office: Scene) -> None:
    reference = await office.report()
    for line in (
        "found",
        "have",
        "done",
        "correct",
        "undo",
        "reclassify",
        "waive",
        "extend",
        "held",
        "interview",
        "decide",
        "answer",
        "close",
    ):
        office.wire.calls.clear()
        await office.command(f"{line} {reference}", user="U3")
        assert office.wire.calls[-1].method == "views.update", line
        assert office.wire.last_view()["callback_id"] != "form:loading"
    for line in ("list", "mine", f"status {reference}"):
        assert reference in json.dumps(await office.command(line, user="U2"))


async def test_a_command_without_its_reference_says_how_it_is_typed(office: Scene) -> None:
    assert "found HW-7F3K" in json.dumps(await office.command("found"))


async def test_an_unknown_reference_is_refused_in_the_window_that_opened(office: Scene) -> None:
    await office.command("found HW-0000")
    assert "There is no episode HW-0000" in json.dumps(office.wire.last_view())


async def test_what_a_refused_command_said_is_given_back(office: Scene) -> None:
    assert "You typed: /missing note HW-0000 a long text" in json.dumps(await office.command("note HW-0000 a long text"))


async def test_markup_and_mentions_in_what_is_typed_stay_words(office: Scene) -> None:
    answer = json.dumps(await office.command("<!channel> *bold* <@U1>"))
    assert "<!channel>" not in answer
    assert "<@U1>" not in answer
    assert "&lt;!channel&gt;" in answer


async def test_a_message_can_be_reported_from(office: Scene) -> None:
    payload = {
        "type": "message_action",
        "callback_id": "report_from_message",
        "trigger_id": "trigger.message",
        "user": {"id": "U1", "team_id": "T1"},
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "message": {"text": "she left after tea", "ts": "1.2"},
        "response_url": f"{office.wire.url}/answer",
    }
    await office.interact(payload)
    blocks = {block["block_id"]: block for block in office.wire.last_view()["blocks"]}
    assert blocks["narrative"]["element"]["initial_value"] == "she left after tea"
    assert "she left after tea" not in office.wire.last_view()["private_metadata"]


async def test_a_message_that_is_longer_than_a_form_takes_says_how_much_of_it_is_there(office: Scene) -> None:
    payload = {"type": "message_action", "callback_id": "report_from_message", "trigger_id": "t", "user": {"id": "U1", "team_id": "T1"}}
    await office.interact({**payload, "team": {"id": "T1"}, "channel": {"id": "C1"}, "message": {"text": "Not back. " * 400, "ts": "1.2"}})
    blocks = {block["block_id"]: block for block in office.wire.last_view()["blocks"]}
    kept = blocks["narrative"]["element"]["initial_value"]
    assert 2980 < len(kept) <= 3000
    assert not kept.endswith("…")
    assert f"The message has 3,999 characters; only the first {len(kept):,} are in this form." in json.dumps(blocks["form-note"])


async def test_the_shortcut_opens_the_form_anywhere(office: Scene) -> None:
    base = {"trigger_id": "t", "user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}}
    await office.interact({"type": "shortcut", "callback_id": "report_missing", **base})
    assert office.wire.last_view()["callback_id"] == "form:report"


async def test_an_unknown_shortcut_is_answered(office: Scene) -> None:
    base = {"trigger_id": "t", "user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}}
    await office.interact({"type": "shortcut", "callback_id": "of_another_version", **base})
    assert "not known here any more" in json.dumps([call.sent for call in office.wire.calls])
