"""Microsoft Graph over a wire: one event for one meeting, one letter for one post, one row for one episode, and a key for one host."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from kiota_abstractions.api_error import APIError
from msgraph.generated.models.event import Event as GraphEvent
from msgraph.generated.models.list_item import ListItem
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
from sqlalchemy import Engine

from bot.beside import Beside
from bot.commands.teams import who
from bot.configuration.parts import GraphPart, TrackerPart
from bot.graph import errors as graph_errors
from bot.graph.calendar import MailboxCalendar
from bot.graph.check import problems
from bot.graph.client import Access, Graph
from bot.graph.mail import Letters
from bot.graph.people import find
from bot.graph.tracker import SharePoint
from handlers.directory import Account, Holding, Person, Room
from handlers.errors import HandlerError, Later, NoKey, Uncertain, Undeliverable
from handlers.outgoing import Body, Row
from handlers.ports import Event, Looked, Parcel, Tracked
from storage.ids import new_id
from storage.outbox import Post
from tests.bot.graph.fake import LINK, Fake, Key, fake, parsed
from tests.delivery.postroom import AUTHORITY, Postroom, town
from tests.loopback import Handler, serving

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
MEETING = Event(
    "0198-meeting-0", "0198-meeting", "Homeward: HW-7F3K", ("Asked for by TRI-080",), NOW, NOW + timedelta(hours=1), ("a@example.org",)
)
NURSE = Person("leo", "Dr Leo Adair", "health", (), (Account("mail", "leo@example.org"),))
ROW = Tracked("HW-7F3K", "missing", "open", "2026-06-01T10:00:00+00:00", 4, 1)


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[Fake, Graph, Key]]:
    """One client for all: the library takes its time."""
    for model, body in ((GraphEvent, {"attendees": [{}]}), (SendMailPostRequestBody, {"Message": {}}), (ListItem, {"fields": {}})):
        parsed(model, body)  # the models are read when they are first met, which may take longer than a call may
    with fake() as found:
        key = Key()
        graph = Graph(Access("app", None, "tenant", found.url, key))
        graph.warm()
        yield found, graph, key
        graph.close()


@pytest.fixture
def wire(wired: tuple[Fake, Graph, Key]) -> Fake:
    found = wired[0]
    for kept in (found.calls, found.faults, found.events, found.letters, found.rows, found.users, found.headers):
        kept.clear()
    found.strict, found.link = False, LINK
    return found


@pytest.fixture
def graph(wired: tuple[Fake, Graph, Key]) -> Graph:
    return wired[1]


def parcel(person: Person = NURSE) -> Parcel:
    body = Body(
        "HW-7F3K", "HW-7F3K · for you", (Row("r", "Come to the meeting", "invite", ("health",)),), fallback="Homeward: HW-7F3K needs you"
    )
    return Parcel(Post(new_id(), "westbrook", "invite", "direct", body.stored(), NOW, NOW, urgent=True), body, (person,), None)


def test_a_meeting_stands_in_the_calendar_with_a_link_to_join(wire: Fake, graph: Graph) -> None:
    held = MailboxCalendar(graph, "chair@example.org").hold(MEETING)
    assert held.link == f"https://teams.example.org/{held.reference}"
    [asked] = wire.of("POST", "/users/chair@example.org/events")
    assert asked["transactionId"] == "0198-meeting-0"
    assert (asked["isOnlineMeeting"], asked["onlineMeetingProvider"], asked["sensitivity"]) == (True, "teamsForBusiness", "private")
    assert asked["start"] == {"dateTime": "2026-06-01T12:00:00", "timeZone": "UTC"}
    assert [a["emailAddress"]["address"] for a in asked["attendees"]] == ["a@example.org"]


@pytest.mark.parametrize("strict", [False, True])
def test_a_meeting_made_again_after_a_doubt_is_one_meeting(wire: Fake, graph: Graph, strict: bool) -> None:
    calendar = MailboxCalendar(graph, "chair@example.org")
    wire.strict = strict
    wire.faults.append("lost")
    with pytest.raises(Uncertain):
        calendar.hold(MEETING)
    assert calendar.hold(MEETING) == calendar.hold(MEETING) == calendar.find("0198-meeting")
    assert calendar.find("0198-another") is None
    assert len(wire.events) == 1


def test_an_answer_that_does_not_say_what_was_made_leaves_a_doubt(wire: Fake, graph: Graph) -> None:
    for make in (
        lambda: MailboxCalendar(graph, "chair@example.org").hold(MEETING),
        lambda: SharePoint(graph, "site", "list").write(ROW, None),
    ):
        wire.faults.extend(["empty"] if not wire.events else ["", "empty"])  # the list is looked through first
        with pytest.raises(Uncertain):
            make()


def test_a_wait_that_is_no_number_is_a_long_one() -> None:
    refused = APIError(response_status_code=429, response_headers={"Retry-After": "nan"})
    waits = graph_errors.meaning(refused)
    assert isinstance(waits, Later)
    assert waits.seconds == 3600.0


def test_a_meeting_is_moved_and_cancelled_and_cancelled_again(wire: Fake, graph: Graph) -> None:
    calendar = MailboxCalendar(graph, "chair@example.org")
    held = calendar.hold(MEETING)
    later = replace(MEETING, starts=NOW + timedelta(days=1), ends=NOW + timedelta(days=1, hours=1))
    assert calendar.move(held.reference, later) == held
    assert wire.events[held.reference]["start"]["dateTime"] == "2026-06-02T12:00:00"
    assert not {"transactionId", "body"} & set(wire.of("PATCH", held.reference)[0])  # the body holds the link by then
    calendar.cancel(held.reference)
    calendar.cancel(held.reference)
    assert wire.events == {}
    assert (calendar.move(held.reference, later), calendar.look(held.reference)) == (None, None)


WAS = ("Strategy meeting about HW-7F3K, asked for by TRI-080.", "Type 'agenda HW-7F3K strategy meeting' & read.", "The end.")
NEUTRAL = ("A meeting about HW-7F3K.", "Type 'status HW-7F3K' & read.", "The end.")


def test_words_that_must_not_stand_there_any_more_are_replaced_and_the_way_to_join_stays(wire: Fake, graph: Graph) -> None:
    calendar = MailboxCalendar(graph, "chair@example.org")
    held = calendar.hold(replace(MEETING, lines=WAS))
    hidden = replace(MEETING, lines=NEUTRAL, was=WAS)
    assert calendar.move(held.reference, hidden) == held
    content = wire.events[held.reference]["body"]["content"]
    assert not [word for word in ("trategy", "TRI-080") if word in content]
    assert all(
        part in content for part in ("A meeting about HW-7F3K.", "'status HW-7F3K' &amp; read.", "The end.", "me-email-text", held.link)
    )
    calendar.move(held.reference, hidden)
    assert ["body" in asked for asked in wire.of("PATCH", held.reference)] == [True, False]


def test_words_that_cannot_be_told_from_the_rest_go_with_the_rest_and_the_link_is_put_below(wire: Fake, graph: Graph) -> None:
    calendar = MailboxCalendar(graph, "chair@example.org")
    held = calendar.hold(replace(MEETING, lines=WAS))
    wire.events[held.reference]["body"]["content"] = "<b>Strategy</b> <i>meeting about HW-7F3K, asked for by TRI-080.</i>"
    calendar.move(held.reference, replace(MEETING, lines=NEUTRAL, was=WAS))
    content = wire.events[held.reference]["body"]["content"]
    assert "trategy" not in content
    assert all(part in content for part in ("A meeting about HW-7F3K.", f'href="{held.link}"'))
    assert calendar.move("gone", replace(MEETING, lines=NEUTRAL, was=WAS)) is None


def test_answers_are_read_from_the_event(wire: Fake, graph: Graph) -> None:
    calendar = MailboxCalendar(graph, "chair@example.org")
    held = calendar.hold(MEETING)
    said = {"a": "accepted", "b": "tentativelyAccepted", "c": "declined", "d": "none", "e": "notResponded", "f": "organizer"}
    wire.events[held.reference]["attendees"] = [
        {"emailAddress": {"address": f"{who}@Example.org"}, "status": {"response": answer, "time": "0001-01-01T00:00:00Z"}}
        for who, answer in said.items()
    ]
    wire.events[held.reference]["attendees"][0]["status"]["time"] = "2026-06-01T11:00:00Z"
    answers = {
        "a@example.org": ("accepted", NOW - timedelta(hours=1)),
        "b@example.org": ("tentative", None),
        "c@example.org": ("declined", None),
    }
    assert calendar.look(held.reference) == Looked(answers, held.link)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://example.org/|<!channel>", "https://example.org/a b", f"https://{'x' * 1000}"]
)
def test_what_is_no_address_is_no_link_to_join(wire: Fake, graph: Graph, link: str) -> None:
    wire.link = link
    assert MailboxCalendar(graph, "chair@example.org").hold(MEETING).link == ""


def test_a_letter_goes_out_once_and_says_no_more_than_a_locked_phone_may_show(wire: Fake, graph: Graph) -> None:
    given = parcel()
    sent = Letters(graph, "homeward@example.org").send(given)
    [letter] = wire.letters
    assert letter["Message"]["subject"] == "Homeward: HW-7F3K needs you"
    assert letter["Message"]["toRecipients"] == [{"emailAddress": {"address": "leo@example.org"}}]
    assert letter["Message"]["internetMessageHeaders"] == [{"name": "X-Homeward-Post", "value": given.post.id}]
    assert letter["Message"]["body"]["content"].endswith(f"Message {given.post.id[-6:].upper()}\n")
    assert sent.reference == given.post.id


NEVER, UNKNOWN = ("400", "403", "404"), ("503", "504", "500", "408", "drop", "lost")


@pytest.mark.parametrize(
    ("fault", "meant"), [("429", Later), *((fault, Uncertain) for fault in UNKNOWN), *((fault, Undeliverable) for fault in NEVER)]
)
def test_a_letter_is_never_repeated_by_the_library(wire: Fake, graph: Graph, fault: str, meant: type[HandlerError]) -> None:
    wire.faults.append(fault)
    with pytest.raises(HandlerError) as caught:
        Letters(graph, "homeward@example.org").send(parcel())
    assert type(caught.value) is meant
    assert len(wire.calls) == 1
    if isinstance(caught.value, Later):
        assert caught.value.seconds == 7


def test_somebody_without_an_address_is_undeliverable_and_a_letter_is_never_looked_for(wire: Fake, graph: Graph) -> None:
    letters = Letters(graph, "homeward@example.org")
    with pytest.raises(Undeliverable):
        letters.send(parcel(replace(NURSE, accounts=())))
    assert letters.look_up(parcel()) is None
    assert wire.calls == []


def test_an_episode_is_one_row_that_is_kept_up(wire: Fake, graph: Graph) -> None:
    tracker = SharePoint(graph, "example.sharepoint.com,1,2", "L1")
    known = tracker.write(ROW, None)
    assert tracker.write(replace(ROW, status="returned", open=2), known) == known
    assert list(wire.rows.values()) == [
        {"Title": "HW-7F3K", "Category": "missing", "Status": "returned", "MissingSince": ROW.since, "OpenDuties": 2, "LateDuties": 1}
    ]


def test_a_row_is_hidden_where_it_stands_and_not_made_to_be_hidden(wire: Fake, graph: Graph) -> None:
    tracker = SharePoint(graph, "example.sharepoint.com,1,2", "L1")
    assert tracker.hide(ROW) is None
    assert wire.rows == {}
    known = tracker.write(ROW, None)
    assert tracker.hide(replace(ROW, category="", status="not listed")) == known
    assert wire.rows[known]["Status"] == "not listed"


def test_a_row_whose_answer_was_lost_or_that_somebody_deleted_is_still_one_row(wire: Fake, graph: Graph) -> None:
    tracker = SharePoint(graph, "example.sharepoint.com,1,2", "L1")
    wire.faults.extend(["", "lost"])
    with pytest.raises(Uncertain):
        tracker.write(ROW, None)
    known = tracker.write(ROW, None)
    assert len(wire.rows) == 1
    wire.rows.clear()
    tracker.write(ROW, known)
    assert len(wire.rows) == 1


def test_the_command_shows_the_line_for_homeward_yml(
    wire: Fake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wire.users.append({"id": "1111", "displayName": "Sam Sample", "mail": "sam.sample@example.org"})
    env = {
        "CLIENT_ID": "app",
        "TENANT_ID": "tenant",
        "GRAPH_BASE_URL": wire.url,
        "IDENTITY_ENDPOINT": f"{wire.url}/key",
        "IDENTITY_HEADER": "x",
    }
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    who("sam.sample@example.org")
    assert capsys.readouterr().out == "{platform: teams, tenant: tenant, user: 1111}   # Sam Sample\n"


WANTED = GraphPart(mailbox="homeward@example.org", calendar="chair@example.org", tracker=TrackerPart(site="s,1,2", list="L1"))


@pytest.mark.parametrize(
    ("faults", "says"),
    [
        ([], []),
        (["403", "403", "404"], ["calendar of chair@example.org (403 Refused): grant Calendars.ReadWrite", "the list L1 (404 Refused)"]),
        (["", "503"], ["Graph does not answer"]),
        (["401"], ["Microsoft does not take CLIENT_ID with CLIENT_SECRET in TENANT_ID."]),
    ],
)
def test_what_is_not_granted_is_named_with_the_permission(wire: Fake, graph: Graph, faults: list[str], says: list[str]) -> None:
    wire.faults.extend(faults)
    found = list(problems(graph, WANTED))
    assert len(found) == len(says)
    assert all(part in sentence for part, sentence in zip(says, found, strict=True))


def test_somebody_is_found_by_address_whatever_is_in_it(wire: Fake, graph: Graph) -> None:
    wire.users.append({"id": "1111", "displayName": "Niamh O'Brien", "mail": "niamh.o'brien@example.org"})
    found = find(graph, "niamh.o'brien@example.org")
    assert found
    assert (found.id, found.name) == ("1111", "Niamh O'Brien")
    assert find(graph, "nobody@example.org") is None


def test_the_key_goes_to_graph_and_to_no_other_host(wired: tuple[Fake, Graph, Key], wire: Fake, graph: Graph) -> None:
    find(graph, "nobody@example.org")
    assert wire.headers[0]["authorization"] == "Bearer invented"
    assert set(wired[2].asked) == {("https://graph.microsoft.com/.default",)}
    elsewhere = Graph(Access("app", None, "tenant", wire.url.replace("127.0.0.1", "localhost"), Key()))
    elsewhere.warm()
    elsewhere._client.request_adapter.base_url = wire.url
    find(elsewhere, "nobody@example.org")
    assert "authorization" not in wire.headers[1]
    elsewhere.close()


def test_the_key_is_fetched_by_the_way_out_that_was_set() -> None:
    asked: list[str] = []

    class Closed(Handler):
        def do_CONNECT(self) -> None:  # noqa: N802 - the name that http.server looks for
            asked.append(self.path)
            self.reply(403, None)

    with serving(Closed) as (_, way_out):
        graph = Graph(Access("app", "invented", "tenant", "https://graph.example.org/v1.0", proxy=way_out))
        with pytest.raises(HandlerError):
            find(graph, "ines@example.org")
        graph.close()
    assert set(asked) == {"login.microsoftonline.com:443"}


def test_nobody_listening_means_that_nothing_was_sent(wired: tuple[Fake, Graph, Key]) -> None:
    away = Graph(Access("app", None, "tenant", "http://127.0.0.1:9/v1.0", Key()))
    with pytest.raises(Later):
        find(away, "nobody@example.org")
    away.close()


class Refused:
    """A credential for which Microsoft has no key any more."""

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        raise ClientAuthenticationError("AADSTS7000222: the client secret has expired")


def test_a_key_that_is_refused_is_no_answer_to_any_call_and_is_known_until_it_is_taken(wire: Fake, graph: Graph) -> None:
    for ask in (lambda: Letters(graph, "homeward@example.org").send(parcel()), lambda: find(graph, "nobody@example.org")):
        wire.faults.append("401")
        with pytest.raises(NoKey):
            ask()
        assert graph.keyless
    wire.faults.append("503")
    with pytest.raises(Uncertain):
        find(graph, "nobody@example.org")
    assert graph.keyless
    find(graph, "nobody@example.org")
    assert not graph.keyless


def test_while_the_key_is_refused_management_hears_once_what_to_do_and_what_waits_goes_when_it_is_changed(
    sqlite: Engine, wire: Fake, graph: Graph
) -> None:
    people = (replace(NURSE, roles=(Holding("health_representative", AUTHORITY),)),)
    room = Postroom(sqlite, {}, directory=town(Room("slack", "C-management", "management"), people=people))
    refused = Graph(Access("app", None, "tenant", wire.url, Refused()))
    beside = Beside(refused, WANTED)
    room.platforms.update(beside.letters())
    next(beat for beat in beside.beats(room.desk) if beat.name == "graph key").run()
    assert len(room.alarms()) == 1  # before anything needs it
    post = room.post(to="leo")
    room.queue(post)
    for _ in range(3):
        room.forward(40)
        next(beat for beat in beside.beats(room.desk) if beat.name == "graph key").run()
    assert [alarm.split(",")[0] for alarm in room.alarms()] == ["Microsoft refuses the key with which Homeward reaches Graph"]
    assert room.stored(post).state == "queued"
    assert "AADSTS" not in room.alarms()[0]
    refused.close()

    room.platforms.update(Beside(graph, WANTED).letters())  # started again with another key
    room.forward(90)
    assert room.stored(post).state == "sent"
    assert len(wire.letters) == 1


def test_its_library_is_read_only_when_it_is_needed() -> None:
    program = "import sys, bot.graph.calendar, bot.graph.mail, bot.graph.tracker, bot.graph.people; sys.exit('msgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
