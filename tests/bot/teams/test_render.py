"""Cards of any post: what Teams takes, nothing lost without a word, and no markup from anybody's name or words."""

import json
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.teams import forms, render
from handlers.directory import Account, Person
from handlers.gathering.calendar import calendar_file
from handlers.outgoing import Answer, Body, Row
from policies.meeting import Meeting
from tests.bot.teams.driver import buttons
from tests.bot.teams.limits import check_card
from tests.bot.teams.wire import text_of
from tests.moments import london

words = st.text(max_size=300)
rows = st.builds(
    Row,
    rule=words,
    says=words,
    kind=st.just("due"),
    to=st.tuples(st.just("edt")),
    clauses=st.lists(words, max_size=3).map(tuple),
    state=words,
    reason=words,
    obligation=st.just("o" * 32),
    buttons=st.sampled_from([(), ("acknowledge", "complete"), ("accept", "tentative", "decline", "delegate")]),
)
bodies = st.builds(
    Body,
    reference=st.sampled_from([None, "HW-7F3K"]),
    headline=words,
    rows=st.lists(rows, max_size=40).map(tuple),
    lines=st.lists(words, max_size=5).map(tuple),
    mentions=st.just(("dana",)),
    buttons=st.sampled_from([(), ("found", "note", "risk", "status", "more")]),
    fallback=words,
)


def card_of(body: Body, name: str = "Dana Okoye") -> dict[str, object]:
    person = Person("dana", name, "edt_service", (), (Account("teams", "u1", "t"),))
    card: dict[str, object] = render.post(body, (person,), "t", "ABC123").card.model_dump(by_alias=True, exclude_none=True)
    return card


@settings(max_examples=30, deadline=None)
@given(bodies, words)
def test_every_post_is_a_card_that_teams_takes(body: Body, name: str) -> None:
    card = card_of(body, name)
    check_card(card)
    assert (
        len(json.dumps(render.post(body, (), "t", "ABC123").activity().model_dump(by_alias=True, exclude_none=True)).encode("utf-16"))
        < 80_000
    )
    assert text_of(card).endswith("Message ABC123")


def test_where_no_file_can_be_given_a_button_opens_the_calendars_own_form() -> None:
    starts = london("2026-02-06 14:00")
    meeting = Meeting("m1", "strategy_meeting", starts, starts, starts, place="Room 4")
    file = calendar_file(meeting, "HW-7F3K", Person("dana", "Dana Okoye", "police", (), ()), None, starts)
    card = render.answer(Answer(("Strategy meeting about HW-7F3K.",), "HW-7F3K", files=(file,))).card.model_dump(
        by_alias=True, exclude_none=True
    )
    check_card(card)
    (button,) = buttons(card)
    assert button["url"].startswith("https://outlook.office.com/calendar/0/deeplink/compose?")
    asked = dict(parse_qsl(urlsplit(button["url"]).query))
    assert (asked["subject"], asked["startdt"], asked["enddt"]) == ("Homeward: HW-7F3K", "2026-02-06T14:00:00Z", "2026-02-06T15:00:00Z")
    assert "Room" not in button["url"]


@settings(max_examples=30, deadline=None)
@given(words)
def test_a_name_closes_no_mention_and_opens_none(name: str) -> None:
    card = card_of(Body("HW-7F3K", "x", mentions=("dana",)), name)
    [entity] = card["msteams"]["entities"]  # type: ignore[index]
    inside = entity["text"].removeprefix("<at>").removesuffix("</at>")
    assert entity["text"] in text_of(card)
    assert not set("<>[]*_&`") & set(inside) - {"_", "&"}


def test_what_does_not_fit_is_said_with_the_words_that_show_it() -> None:
    many = tuple(Row("r", "Do this " * 30, "due", ("edt",), obligation="o", buttons=("acknowledge",)) for _ in range(60))
    card = card_of(Body("HW-7F3K", "x", many, buttons=("found",)))
    assert "There is more: type @Homeward status HW-7F3K." in text_of(card)


def test_words_are_plain_runs_and_a_link_in_them_is_none() -> None:
    card = card_of(Body("HW-7F3K", "[a](https://example.org) *b*", (Row("r", "[c](https://example.org)", "due", ()),)))
    assert "](" not in text_of(card)
    assert "[" not in text_of(card).split("\n")[0]


def test_only_a_meetings_own_address_is_a_button_to_join() -> None:
    card = card_of(Body("HW-7F3K", "x", lines=("https://example.org/typed",), join="https://teams.example.org/1"))
    assert [b["url"] for b in buttons(card) if b["type"] == "Action.OpenUrl"] == ["https://teams.example.org/1"]
    assert not buttons(card_of(Body("HW-7F3K", "x", join="javascript:alert(1)")))


def test_a_long_answer_is_cut_with_a_word_about_it() -> None:
    message = render.answer(Answer(tuple(f"HW-7F3K: line {n} " * 5 for n in range(500)), "HW-7F3K"))
    card = message.card.model_dump(by_alias=True, exclude_none=True)
    check_card(card)
    assert "There is more" in text_of(card)
    assert message.summary == "Homeward: HW-7F3K"


def test_the_presser_reads_what_came_of_it_above_the_card() -> None:
    body = Body("HW-7F3K", "due now", (Row("r", "Write", "due", ("edt",), obligation="o", buttons=("acknowledge",)),))
    card = render.answered(body, (), "t", "ABC123", ("Noted.",)).model_dump(by_alias=True, exclude_none=True)
    check_card(card)
    assert text_of(card).startswith("Noted.")
    assert buttons(card)


def test_names_in_every_script_are_whole_and_of_two_of_one_name_each_is_mentioned() -> None:
    names = ("प्रिया", "Jose\u0301 O'Dea", "Sam Sample", "Sam Sample")
    people = [Person(f"p{n}", name, "police", (), (Account("teams", f"u{n}", "t"),)) for n, name in enumerate(names)]
    sent = render.post(Body(None, "For you", mentions=tuple(p.id for p in people)), people, "t", "4F2A9C").card.model_dump(by_alias=True)
    said = [(entity["text"], entity["mentioned"]["id"]) for entity in sent["msteams"]["entities"]]
    texts = ["<at>प्रिया</at>", "<at>José O'Dea</at>", "<at>Sam Sample</at>", "<at>Sam Sample (2)</at>"]
    assert said == [(text, f"u{n}") for n, text in enumerate(texts)]
    assert ", ".join(texts) in text_of(sent)


def test_an_answer_in_a_dialog_is_never_larger_than_teams_takes_and_says_what_shows_the_rest() -> None:
    lines = tuple(f"{n}: what is owed by somebody until then, under a clause" for n in range(400))
    shown = forms.result(Answer(lines, reference="HW-7F3K"))
    card = json.loads(shown.model_dump_json(by_alias=True, exclude_none=True))["task"]["value"]["card"]["content"]
    check_card(card)
    assert text_of(card).endswith("There is more: type @Homeward status HW-7F3K.")
