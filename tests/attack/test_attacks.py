"""Attacks that docs/security.md lists and no other test makes; each was tried against a running bot."""

import asyncio
import csv
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot.door import HEADERS, Door
from bot.errors import Unusable
from bot.limits import Limits
from bot.logs import Lines
from bot.main import app
from bot.server import new_app
from handlers.errors import HandlerError, Refused
from handlers.frontdesk import pressing, submitting
from handlers.incoming import Pressed, Submitted
from handlers.outgoing import Answer, Problems, plain
from handlers.returns import cells
from storage.sealing import new_key
from tests.bot.slack import scene as slack_scene
from tests.bot.slack.wire import wire
from tests.fakes import Duty
from tests.handlers.conftest import Opens, opens
from tests.protocols import duty as rule

__all__ = ["opens"]
MARKUP = "<!channel> <@U1> @everyone [x](http://evil.example) *b* `c` </at> & \u202e\r\n{{7*7}}"


def came_of(act: Callable[[], Any]) -> Any:
    """The reply, or what refused it."""
    try:
        return act()
    except HandlerError as refused:
        return refused


@pytest.fixture
def duty(opens: Opens) -> Duty:
    found = opens(
        rule("brief", "written_briefing", owner="team_manager", due="PT4H"),
        rule("look", "safe_and_well_check", owner="police", due="PT4H"),
        rule("meet", "strategy_meeting", owner="social_worker", due="P2D", attendees=["health_representative"]),
    )
    found.report(missing_since="09:30")
    found.forward(hours=5)
    return found


def test_a_partner_does_not_reach_an_episode_it_is_not_invited_to(duty: Duty) -> None:
    for typed in ("status {}", "meeting {}", "done {} written briefing", "have {} written briefing", "answer {} strategy meeting accept"):
        reply = came_of(lambda typed=typed: duty.hear(typed.format(duty.reference), "school"))  # type: ignore[misc]
        if isinstance(reply, HandlerError):
            assert "See to" not in str(reply)
        else:
            assert not [o for f in duty.form(reply).fields if f.id in {"meeting", "action"} for o in f.options], "nothing to answer"
    assert duty.answer(duty.hear("list", "school")).text == "No episode is open."


def test_a_partner_who_is_not_invited_changes_nothing_and_opens_no_form_but_to_say_what_it_knows(duty: Duty) -> None:
    before = len(duty.told())
    for typed in ("risk {} high", "reclassify {}", "interview {} offered", "decide {}", "held {}", "undo {}", "feedback {}", "phoned {}"):
        with pytest.raises(Refused, match="You are not invited to"):
            duty.hear(typed.format(duty.reference), "school")
    for form, values in (("risk", {"risk_level": "low"}), ("reclassify", {"category": "absent"}), ("interview_offered", {})):
        forged = Submitted(form, values, "school", {"reference": duty.reference})
        for act in (submitting.submit, submitting.again):
            with duty.desk() as desk, pytest.raises(Refused, match="You are not invited to"):
                act(forged, desk)
    assert len(duty.told()) == before
    assert duty.form(duty.hear(f"found {duty.reference}", "school")).id == "found", "whoever knows where the child is says so"
    assert "Kept with" in duty.answer(duty.hear(f"note {duty.reference} seen on the bus", "school")).text


def test_who_reported_a_child_may_go_on_with_it_though_nothing_is_asked_of_them(duty: Duty) -> None:
    duty.report("school", missing_since="09:00")
    assert "high" in duty.answer(duty.hear(f"risk {duty.reference} high", "school")).text


def test_somebody_elses_nonce_gives_nobody_their_answer(duty: Duty) -> None:
    form = duty.form(duty.hear(f"note {duty.reference}", "team_manager"))
    sent = Submitted(form.id, {"text": "a secret"}, "team_manager", dict(form.context))
    said = duty.answer(duty.resend(sent))
    assert duty.answer(duty.resend(sent)) == said, "their own, sent twice, is one note"
    with duty.desk() as desk, pytest.raises(Refused, match="There is no episode HW-0000"):
        submitting.submit(Submitted("note", {"text": "x"}, "school", {**dict(form.context), "reference": "HW-0000"}), desk)


@pytest.mark.parametrize("who", ["school", "foster_carer", "administrator"])
def test_no_form_tells_what_its_reader_may_not_see(duty: Duty, who: str) -> None:
    """A list of other children to merge with, the times to correct, who there is to be permitted: asked for by hidden fields."""
    duty.report(missing_since="08:30")
    for form in ("merge", "correct", "permit", "allocate", "restrict", "share", "reclassify"):
        for forged in (Submitted("more", {"form": form}, who, {"reference": duty.reference}), Submitted(form, {}, who, {})):
            with duty.desk() as desk:
                came = came_of(lambda desk=desk, forged=forged: submitting.submit(forged, desk))  # type: ignore[misc]
            assert isinstance(came, HandlerError), form
        with duty.desk() as desk, pytest.raises(HandlerError):
            pressing.press(Pressed(form, who, None, 1, duty.reference), desk)


def test_an_old_button_of_somebody_elses_duty_does_nothing(duty: Duty) -> None:
    row = duty.row("written_briefing", "complete")
    for who in ("police", "school", "foster_carer"):
        with pytest.raises(Refused):
            duty.submit(duty.press_row("complete", row, who), who)
    assert duty.owed("written_briefing").status == "open"


def test_a_button_of_one_episode_is_not_good_for_another(duty: Duty) -> None:
    row, first = duty.row("written_briefing", "acknowledge"), duty.reference
    duty.report(missing_since="09:30")
    form = duty.form(duty.hear(f"done {duty.reference}", "team_manager"))
    forged = Submitted("complete", {"done_at": "14:00"}, "team_manager", {**dict(form.context), "obligation": str(row.obligation)})
    with duty.desk() as desk, pytest.raises(Refused, match="no longer exists"):
        submitting.submit(forged, desk)
    assert first != duty.reference


@pytest.mark.parametrize("forged", ["' OR 1=1 --", "x" * 5000, "\0", "../../etc/passwd", "01a20", "💥"])
def test_a_forged_button_or_form_is_a_sentence_and_writes_nothing(duty: Duty, forged: str) -> None:
    before = len(duty.told())
    acts: list[Any] = [
        lambda desk: pressing.press(Pressed("acknowledge", "team_manager", forged, 1, duty.reference), desk),
        lambda desk: pressing.press(Pressed(forged, "team_manager", None, 1, duty.reference), desk),
        lambda desk: submitting.submit(Submitted(forged, {}, "team_manager", {"reference": duty.reference}), desk),
        lambda desk: submitting.submit(Submitted("note", {"text": "x"}, "team_manager", {"reference": forged}), desk),
        lambda desk: submitting.submit(
            Submitted("complete", {}, "team_manager", {"reference": duty.reference, "obligation": forged}), desk
        ),
    ]
    for act in acts:
        with duty.desk() as desk:
            reply = came_of(lambda act=act, desk=desk: act(desk))  # type: ignore[misc]
        assert isinstance(reply, HandlerError | Problems)
        assert not isinstance(reply, HandlerError) or len(str(reply)) < 300
    assert len(duty.told()) == before


def test_a_form_without_its_context_is_a_sentence(duty: Duty) -> None:
    for form in ("found", "complete", "note", "waive", "allocate", "merge", "restrict", "share", "permit", "review", "decide", "interview"):
        with duty.desk() as desk, pytest.raises(HandlerError):
            submitting.submit(Submitted(form, {}, "team_manager", {}), desk)


def test_a_guessed_reference_is_answered_like_one_that_does_not_exist(duty: Duty) -> None:
    duty.submit(duty.hear(f"restrict {duty.reference}", "team_manager"), "team_manager", reason="x")
    for typed in ("status", "note", "found", "waive", "merge", "correct"):
        said = []
        for reference in (duty.reference, "HW-0000"):
            with pytest.raises(Refused) as refused:
                duty.hear(f"{typed} {reference}", "service_manager")
            said.append(str(refused.value).replace(reference, "HW-…."))
        assert said[0] == said[1]


def test_markup_and_mentions_that_people_type_reach_no_post(duty: Duty) -> None:
    duty.type("note", text=MARKUP)
    duty.type("found", found_at="14:00", note=MARKUP, seen_by=MARKUP, on_behalf=MARKUP)
    duty.type("reopen", reason=MARKUP)
    duty.type("waive", by="team_manager", action="written_briefing", reason=MARKUP)
    duty.forward(hours=1)
    said = "\n".join(plain(body) + body.fallback for body in duty.platform.shown.values())
    assert not [part for part in MARKUP.split() if len(part) > 2 and part in said]


async def test_markup_in_an_answer_is_shown_as_it_was_typed_and_calls_nobody(sqlite: Engine) -> None:
    with wire() as slack:
        async with slack_scene.scene(sqlite, slack) as office:
            answer = json.dumps(await office.command(f"{MARKUP} <!channel>"))
            assert "<!channel>" not in answer
            assert "<@U1>" not in answer


def test_a_case_number_is_never_a_formula_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "missing.csv"
    file.write_text("left by somebody", encoding="utf-8")
    file.chmod(0o644)
    cells.write(
        file, ["CHILD"], [[typed] for typed in ("=HYPERLINK(1)", "@x", "+1", "-1", "\t=1", "\uff1d1", "a\x00b\ud800", "CS-1", 7, None)]
    )
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [row[0] for row in csv.reader(opened)]
    assert rows == ["CHILD", "'=HYPERLINK(1)", "'@x", "'+1", "'-1", "' =1", "'\uff1d1", "a b?", "CS-1", "7", ""]
    assert file.stat().st_mode & 0o777 == 0o600, "a file about children is its owner's"


def test_an_export_is_not_for_partners(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "homeward.yml").write_text(slack_scene.HOMEWARD_YML, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{sqlite.url.database}")
    monkeypatch.setenv("HOMEWARD_KEYS", new_key())
    for by, may in (("police.one", False), ("worker.one", True)):
        for command in (["export", "annex-a", "--out", f"{by}.csv"], ["records", "due", "--authority", "westbrook"]):
            found = CliRunner().invoke(app, [*command, "--by", by], standalone_mode=False)
            refused = isinstance(found.exception, Unusable) and "Your roles here do not include" in str(found.exception)
            assert refused == (not may or command[0] == "records")
    assert not (tmp_path / "police.one.csv").exists()


def test_a_line_break_makes_no_second_line_in_the_log() -> None:
    record = logging.LogRecord("bot", logging.ERROR, "", 0, "refused: %s", ('x\n{"level":"info","says":"forged"}\r\u2028',), None)
    line = Lines().format(record)
    assert len(line.splitlines()) == 1 or "\n" not in line
    assert json.loads(line)["says"].startswith("refused: x")


async def test_an_account_that_does_too_much_is_slowed_and_another_is_not(sqlite: Engine) -> None:
    with wire() as slack:
        async with slack_scene.scene(sqlite, slack) as office:
            office.serving.conversation.inbound = replace(office.serving.conversation.inbound, limits=Limits())
            said = [json.dumps(await office.command("list")) for _ in range(45)]
            assert "more than anybody does in a minute" in said[-1]
            assert "more than anybody does" not in said[0]
            assert "more than anybody does" not in json.dumps(await office.command("list", "U2"))


def test_a_bucket_fills_again_and_remembers_only_so_many() -> None:
    now = [0.0]
    limits = Limits(lambda: now[0], burst=2, a_second=1)
    assert [limits.allow("a") for _ in range(3)] == [True, True, False]
    now[0] = 1.0
    assert [limits.allow("a"), limits.allow("a")] == [True, False]
    for number in range(20_000):
        limits.allow(str(number))
    assert len(limits._left) <= 10_000


def web(seconds: float = 10.0) -> FastAPI:
    app = FastAPI()
    app.add_middleware(Door, seconds=seconds)

    @app.post("/x")
    async def x(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    return app


async def test_a_body_that_never_ends_is_given_up() -> None:
    async def drops() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.Event().wait()

    async with httpx.AsyncClient(transport=httpx.ASGITransport(web(0.05)), base_url="http://x.test") as http:
        assert (await http.post("/x", content=drops())).status_code == 408
        assert (await http.post("/x", content=b"abc")).text == "3"


async def test_whoever_leaves_in_the_middle_of_a_body_is_no_error() -> None:
    said: list[object] = []

    async def leaves() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def answered(message: object) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": "/x", "headers": [], "query_string": b""}
    await web()(scope, leaves, answered)
    assert said == []


async def test_the_server_says_what_a_browser_may_do_and_has_no_page_that_helps_an_attacker() -> None:
    app = new_app(lambda: None, _Nothing)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x.test") as http:
        for path in ("/healthz", "/readyz", "/docs", "/redoc", "/openapi.json", "/", "/debug", "/.env", "/slack/events"):
            answer = await http.get(path)
            assert answer.status_code in {200, 404}
            assert (answer.status_code == 200) == (path in {"/healthz", "/readyz"})
            assert dict(answer.headers).items() >= HEADERS.items()


class _Nothing:
    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *_: object) -> None:
        return None


def test_an_answer_holds_no_more_of_what_was_typed_than_a_word(duty: Duty) -> None:
    with pytest.raises(HandlerError) as refused:
        duty.hear("x" * 10_000, "team_manager")
    assert len(str(refused.value)) < 200
    assert isinstance(duty.hear("help", "team_manager"), Answer)
