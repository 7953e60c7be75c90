"""What people type to the bot, in a channel and alone with it."""

import pytest
import sqlalchemy as sa

from storage.tables import JOURNAL, OBLIGATIONS, RECEIPTS
from tests.bot.teams.driver import PARTNERS, ROOM, buttons
from tests.bot.teams.scene import Scene, another_process
from tests.bot.teams.wire import text_of


async def test_report_in_a_channel_is_answered_with_a_button_that_opens_the_form(office: Scene) -> None:
    said = await office.say("report")
    [posted] = office.wire.of("post")
    assert posted.place == said["conversation"]["id"]
    [button] = buttons(posted.card)
    assert button["data"] == {"msteams": {"type": "task/fetch"}, "say": "report"}
    assert "Missing since: time" in text_of(await office.open(button))
    assert "Sam" not in str(posted.sent)


@pytest.mark.parametrize("typed", ["report Sam Sample since 21:30 from Oak House", "note HW-7F3K Sam Sample was seen at the station"])
async def test_words_that_others_can_read_are_not_kept_and_their_writer_is_asked_alone_to_delete_them(office: Scene, typed: str) -> None:
    await office.say(typed)
    alone, offered = (next(c for c in office.wire.of("post") if c.place.startswith(begins)) for begins in ("a:u1", "19:"))
    assert "Please delete your message" in text_of(alone.card)
    form = await office.open(buttons(offered.card)[0]) if typed.startswith("report") else {}
    assert "Sam" not in str([call.sent for call in office.wire.calls]) + str(form)
    with office.look() as session:
        assert "Sam" not in str(session.execute(sa.select(RECEIPTS)).all())
        assert session.scalar(sa.select(sa.func.count()).where(JOURNAL.c.kind == "noted")) == 0


async def test_a_name_typed_first_is_no_word_here_and_is_to_be_deleted_too(office: Scene) -> None:
    await office.say("Sam Sample is not back yet")
    assert "Please delete your message" in office.told()
    assert "'Sam' is not a word here" in office.told()
    assert all(call.place == "a:u1" for call in office.wire.of("post"))


async def test_a_word_that_is_nearly_right_is_answered_with_the_right_one(office: Scene) -> None:
    await office.say("statsu HW-7F3K")
    assert "did you mean 'status'" in office.told()


async def test_what_is_asked_in_a_channel_is_answered_alone(office: Scene) -> None:
    reference = await office.report()
    await office.say("list")
    await office.say(f"status {reference}")
    assert office.told().count(reference) >= 2
    assert [call.place for call in office.wire.of("post")] == ["a:u1", "a:u1"]
    assert [call.sent["members"] for call in office.wire.of("open")] == [[{"id": "u1"}]]  # opened once, then known


@pytest.mark.parametrize("called", ["@Homeward list", "homeward, list", "/missing list", "/Missing  list", "@Homeward: list"])
async def test_alone_with_it_what_messages_say_to_type_works_as_it_stands_there(office: Scene, called: str) -> None:
    await office.say(called, channel="a:u1")
    await office.say("list", channel="a:u1")
    first, second = (text_of(call.card) for call in office.wire.of("post"))
    assert first == second


async def test_alone_with_it_nobody_is_asked_to_delete_what_nobody_else_reads(office: Scene) -> None:
    await office.say("Sam Sample is not back", channel="a:u1")
    await office.say("report Sam Sample", channel="a:u1")
    assert "delete" not in office.told()
    assert "What you typed after the command was not kept. Write it into the form." in office.told()
    assert "Sam Sample" not in office.told()


async def test_a_talk_that_is_gone_is_opened_anew_the_next_time(office: Scene) -> None:
    await office.say("list")
    office.wire.faults.append("403")
    await office.say("list")
    await office.say("list")
    assert len(office.wire.of("open")) == 2
    assert [call.place for call in office.wire.of("post")][-1] == "a:u1"


async def test_somebody_who_cannot_be_answered_alone_is_told_what_to_do_without_what_they_asked(office: Scene) -> None:
    reference = await office.report()
    office.wire.refuse["open"] = 403
    await office.say(f"status {reference}")
    [posted] = office.wire.of("post")
    assert posted.place.startswith("19:")
    assert "add Homeward for yourself" in text_of(posted.card)
    assert reference not in str(posted.sent)


async def test_in_the_thread_of_an_episode_it_need_not_be_named(office: Scene) -> None:
    reference = await office.report()
    await office.forward(minutes=1)
    thread = next(call.message for call in office.wire.of("post") if call.place == ROOM)
    await office.say("have missing record", user="u2", thread=thread)
    assert "you have it in hand" in office.told("u2")
    await office.say("found", user="u2", thread=thread)
    offered = [call for call in office.wire.of("post") if call.place.endswith(f";messageid={thread}")][-1]
    form = await office.open(buttons(offered.card)[0], user="u2", thread=thread)
    done = await office.submit(form, {}, user="u2")
    assert f"{reference}: found" in text_of(done)


async def test_a_note_may_be_typed_to_the_bot_alone(office: Scene) -> None:
    reference = await office.report()
    await office.say(f"note {reference} she was  seen\nat the station", channel="a:u1")
    assert "Please delete" not in office.told()
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).where(JOURNAL.c.kind == "noted")) == 1


async def test_a_message_that_comes_again_under_another_id_is_one_message(office: Scene) -> None:
    reference = await office.report()
    said = await office.say(f"note {reference} seen at the station", channel="a:u1")
    answers = len(office.wire.of("post"))
    await office.deliver(said)
    await office.deliver({**said, "id": "another"})
    assert len(office.wire.of("post")) == answers
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).where(JOURNAL.c.kind == "noted")) == 1


async def test_another_process_that_gets_it_again_gives_the_same_answer_and_writes_nothing(office: Scene) -> None:
    reference = await office.report()
    said = await office.say(f"note {reference} seen at the station", channel="a:u1")
    async with another_process(office) as other:
        await other.deliver({**said, "id": "another"})
    first, second = (text_of(call.card) for call in office.wire.of("post"))
    assert first == second
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).where(JOURNAL.c.kind == "noted")) == 1


async def test_an_action_may_be_typed_where_others_read_because_it_is_nobodys_own_words(office: Scene) -> None:
    reference = await office.report()
    await office.say(f"have {reference} missing record", user="u2")
    assert "you have it in hand" in office.told("u2")
    await office.say(f"risk {reference} high", user="u2")
    assert "Please delete" not in office.told("u2")
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(OBLIGATIONS)) > 0


async def test_somebody_of_another_agency_in_the_partners_room_gets_their_own_refusal(office: Scene) -> None:
    reference = await office.report()
    await office.say(f"waive {reference} strategy discussion", user="u90", channel=PARTNERS)
    offered = office.wire.of("post")[-1]
    card = await office.open(buttons(offered.card)[0], user="u90", channel=PARTNERS)
    assert "Action" not in str([element["type"] for element in card["body"]])


async def test_a_message_that_we_failed_to_take_is_taken_when_it_comes_again(office: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_of: object) -> None:
        raise RuntimeError

    said = {**office.activity("message", "u1", "a:u1"), "text": "list"}
    with monkeypatch.context() as broken:
        broken.setattr(office.serving.conversation, "heard", fails)
        assert (await office.deliver(said)).status_code == 500
    assert (await office.deliver(said)).status_code == 200
    assert len(office.wire.of("post")) == 1
