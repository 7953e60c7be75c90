"""Every word and every form there is, with nothing in it, too much in it, or nonsense: an answer, or a sentence, and no trace."""

import pytest

from handlers.errors import HandlerError
from handlers.incoming import Submitted
from handlers.outgoing import Answer, Form, Problems
from handlers.vocabulary import ALIASES, VERBS
from tests.fakes import Duty
from tests.handlers.conftest import Opens

PACK = "bury@2024-06-21"
EPISODE_VERBS = sorted(set(VERBS) - {"help", "list", "mine", "report", "link"})
NONSENSE = {
    "nothing": "",
    "blanks": "   \n\t ",
    "too much": "x" * 10_000,
    "emoji": "👧🏽🚓" * 20,
    "right to left": "\u202eمفقود منذ أمس\u202c",
    "half a character": "\ud83d",
    "nought": "\0",
    "markup": "<b>@everyone</b> *bold* {{x}} %s ' \" -- DROP TABLE",
    "a time": "21:30",
    "a number": "-1",
    "a million": "9" * 30,
}


def journal(duty: Duty) -> list[str]:
    return [entry.id for entry in duty.told() if entry.kind != "shown"]


@pytest.fixture
def missing(opens: Opens) -> Duty:
    duty = opens(pack=PACK)
    duty.report(missing_since="08:00", care_status="looked_after", date_of_birth="4 Mar 2012")
    return duty


def opened(duty: Duty, word: str) -> Form | None:
    """The form of a word, unless it needs none or there is nothing to fill it with."""
    try:
        reply = duty.hear(f"{word} {duty.reference}", "team_manager")
    except HandlerError:
        return None
    return reply if isinstance(reply, Form) else None


def test_every_word_is_answered(missing: Duty) -> None:
    for word in VERBS:
        typed = word if word not in EPISODE_VERBS else f"{word} {missing.reference}"
        try:
            reply = missing.hear(typed, "la_missing_coordinator" if word == "link" else "team_manager")
        except HandlerError as refused:
            sentence = str(refused)
        else:
            sentence = "."
            assert isinstance(reply, Answer | Form)
            assert reply.lines if isinstance(reply, Answer) else reply.fields
        assert sentence.endswith(".")


def test_every_other_word_for_it_is_one_of_them() -> None:
    assert set(ALIASES.values()) <= set(VERBS)
    assert not set(ALIASES) & set(VERBS)


@pytest.mark.parametrize("nonsense", sorted(NONSENSE))
def test_every_form_survives_whatever_is_typed_into_it(missing: Duty, nonsense: str) -> None:
    for word in EPISODE_VERBS:
        form = opened(missing, word)
        if form is None:
            continue
        before = journal(missing)
        reply, sentence = sent_in(missing, form, nonsense)
        if reply is None:
            assert sentence[-1:] in {".", "?"}, (word, sentence)
            assert len(sentence) < 400, word
            assert journal(missing) == before, word


def sent_in(duty: Duty, form: Form, nonsense: str) -> tuple[Answer | Form | None, str]:
    """What came of a form with the same nonsense in every field: a reply, or the sentence of a refusal."""
    submitted = Submitted(form.id, {f.id: NONSENSE[nonsense] for f in form.fields}, "team_manager", dict(form.context))
    try:
        reply = duty.resend(submitted)
    except HandlerError as refused:
        return None, str(refused)
    if isinstance(reply, Problems):
        assert {f.id for f in reply.form.fields} == {f.id for f in form.fields}
        return None, next(iter(reply.errors.values()))
    return reply, ""


@pytest.mark.parametrize("nonsense", sorted(NONSENSE))
def test_a_report_survives_it_too(missing: Duty, nonsense: str) -> None:
    form = missing.form(missing.hear("report", "team_manager"))
    assert sent_in(missing, form, nonsense)[0] is None


@pytest.mark.parametrize("nonsense", sorted(NONSENSE))
def test_every_word_survives_what_is_typed_after_it(missing: Duty, nonsense: str) -> None:
    for word in VERBS:
        for typed in (f"{word} {NONSENSE[nonsense]}", f"{word} {missing.reference} {NONSENSE[nonsense]}"):
            sentence = ""
            try:
                reply = missing.hear(typed, "team_manager")
            except HandlerError as refused:
                sentence = str(refused)
            else:
                assert isinstance(reply, Answer | Form)
            assert len(sentence) < 400
