"""The return interview in Slack, by signed requests: pressed, typed and filled in."""

import json

import sqlalchemy as sa

from tests.bot.slack.scene import Scene


def interview_in(office: Scene) -> dict[str, object]:
    with office.look() as session:
        return dict(session.execute(sa.text("select * from interviews")).mappings().one())


async def test_an_interview_from_the_offer_to_the_police(office: Scene) -> None:
    reference = await office.report(surname="Example")
    await office.command(f"found {reference}", user="U2")
    await office.submit(office.wire.last_view(), {"found_at": "2026-02-01T22:10"}, user="U2")
    await office.forward(hours=11)
    await office.press(office.button("prompts", "Hold the return interview"), user="U2")
    assert "Push factors" in office.told()
    await office.press(office.button("interview", "Hold the return interview"), user="U2")
    form = office.wire.last_view()
    assert "72 hours after the return are over Wed 4 Feb 22:10" in json.dumps(form)
    answer = await office.submit(form, {"step": "accepted"}, user="U2")
    assert "accepted" in json.dumps(answer)
    await office.command(f"interview {reference} offered", user="U2")
    answer = await office.submit(office.wire.last_view(), {"choice": "camhs"}, user="U2")
    assert "Return interview offered" in json.dumps(answer)
    await office.command(f"interview {reference} conducted", user="U2")
    answer = await office.submit(office.wire.last_view(), {"interviewer": "camhs"}, user="U2")
    assert "What was said stays out of the chat" in json.dumps(answer)
    for step in ("recorded", "shared"):
        assert f"Return interview {step}" in json.dumps(await office.command(f"interview {reference} {step}", user="U2"))
    await office.forward(minutes=1)
    row = interview_in(office)
    assert (row["state"], row["interviewer"], bool(row["in_time"])) == ("conducted", "camhs", True)
    assert all(row[at] for at in ("offered_at", "accepted_at", "conducted_at", "recorded_at", "shared_at"))
    posted = json.dumps([call.sent for call in office.wire.calls if call.method in {"chat.postMessage", "chat.update"}])
    assert "Push factors" not in posted
    assert "done Mon 2 Feb 09:15" in posted


async def test_a_declined_interview_keeps_its_reason_to_itself_and_a_slip_keeps_what_was_typed(office: Scene) -> None:
    reference = await office.report()
    await office.command(f"found {reference}", user="U2")
    await office.submit(office.wire.last_view(), {"found_at": "2026-02-01T22:10"}, user="U2")
    await office.command(f"interview {reference} declined", user="U2")
    form = office.wire.last_view()
    again = await office.submit(form, {"at": "2026-02-01T20:00", "reason": " "}, user="U2")
    assert again["response_action"] == "errors"
    answer = await office.submit(form, {"reason": "does not trust us", "declined_by": "child_and_parent"}, user="U2")
    assert "This now asks for" in json.dumps(answer)
    await office.forward(hours=12)
    posted = json.dumps([call.sent for call in office.wire.calls if call.method in {"chat.postMessage", "chat.update"}])
    assert "trust us" not in posted
    assert interview_in(office)["declined_by"] == "child_and_parent"
    refused = await office.command(f"interview {reference} prompts", user="U90", team="T9")
    assert "for whoever holds the interview" in json.dumps(refused)
