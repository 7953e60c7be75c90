"""The platform port against a wire that breaks."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine

from bot.loop import Loop
from bot.teams import app as sdk
from bot.teams import connector, presence
from bot.teams.connector import Connector
from bot.teams.platform import Teams, mark
from bot.teams.presence import Presence
from bot.teams.serving import known
from handlers.directory import Account, Person, Room
from handlers.enclosed import Enclosed, File
from handlers.errors import Elsewhere, Later, NoKey, Uncertain, Undeliverable
from handlers.outgoing import Body, Row
from handlers.ports import Parcel
from storage import conversations
from storage.conversations import Conversation
from storage.db import reading, transaction
from storage.ids import new_id
from storage.outbox import Post
from tests.bot.teams.driver import ROOM, TENANT, buttons
from tests.bot.teams.scene import access
from tests.bot.teams.wire import Wire, text_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DANA = Person("dana", "Dana Okoye", "edt_service", (), (Account("teams", "u1", TENANT),))
OUTSIDE = Person("ruth", "Ruth </at>Vance", "corporate_council", (), (Account("teams", "u6", TENANT),))
NOWHERE = Person("leo", "Dr Leo <Adair>", "health", (), (Account("mail", "leo@example.org"),))
CHANNEL = Room("teams", ROOM, "coordination", team=TENANT)
ROW = Row("briefing", "Write the briefing", "due", ("edt",), clauses=("BURY-57",), obligation="o" * 32, version=1, buttons=("acknowledge",))
BODY = Body("HW-7F3K", "HW-7F3K · due now", (ROW,), mentions=("dana",), fallback="Homeward: HW-7F3K needs you, due 21:00")


@pytest.fixture
def platform(sqlite: Engine, teams: Wire) -> Iterator[Teams]:
    references = known(sqlite)
    references.anywhere = teams.url
    made = Connector(sdk.build(access(teams)), Loop("teams"))
    yield Teams(made, references, Presence(made), lambda: NOW)
    made.close()


def parcel(
    body: Body = BODY, room: Room | None = CHANNEL, people: tuple[Person, ...] = (DANA,), thread: str | None = "1", **post: Any
) -> Parcel:
    made = Post(new_id(), "westbrook", "due", "thread" if room else "direct", body.stored(), NOW, NOW, room=room.purpose if room else None)
    return Parcel(replace(made, **post), body, people, room, thread)


def test_a_post_goes_to_its_thread_with_a_real_mention_and_a_short_id(platform: Teams, teams: Wire) -> None:
    given = parcel()
    sent = platform.send(given)
    [posted] = teams.of("post")
    assert posted.place == f"{ROOM};messageid=1"
    assert (sent.channel, sent.reference) == (ROOM, f"1/{posted.message}")
    assert posted.card["msteams"]["entities"] == [
        {"type": "mention", "text": "<at>Dana Okoye</at>", "mentioned": {"id": "u1", "name": "Dana Okoye"}}
    ]
    assert text_of(posted.card).endswith(f"Message {mark(given.post.id)}")
    assert posted.sent["summary"] == "Homeward: HW-7F3K needs you, due 21:00"
    assert posted.headers["Authorization"].startswith("Bearer ")


def test_a_group_chat_has_no_threads_so_each_post_stands_there_under_its_reference(platform: Teams, teams: Wire) -> None:
    chat = "19:several-people@thread.v2"
    given = parcel(room=replace(CHANNEL, channel=chat))
    sent = platform.send(given)
    platform.update(replace(given, post=replace(given.post, reference=sent.reference, channel=sent.channel)))
    [posted], [edited] = teams.of("post"), teams.of("edit")
    assert (posted.place, edited.place, edited.message) == (chat, chat, posted.message)
    assert (sent.channel, sent.reference) == (chat, posted.message)
    assert text_of(posted.card).startswith("HW-7F3K")


def test_a_picture_stands_in_its_card_with_what_it_shows_in_words_and_a_workbook_says_how_to_get_it(platform: Teams, teams: Wire) -> None:
    noise = Image.effect_noise((990, 600), 64).convert("RGB")
    file, into = Enclosed("picture", "monthly_missing_report", "2026-05-01", "", "monthly-weeks.png", "9 children."), BytesIO()
    Image.new("RGB", (990, 600), "white").save(into, "png")
    body = Body(None, "Missing episodes of the month", enclosed=file)
    given = parcel(body, people=(), thread=None, place="room")
    platform.send(replace(given, file=File(file.name, "image/png", into.getvalue())))
    [shown] = [element for element in teams.of("post")[0].card["body"] if element["type"] == "Image"]
    assert shown["url"].startswith("data:image/png;base64,")
    assert shown["altText"] == "9 children."
    assert "9 children" not in text_of(teams.of("post")[0].card)
    noise.save(into := BytesIO(), "png")
    platform.send(replace(given, file=File(file.name, "image/png", into.getvalue())))
    assert "9 children." in text_of(teams.of("post")[1].card)  # what cannot be made small enough is said
    book = replace(body, enclosed=replace(file, kind="workbook", words="`homeward report` writes it."))
    platform.send(replace(parcel(book, people=(), thread=None, place="room"), file=File("monthly.xlsx", "application/xlsx", b"PK")))
    assert "`homeward report` writes it." in text_of(teams.of("post")[2].card)


def test_a_card_that_begins_a_thread_is_named_by_its_own_number(platform: Teams, teams: Wire) -> None:
    sent = platform.send(parcel(replace(BODY, mentions=()), people=(), thread=None, place="room"))
    assert teams.of("post")[0].place == ROOM
    assert sent.reference == teams.of("post")[0].message


def test_what_is_urgent_says_so(platform: Teams, teams: Wire) -> None:
    platform.send(parcel(replace(BODY, urgent=True)))
    assert teams.of("post")[0].sent["importance"] == "high"


def test_of_those_mentioned_who_are_not_in_the_channel_a_post_says_so_and_with_none_of_them_there_it_is_not_sent(
    platform: Teams, teams: Wire
) -> None:
    teams.absent.add("u6")
    both = parcel(replace(BODY, mentions=("dana", "ruth", "leo")), people=(DANA, OUTSIDE, NOWHERE))
    assert platform.send(both).missed == ("ruth",)
    teams.absent.add("u1")
    platform.presence.changed()
    with pytest.raises(Elsewhere):
        platform.send(parcel(replace(BODY, mentions=("dana", "ruth"), headline="twice"), people=(DANA, OUTSIDE)))
    assert len(teams.of("post")) == 1


def test_whoever_teams_says_nothing_of_is_taken_to_be_there_and_holds_nobody_up(
    platform: Teams, teams: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "PATIENCE", 1.0)
    people = tuple(replace(OUTSIDE, id=f"p{n}", accounts=(Account("teams", f"u7{n}", TENANT),)) for n in range(4))
    teams.slow, teams.absent = {f"u7{n}" for n in range(3)}, {"u73"}
    began = platform.presence.clock()
    assert platform.send(parcel(replace(BODY, mentions=tuple(p.id for p in people)), people=people)).missed == ("p3",)
    assert platform.presence.clock() - began < 3  # and not once for each


def test_a_direct_message_names_its_reader_and_has_the_same_buttons(platform: Teams, teams: Wire) -> None:
    sent = platform.send(parcel(replace(BODY, mentions=("dana", "ruth")), room=None, people=(OUTSIDE,)))
    [posted] = teams.of("post")
    assert (sent.channel, posted.place) == ("a:u6", "a:u6")
    assert buttons(posted.card)[0]["data"]["verb"] == "acknowledge"
    assert "Ruth Vance" in text_of(posted.card)


def test_somebody_without_an_account_here_is_named_and_nothing_in_the_name_is_markup(platform: Teams, teams: Wire) -> None:
    platform.send(parcel(replace(BODY, mentions=("dana", "leo")), people=(DANA, NOWHERE)))
    assert "<at>Dana Okoye</at>, Dr Leo" in text_of(teams.of("post")[0].card)
    assert "<Adair>" not in text_of(teams.of("post")[0].card)


def test_a_person_whom_teams_does_not_reach_is_undeliverable(platform: Teams) -> None:
    with pytest.raises(Undeliverable, match="nobody here has an account"):
        platform.send(parcel(room=None, people=(NOWHERE,)))


@pytest.mark.parametrize("status", [400, 403, 404, 413])
def test_what_teams_will_never_take_is_undeliverable(platform: Teams, teams: Wire, status: int) -> None:
    teams.faults.append(str(status))
    with pytest.raises(Undeliverable, match=str(status)):
        platform.send(parcel())


@pytest.mark.parametrize(
    ("said", "seconds"), [({"Retry-After": "7"}, 7), ({}, 60), ({"Retry-After": "soon"}, 60), ({"Retry-After": "-1"}, 1)]
)
def test_a_limit_asks_to_wait_as_long_as_it_says(platform: Teams, teams: Wire, said: dict[str, str], seconds: float) -> None:
    teams.faults.append("429")
    teams.headers = said
    with pytest.raises(Later) as caught:
        platform.send(parcel())
    assert caught.value.seconds == seconds
    assert teams.of("post") == []
    assert not teams.faults


def test_a_conflict_was_not_taken_and_is_made_again_soon(platform: Teams, teams: Wire) -> None:
    teams.faults.append("412")
    with pytest.raises(Later) as caught:
        platform.send(parcel())
    assert caught.value.seconds < 5


@pytest.mark.parametrize("fault", ["408", "500", "502", "503", "504", "500 after", "drop", "lost"])
def test_whatever_nobody_can_know_is_uncertain_and_is_not_asked_again(platform: Teams, teams: Wire, fault: str) -> None:
    teams.faults.append(fault)
    with pytest.raises(Uncertain):
        platform.send(parcel())
    assert len(teams.of("post")) == (1 if fault in {"500 after", "lost"} else 0)
    assert platform.look_up(parcel()) is None


def test_a_call_that_hangs_ends_in_doubt(sqlite: Engine, teams: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk, "PATIENCE", 0.3)
    made = Connector(sdk.build(access(teams)), Loop("teams"))
    references = known(sqlite)
    references.anywhere = teams.url
    teams.faults.append("hang")
    with pytest.raises(Uncertain):
        Teams(made, references, Presence(made), lambda: NOW).send(parcel())
    made.close()


def test_a_call_that_takes_too_long_in_all_ends_in_doubt(platform: Teams, teams: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "WHOLE", 0.3)
    teams.faults.append("hang")
    with pytest.raises(Uncertain):
        platform.send(parcel())


def test_nobody_listening_means_that_nothing_was_sent(platform: Teams) -> None:
    platform.references.anywhere = "http://127.0.0.1:9"
    with pytest.raises(Later):
        platform.send(parcel())


@pytest.mark.parametrize(("raised", "meant"), [(ValueError("invalid_client"), NoKey), (ValueError("oops"), Later), (OSError(), Later)])
def test_without_a_key_nothing_was_sent(sqlite: Engine, teams: Wire, raised: Exception, meant: type[Exception]) -> None:
    def no_key(_scope: object, _tenant: object) -> str:
        raise raised

    made = Connector(sdk.build(replace(access(teams), token=no_key)), Loop("teams"))
    with pytest.raises(meant):
        Teams(made, known(sqlite), Presence(made), lambda: NOW).send(parcel())
    made.close()


def test_a_key_that_teams_does_not_take_is_tried_again_with_everything_that_waits_for_it(platform: Teams, teams: Wire) -> None:
    teams.faults.append("401")
    with pytest.raises(NoKey) as caught:
        platform.send(parcel())
    assert (caught.value.everywhere, caught.value.seconds, teams.of("post")) == (True, 60, [])


def test_sent_again_it_carries_the_same_short_id(platform: Teams, teams: Wire) -> None:
    given = parcel()
    teams.faults.append("lost")
    with pytest.raises(Uncertain):
        platform.send(given)
    platform.send(given)
    first, second = (text_of(call.card) for call in teams.of("post"))
    assert first == second


def test_an_edit_changes_the_message_in_place_in_its_thread(platform: Teams, teams: Wire) -> None:
    platform.update(parcel(replace(BODY, headline="over"), thread=None, channel=ROOM, reference="1/5"))
    [edited] = teams.of("edit")
    assert (edited.place, edited.message) == (f"{ROOM};messageid=1", "5")


def test_a_direct_message_is_edited_where_it_went(platform: Teams, teams: Wire) -> None:
    sent = platform.send(parcel(room=None))
    platform.update(parcel(room=None, channel=sent.channel, reference=sent.reference))
    assert (teams.of("edit")[0].place, teams.of("edit")[0].message) == ("a:u1", sent.reference)


def test_a_message_that_somebody_deleted_is_missed_only_while_there_is_something_to_do(platform: Teams, teams: Wire) -> None:
    live, over = parcel(channel=ROOM, reference="1/5"), parcel(Body("HW-7F3K", "over"), channel=ROOM, reference="1/5")
    teams.refuse["edit"] = 404
    assert platform.update(over).reference == "1/5"
    with pytest.raises(Undeliverable, match="404"):
        platform.update(live)
    assert teams.of("post") == []


def test_a_refused_conversation_is_dropped_and_looked_for_anew(platform: Teams, teams: Wire, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        conversations.keep(session, Conversation(TENANT, "u1", "a:old", teams.url, NOW))
    teams.faults.append("403")
    with pytest.raises(Undeliverable):
        platform.send(parcel(room=None))
    with reading(sqlite) as session:
        assert conversations.of(session, TENANT, "u1") is None
    assert platform.send(parcel(room=None)).channel == "a:u1"
    with reading(sqlite) as session:
        kept = conversations.of(session, TENANT, "u1")
    assert kept
    assert kept.conversation == "a:u1"


def test_carriers_share_one_line(platform: Teams, teams: Wire) -> None:
    threads = [threading.Thread(target=platform.send, args=(parcel(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(teams.of("post")) == 8
