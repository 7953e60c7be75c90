"""The platform port against a wire that breaks."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import render
from bot.slack.platform import Slack
from bot.slack.presence import Presence
from bot.slack.workspaces import Line, Workspaces
from handlers.directory import Account, Person, Room
from handlers.enclosed import Enclosed, File
from handlers.errors import Elsewhere, Later, Uncertain, Undeliverable
from handlers.outgoing import Body, Row
from handlers.ports import Parcel
from storage.ids import new_id
from storage.outbox import Post
from tests.bot.slack.limits import check_message
from tests.bot.slack.wire import Wire

DANA = Person("dana", "Dana Okoye", "edt_service", (), (Account("slack", "U1", "T1"),))
OUTSIDE = Person("ruth", "Ruth Vance", "corporate_council", (), (Account("slack", "U6", "T1"),))
NOWHERE = Person("leo", "Dr Leo <Adair>", "health", (), (Account("mail", "leo@example.org"),))
ROOM = Room("slack", "C1", "coordination", team="T1")
ROW = Row(
    "briefing",
    "Write the *briefing* & send it",
    "due",
    ("edt",),
    clauses=("BURY-57",),
    obligation="o" * 32,
    version=1,
    buttons=("acknowledge",),
)
BODY = Body("HW-7F3K", "HW-7F3K · due now", (ROW,), mentions=("dana",), fallback="Homeward: HW-7F3K needs you, due 21:00")


@pytest.fixture
def platform(slack: Wire) -> Slack:
    return Slack(Workspaces.connect(Line(slack.url), [("T1", "xoxb-invented")]), Presence())


def parcel(
    body: Body = BODY, room: Room | None = ROOM, people: tuple[Person, ...] = (DANA,), thread: str | None = "1.1", **post: Any
) -> Parcel:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    made = Post(new_id(), "westbrook", "due", "thread" if room else "direct", body.stored(), now, now, room=room.purpose if room else None)
    return Parcel(replace(made, **post), body, people, room, thread)


def test_a_post_goes_to_its_thread_with_a_real_mention_and_an_opaque_id(platform: Slack, slack: Wire) -> None:
    given = parcel()
    sent = platform.send(given)
    posted = slack.of("chat.postMessage")[0]
    assert (sent.channel, posted["channel"], posted["thread_ts"]) == ("C1", "C1", "1.1")
    assert "<@U1>" in str(posted["blocks"])
    assert posted["metadata"] == {"event_type": "homeward_outbox", "event_payload": {"id": given.post.id}}
    assert posted["text"] == "Homeward: HW-7F3K needs you, due 21:00"
    assert posted["reply_broadcast"] is False
    assert sent.reference == slack.messages["C1"][0]["ts"]


def test_a_top_rung_is_shown_in_the_channel_as_well(platform: Slack, slack: Wire) -> None:
    platform.send(parcel(replace(BODY, broadcast=True)))
    assert slack.of("chat.postMessage")[0]["reply_broadcast"] is True


def test_somebody_who_is_not_in_the_room_gets_a_direct_message_with_the_same_buttons(platform: Slack, slack: Wire) -> None:
    sent = platform.send(parcel(replace(BODY, mentions=("ruth",)), people=(OUTSIDE,)))
    posted = slack.of("chat.postMessage")[0]
    assert sent.channel == "DU6"
    assert "thread_ts" not in posted
    assert "press:acknowledge" in str(posted["blocks"])


def test_several_who_are_not_in_the_room_get_one_direct_message_together(platform: Slack, slack: Wire) -> None:
    other = replace(OUTSIDE, id="sam", name="Sam Pike", accounts=(replace(OUTSIDE.accounts[0], user="U7"),))
    sent = platform.send(parcel(replace(BODY, mentions=("ruth", "sam")), people=(OUTSIDE, other)))
    assert [call["users"] for call in slack.of("conversations.open")] == ["U6,U7"]
    assert sent.channel == "DU6,U7"
    assert "<@U7>" in str(slack.of("chat.postMessage")[0]["blocks"])


def test_of_those_mentioned_who_are_not_in_the_room_a_post_says_so_and_more_of_them_than_fit_together_are_told_apart(
    platform: Slack, slack: Wire
) -> None:
    others = tuple(replace(OUTSIDE, id=f"p{n}", accounts=(replace(OUTSIDE.accounts[0], user=f"U6{n}"),)) for n in range(9))
    some = parcel(replace(BODY, mentions=("dana", "p0", "leo")), people=(DANA, others[0], NOWHERE))
    assert platform.send(some).missed == ("p0",)
    with pytest.raises(Elsewhere):
        platform.send(parcel(replace(BODY, mentions=tuple(p.id for p in others)), people=others))
    assert len(slack.of("chat.postMessage")) == 1


def test_somebody_without_an_account_here_is_named_and_nothing_in_the_name_is_markup(platform: Slack, slack: Wire) -> None:
    platform.send(parcel(replace(BODY, mentions=("dana", "leo")), people=(DANA, NOWHERE)))
    assert "Dr Leo &lt;Adair&gt;" in str(slack.of("chat.postMessage")[0]["blocks"])


def test_a_person_whom_slack_does_not_reach_is_undeliverable(platform: Slack) -> None:
    with pytest.raises(Undeliverable, match="nobody here has an account"):
        platform.send(parcel(room=None, people=(NOWHERE,)))


def test_a_room_of_another_workspace_is_undeliverable(platform: Slack) -> None:
    with pytest.raises(Undeliverable, match="no token"):
        platform.send(parcel(room=replace(ROOM, team="T2")))


@pytest.mark.parametrize(
    "error", ["is_archived", "channel_not_found", "not_in_channel", "token_revoked", "account_inactive", "missing_scope"]
)
def test_what_slack_will_never_take_is_undeliverable(platform: Slack, slack: Wire, error: str) -> None:
    slack.refuse["chat.postMessage"] = error
    with pytest.raises(Undeliverable, match=error):
        platform.send(parcel())


def test_a_limit_asks_to_wait_as_long_as_it_says(platform: Slack, slack: Wire) -> None:
    slack.status["chat.postMessage"] = (429, {"Retry-After": "7"})
    with pytest.raises(Later) as caught:
        platform.send(parcel())
    assert caught.value.seconds == 7
    assert len(slack.of("chat.postMessage")) == 1


@pytest.mark.parametrize(("said", "seconds"), [("nan", 3600), ("1e12", 3600), ("-5", 1), ("soon", 60), ("", 60)])
def test_a_wait_that_is_no_wait_is_none_for_ever(platform: Slack, slack: Wire, said: str, seconds: float) -> None:
    slack.status["chat.postMessage"] = (429, {"Retry-After": said})
    with pytest.raises(Later) as caught:
        platform.send(parcel())
    assert caught.value.seconds == seconds


@pytest.mark.parametrize("status", [500, 503])
def test_a_broken_server_leaves_it_uncertain_and_is_not_asked_again(platform: Slack, slack: Wire, status: int) -> None:
    slack.status["chat.postMessage"] = (status, {})
    with pytest.raises(Uncertain):
        platform.send(parcel())
    assert len(slack.of("chat.postMessage")) == 1


def test_an_answer_that_is_lost_leaves_it_uncertain_and_looking_it_up_finds_it(platform: Slack, slack: Wire) -> None:
    slack.drop["chat.postMessage"] = 1
    given = parcel()
    with pytest.raises(Uncertain):
        platform.send(given)
    assert len(slack.of("chat.postMessage")) == 1
    found = platform.look_up(given)
    assert found
    assert found.reference == slack.messages["C1"][0]["ts"]
    assert slack.of("conversations.replies")[0]["include_all_metadata"] in {"1", "true", True}
    assert platform.look_up(parcel()) is None


def test_a_copy_by_another_app_is_not_taken_for_ours(platform: Slack, slack: Wire) -> None:
    given = parcel()
    platform.send(given)
    slack.messages["C1"][0]["bot_id"] = "B0OTHER"
    assert platform.look_up(given) is None


def test_a_long_channel_is_read_page_by_page(platform: Slack, slack: Wire) -> None:
    slack.answers["conversations.history"] = {"messages": [], "response_metadata": {"next_cursor": "more"}}
    assert platform.look_up(parcel(thread=None)) is None
    asked = slack.of("conversations.history")
    assert len(asked) == 20
    assert asked[1]["cursor"] == "more"


def test_nobody_listening_means_that_nothing_was_sent(platform: Slack, slack: Wire) -> None:
    away = Slack(Workspaces.connect(Line("http://127.0.0.1:9"), [("T1", "xoxb-invented")]), Presence())
    with pytest.raises(Later):
        away.send(parcel(people=()))


def test_an_edit_changes_the_message_in_place(platform: Slack, slack: Wire) -> None:
    platform.update(parcel(replace(BODY, headline="nothing more to do here"), channel="C1", reference="5.5"))
    edited = slack.of("chat.update")[0]
    assert (edited["channel"], edited["ts"]) == ("C1", "5.5")
    assert edited["metadata"]["event_type"] == "homeward_outbox"


def test_a_message_that_somebody_deleted_is_missed_only_while_there_is_something_to_do(platform: Slack, slack: Wire) -> None:
    slack.refuse["chat.update"] = "message_not_found"
    live, over = parcel(channel="C1", reference="5.5"), parcel(Body("HW-7F3K", "over"), channel="C1", reference="5.5")
    assert platform.update(over).reference == "5.5"
    with pytest.raises(Undeliverable, match="message_not_found"):
        platform.update(live)
    assert slack.of("chat.postMessage") == []


def test_words_go_alone_when_slack_refuses_the_blocks(platform: Slack, slack: Wire) -> None:
    slack.refuse["chat.postMessage"] = "invalid_blocks"
    with pytest.raises(Undeliverable):
        platform.send(parcel())
    assert "blocks" not in slack.of("chat.postMessage")[1]


def test_a_person_with_notifications_off_is_sent_it_and_somebody_is_asked_to_ring(slack: Wire) -> None:
    asked: list[str] = []
    quiet = Slack(Workspaces.connect(Line(slack.url), [("T1", "x")]), Presence(), lambda _parcel, name: asked.append(name))
    slack.answers["dnd.info"] = {"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 4_000_000_000}
    quiet.send(parcel())
    assert asked == []
    quiet.send(parcel(replace(BODY, urgent=True)))
    assert asked == ["Dana Okoye"]
    assert len(slack.of("chat.postMessage")) == 2


def test_a_scope_that_was_not_granted_keeps_nothing_back(slack: Wire) -> None:
    platform = Slack(Workspaces.connect(Line(slack.url), [("T1", "x")]), Presence())
    slack.refuse.update({"dnd.info": "missing_scope", "conversations.members": "missing_scope"})
    assert platform.send(parcel(replace(BODY, urgent=True), people=(OUTSIDE,))).channel == "C1"


def test_a_call_that_hangs_ends_in_doubt(slack: Wire) -> None:
    workspaces = Workspaces.connect(Line(slack.url), [("T1", "x")])
    workspaces.first().client.timeout = 1
    slack.hold["chat.postMessage"] = threading.Event()
    with pytest.raises(Uncertain):
        Slack(workspaces, Presence()).send(parcel())
    slack.hold["chat.postMessage"].set()


WORDS = st.text(max_size=4000)
ROWS = st.builds(
    Row,
    rule=st.just("r"),
    says=WORDS,
    kind=st.sampled_from(["due", "notice", "invite"]),
    to=st.sampled_from([(), ("edt",), ("police",)]),
    clauses=st.lists(st.just("BURY-57"), max_size=40).map(tuple),
    state=WORDS,
    reason=WORDS,
    obligation=st.just("o" * 32),
    buttons=st.sampled_from([(), ("acknowledge", "complete"), ("accept", "tentative", "decline", "delegate")]),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.builds(
        Body, reference=st.just("HW-7F3K"), headline=WORDS, rows=st.lists(ROWS, max_size=60).map(tuple), lines=st.lists(WORDS).map(tuple)
    )
)
def test_whatever_a_post_says_slack_takes_it_and_no_mention_comes_of_it(body: Body) -> None:
    message = render.post(body, (), "T1")
    check_message({"text": message.text, "blocks": list(message.blocks)})
    assert "<!" not in str(message.blocks).replace("&lt;!", "")


def test_only_a_meetings_own_address_is_a_link_and_one_that_was_typed_can_be_copied() -> None:
    typed = "https://example.org/l/meetup_join_1"
    blocks = str(render.post(replace(BODY, lines=(typed, "_so_ *so*"), join="https://teams.example.org/1?a=b&c"), (), "T1").blocks)
    assert "<https://teams.example.org/1?a=b&amp;c|Join the meeting online>" in blocks
    assert typed in blocks
    assert "_so_" not in blocks
    assert "<" not in str(render.post(replace(BODY, rows=(), join="https://x|<!channel>"), (), "T1").blocks)


CHART = Enclosed(
    "picture", "monthly_missing_report", "2026-05-01", "2026-06-01T00:00:00+00:00", "monthly-weeks.png", "9 children.", whole=True
)


def with_file(**post: Any) -> Parcel:
    body = Body(None, "Missing episodes of the month", enclosed=CHART, fallback="Homeward: Missing episodes of the month")
    return replace(parcel(body, people=(), thread=None, place="room", **post), file=File("monthly-weeks.png", "image/png", b"\x89PNG"))


def test_a_picture_is_uploaded_into_the_room_with_what_it_shows_in_words(platform: Slack, slack: Wire) -> None:
    given = with_file()
    sent = platform.send(given)
    asked, done = slack.of("files.getUploadURLExternal")[0], slack.of("files.completeUploadExternal")[0]
    assert (asked["filename"], asked["alt_txt"]) == (f"monthly-weeks-{given.post.id}.png", "9 children.")
    assert (done["channel_id"], done["files"]) == ("C1", [{"id": "F1", "title": "Missing episodes of the month"}])
    assert (sent.reference, sent.channel) == ("F1", "C1")
    assert slack.of("chat.postMessage") == []


def test_an_upload_whose_answer_is_lost_is_found_again_by_its_name(platform: Slack, slack: Wire) -> None:
    slack.drop["files.completeUploadExternal"] = 1
    given = with_file()
    with pytest.raises(Uncertain):
        platform.send(given)
    assert len(slack.uploads) == 1
    assert platform.look_up(given)
    assert platform.look_up(with_file()) is None
    slack.messages["C1"][0]["user"] = "U0OTHER"
    assert platform.look_up(given) is None


def test_what_it_shows_is_said_where_the_picture_is_refused(platform: Slack, slack: Wire) -> None:
    slack.refuse["files.getUploadURLExternal"] = "missing_scope"
    platform.send(with_file())
    assert "9 children." in str(slack.of("chat.postMessage")[0]["blocks"])


def test_a_workbook_says_what_it_is(platform: Slack, slack: Wire) -> None:
    given = with_file()
    book = Body(None, "Workbook: May", lines=("Keep it.",), enclosed=replace(CHART, kind="workbook", name="monthly.xlsx"))
    platform.send(replace(given, body=book, room=None, people=(DANA,)))
    assert slack.of("files.completeUploadExternal")[0]["channel_id"] == "DU1"
    assert slack.of("files.completeUploadExternal")[0]["initial_comment"] == "Workbook: May\nKeep it."
