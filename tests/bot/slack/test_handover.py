"""The change of shift in Slack, by signed requests: one child taken, one asked about, one ignored."""

import json

import sqlalchemy as sa

from tests.bot.slack.scene import Scene


async def test_three_children_one_taken_one_asked_about_and_one_ignored(office: Scene) -> None:
    for _ in range(3):
        await office.report()
    await office.forward(minutes=1)
    await office.command("handover", user="U1")
    form = office.wire.last_view()
    taken, asked, ignored = [b["block_id"].removeprefix("note:") for b in form["blocks"] if b.get("block_id", "").startswith("note:")]
    answer = await office.submit(form, {"to": "worker.one", f"note:{taken}": "the aunt rings back"}, user="U1")
    assert "Put to Ines Marlow: 3 open, 3 not back" in json.dumps(answer)
    await office.forward(minutes=1)
    assert "<@U2>" in json.dumps(office.wire.of("chat.postMessage")[-1])
    await office.press(office.button("read", taken), user="U2")
    assert "the aunt rings back" in office.told()
    await office.press(office.button("take", taken), user="U2")
    await office.press(office.button("ask", asked), user="U2")
    answer = await office.submit(office.wire.last_view(), {"text": "who has the photo?"}, user="U2")
    assert "Dana Okoye has been sent it" in json.dumps(answer)
    await office.forward(minutes=1)
    await office.press(office.button("reply", asked), user="U1")
    form = office.wire.last_view()
    assert "who has the photo?" in json.dumps(form)
    await office.submit(form, {"text": "the sergeant"}, user="U1")
    assert f"{asked} is with you now" in json.dumps(await office.command(f"take {asked}", user="U2"))
    await office.press(office.button("take", ignored), user="U90", team="T9")
    assert "do not include 'handover'" in office.told()
    await office.forward(minutes=62)
    posted = json.dumps([call.sent for call in office.wire.calls if call.method in {"chat.postMessage", "chat.update"}])
    assert "Not taken over since" in posted
    assert not {"aunt", "photo", "sergeant"} & set(posted.replace("?", " ").split())
    with office.look() as session:
        rows = session.execute(sa.text("select asked_by, person, answered_by, state from asks order by state")).all()
    assert rows == [
        ("edt.one", "worker.one", "worker.one", "accepted"),
        ("edt.one", "worker.one", "worker.one", "accepted"),
        ("edt.one", "worker.one", None, "waiting"),
    ]
