"""Mail: what the server takes is sent, what it refuses is refused, and nothing tells more than it may."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bot.errors import Unusable
from bot.mail.platform import Mail, Server
from handlers.errors import Later, Uncertain, Undeliverable
from handlers.outgoing import body
from handlers.ports import Parcel
from tests.bot.mail.postoffice import Postoffice, opened
from tests.delivery.postroom import Postroom, someone, town
from tests.delivery.unkind import Unkind


@pytest.fixture
def office() -> Iterator[Postoffice]:
    with opened() as office:
        yield office


@pytest.fixture
def mail(office: Postoffice) -> Mail:
    return Mail(Server("127.0.0.1", office.port, "homeward@example.org"))


@pytest.fixture
def room(sqlite: Engine, mail: Mail) -> Postroom:
    """Slack is down; Tom reads mail."""
    room = Postroom(
        sqlite, {}, directory=town(people=(someone("tom", "team_manager", "slack", "mail"), someone("mia", "la_missing_coordinator")))
    )
    room.platforms = {"slack": Unkind(lambda: room.now, lambda *_: "refused"), "mail": mail}
    return room


def parcel(room: Postroom) -> Parcel:
    post = room.post("brief the director", to="tom")
    tom = room.office.directory.person("tom")
    assert tom is not None
    return Parcel(post, body(post.body), (tom,), None)


def test_a_letter_says_in_its_subject_only_what_a_locked_phone_may_show(room: Postroom, office: Postoffice, mail: Mail) -> None:
    sent = mail.send(parcel(room))
    (letter,) = office.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == ("tom", "Homeward <homeward@example.org>", "Homeward: HW-7F3K needs you")
    assert letter["Message-ID"] == sent.reference
    assert "brief the director" in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("habit", "raised"),
    [("busy", Later), ("full", Later), ("unknown", Undeliverable), ("drops", Uncertain), ("keeps and drops", Uncertain)],
)
def test_every_way_it_can_end_has_a_meaning(room: Postroom, office: Postoffice, mail: Mail, habit: str, raised: type[Exception]) -> None:
    office.habit = habit  # type: ignore[assignment]
    with pytest.raises(raised):
        mail.send(parcel(room))


def test_a_server_that_is_not_there_is_asked_again_later(room: Postroom, office: Postoffice) -> None:
    nobody = Mail(Server("127.0.0.1", 1, "homeward@example.org"))
    with pytest.raises(Later):
        nobody.send(parcel(room))


def test_a_password_is_never_sent_unencrypted_to_another_machine() -> None:
    with ExitStack() as stack:
        try:
            there = stack.enter_context(opened("127.0.0.2"))  # not the address by which a machine speaks to itself
        except OSError:
            pytest.skip("this machine has no 127.0.0.2")
        with pytest.raises(Undeliverable, match="offers no encryption"):
            Mail(Server("127.0.0.2", there.port, "homeward@example.org", "user", "secret")).check()
    assert not any("AUTH" in line for line in there.heard)


def test_whoever_has_no_address_is_not_written_to(room: Postroom, mail: Mail) -> None:
    with pytest.raises(Undeliverable):
        mail.send(replace(parcel(room), people=()))


def test_what_chat_refuses_comes_by_mail_once(room: Postroom, office: Postoffice) -> None:
    post = room.post("due", to="tom")
    room.queue(post)
    room.forward(60)
    assert [letter["Subject"] for letter in office.letters if letter["Message-ID"].startswith(f"<{post.id}@")] == [
        "Homeward: HW-7F3K needs you"
    ]
    assert room.stored(post).platform == "mail"


def test_a_letter_in_doubt_comes_again_under_the_same_id(room: Postroom, office: Postoffice) -> None:
    office.habit = "keeps and drops"
    post = room.post("due", to="tom")
    room.queue(post)
    room.turn()
    room.turn()
    office.habit = "kind"
    room.forward(120)
    ids = [letter["Message-ID"] for letter in office.letters if letter["Message-ID"].startswith(f"<{post.id}@")]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:port"])
def test_what_is_no_address_of_a_server_is_said(address: str) -> None:
    with pytest.raises(Unusable, match="HOMEWARD_SMTP is not an address"):
        Server.at(address, "homeward@example.org")


def test_an_address_names_user_password_and_port() -> None:
    assert Server.at("smtp://us%40er:pa%3Ass@mail.example.org", "h@example.org") == Server(
        "mail.example.org", 587, "h@example.org", "us@er", "pa:ss"
    )
    assert Server.at("smtps://mail.example.org", "h@example.org") == Server("mail.example.org", 465, "h@example.org", tls=True)
