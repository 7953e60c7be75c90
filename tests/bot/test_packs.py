"""`homeward packs` and `homeward simulate --pack`: what a business manager types, and what comes back."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import configuration
from bot.main import main
from bot.wiring import desks
from handlers.desk import Office, actor
from handlers.verbs.report import Report, report
from policies.glossary import KINDS
from policies.load import edition
from storage import episodes, journal, outbox
from storage.creating import upgrade
from storage.db import reading
from storage.engines import open_database
from storage.sealing import Vault, new_key
from tests.bot.processes import configured

SCENARIOS = Path(__file__).parents[1] / "scenarios"
BURY = edition("bury")[1]


@dataclass(frozen=True)
class Said:
    """How a command ended and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command in `tmp_path`; in this process, since two dozen of them are started here."""
    monkeypatch.chdir(tmp_path)

    def typed(*arguments: str, env: Mapping[str, str] | None = None) -> Said:
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["homeward", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Said(int(ended.value.code or 0), captured.out, captured.err)

    return typed


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Bury's pack with one manager, one number, one sentence and one word of its own changed."""
    text = BURY.replace("service_manager: strategic_lead\n", "service_manager: assistant_director\n", 1)
    text = text.replace("any_of: [looked_after, looked_after_out_of_area, eligible]", "any_of: [looked_after, eligible]", 1)
    text = text.replace("says: Add a management case note\n", "says: Add a management case note the same day\n", 1)
    text = text.replace("effective: 2024-06-21", "effective: 2026-09-01", 1)
    file = tmp_path / "2026-09-01.yaml"
    file.write_text(text.replace("default_risk: medium", "default_risk: high", 1), encoding="utf-8")
    return file


def test_a_protocol_is_shown_in_its_own_words(run: Run) -> None:
    said = run("packs", "show", "bury").stdout
    assert "Words of this protocol\n  In care: care status is looked after" in said
    assert "E-mail the child's worker; see that procedure and record are followed up: team manager, on the report" in said
    assert "; when in care [BURY-43]" in said
    assert "; when ours and open and missing and was absent is not yes [BURY-35]" in said


def test_a_file_is_shown_like_a_protocol_that_ships(run: Run, changed: Path) -> None:
    assert run("packs", "show", str(changed)).stdout.startswith("Bury: bury@2026-09-01\n")


def test_a_difference_is_said_once_and_in_words(run: Run, changed: Path) -> None:
    said = run("packs", "diff", "bury@2024-06-21", changed.name)
    assert (said.returncode, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert "~ manager of service manager: strategic lead → service manager: assistant director" in lines
    assert "~ preset at the report: medium risk → high risk" in lines
    after = " → In care: care status is looked after or eligible and placing authority is not known"
    assert [line for line in lines if line.startswith("~ word ")] == [
        "~ word In care: care status is looked after or looked after out of area or eligible and placing authority is not known" + after
    ]
    assert len(lines) == 4, "forty rules ask for the word: it is said once"
    assert "the same day" in next(line for line in lines if "management case note" in line)


def test_an_edition_compared_with_itself_asks_the_same(run: Run) -> None:
    assert run("packs", "diff", "bury", "bury@2024-06-21").stdout == "bury@2024-06-21 and bury@2024-06-21 ask the same.\n"


def test_rules_that_came_and_went_stand_in_a_difference(run: Run) -> None:
    said = run("packs", "diff", "england", "rutland").stdout
    assert "+ Tell the senior practitioner or team manager: " in said
    assert "- Ask parents or carers what they know, since the child declined the interview: " in said


def test_coverage_is_the_page_of_a_protocol(run: Run) -> None:
    said = run("packs", "coverage", "england").stdout
    assert said.startswith("# England, statutory guidance only: every clause, and how it is met\n")
    assert "| ENG-10 |" in said


def test_the_words_a_pack_may_use_are_listed_with_their_meaning(run: Run) -> None:
    said = run("packs", "words", "actions", "interview").stdout
    assert re.search(r"^return_interview +meeting: ", said, re.MULTILINE)
    assert "strategy_meeting " not in said
    for kind in KINDS:
        listed = run("packs", "words", kind).stdout.splitlines()
        assert listed
        assert all(re.match(r"\w+ {2,}\S", line) for line in listed), kind


def one_sentence(said: Said, code: int, *parts: str) -> None:
    """It ended with the code, printed nothing, and said one line that holds the parts."""
    assert said.returncode == code
    assert said.stdout == ""
    assert len(said.stderr.splitlines()) == 1
    assert all(part in said.stderr for part in parts), said.stderr


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        (["show", "burry"], ["there is no pack 'burry'; did you mean 'bury'?"]),
        (["show", "bury@2024-06-22"], ["did you mean 'bury@2024-06-21'?"]),
        (["show", "nowhere.yaml"], ["nowhere.yaml cannot be read: No such file or directory."]),
        (["show"], ["Missing argument 'name'", "homeward packs show --help"]),
        (["check", "nowhere.yaml"], ["nowhere.yaml cannot be read"]),
        (["check", "."], [". cannot be read: Is a directory."]),
        (["diff", "bury"], ["Missing argument 'after'"]),
        (["diff", "bury", "burry"], ["there is no pack 'burry'"]),
        (["words", "role"], ["'role' is not a kind of word; did you mean 'roles'?"]),
        (["coverage", "englnd"], ["did you mean 'england'?"]),
        (["shw"], ["No such command 'shw'. Did you mean 'show'?"]),
        (["show", "bury", "--loud"], ["No such option: --loud"]),
    ],
)
def test_misuse_is_one_sentence_and_ends_with_2(run: Run, typed: list[str], parts: list[str]) -> None:
    one_sentence(run("packs", *typed), 2, "homeward: ", *parts)


@pytest.mark.parametrize("command", [["show"], ["check"], ["diff", "bury"], ["coverage"]])
def test_a_mistake_in_a_file_is_a_problem_and_ends_with_1(run: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "wrong.yaml").write_text(
        BURY.replace("{fact: age, under: 18}", "{fact: agee, under: 18}", 1).replace("owner: edt", "owner: etd", 1)
    )
    one_sentence(run("packs", *command, "wrong.yaml"), 1, "wrong.yaml: rule '", "did you mean '")


def test_a_file_that_is_no_text_is_said_to_be_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\xff\xfe")
    one_sentence(run("packs", "check", "picture.yaml"), 2, "picture.yaml is not a text file.")


def test_a_scenario_is_played_with_a_file_in_place_of_the_pack_that_ships(run: Run, changed: Path) -> None:
    scenario = str(SCENARIOS / "bury-24h-open-case.yml")
    played = run("simulate", scenario, "--pack", changed.name)
    assert played.returncode == 0, played.stderr
    assert "(bury@2026-09-01)" in played.stdout.splitlines()[0]


def test_a_file_and_a_scenario_of_two_areas_do_not_go_together(run: Run, changed: Path) -> None:
    said = run("simulate", str(SCENARIOS / "rutland-three-days-missing.yml"), "--pack", changed.name)
    one_sentence(said, 2, "this is about 'rutland', and 2026-09-01.yaml is the pack of 'bury'")


def test_a_scenario_of_a_pack_that_does_not_ship_says_how_to_play_it(run: Run, tmp_path: Path) -> None:
    text = (SCENARIOS / "bury-24h-open-case.yml").read_text(encoding="utf-8")
    (tmp_path / "mine.yml").write_text(re.sub(r"^pack: .*", "pack: westbrook", text, flags=re.MULTILINE), encoding="utf-8")
    one_sentence(run("simulate", "mine.yml"), 2, "mine.yml: there is no pack 'westbrook'", "--pack FILE")


def test_a_line_that_does_not_belong_to_a_scenario_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("title: x\npack: bury\ntimlines: []\nuntil: 2026-01-01\n", encoding="utf-8")
    one_sentence(run("simulate", "mine.yml"), 2, "'timlines' does not belong to a scenario; did you mean 'timeline'?")


@dataclass(frozen=True)
class Town:
    """A configured authority with one open episode that began under Tri-borough's pack."""

    run: Run
    folder: Path
    env: dict[str, str]
    office: Office

    def follow(self, pack: str) -> None:
        """Let homeward.yml name another pack."""
        file = self.folder / "homeward.yml"
        file.write_text(file.read_text(encoding="utf-8").replace("pack: triborough ", f"pack: {pack} "), encoding="utf-8")

    def adopt(self, *more: str, by: str = "mia.coordinator", reason: str = "The council decided so") -> Said:
        return self.run("packs", "adopt", "westbrook", "--by", by, "--reason", reason, *more, env=self.env)


@pytest.fixture
def town(run: Run, tmp_path: Path) -> Town:
    configured(tmp_path)
    key, url = new_key(), f"sqlite:///{tmp_path / 'homeward.sqlite'}"
    office = Office(configuration.directory(configuration.read(tmp_path / "homeward.yml")), Vault.from_text(key))
    engine = open_database(url)
    upgrade(engine)
    with desks(engine, office)() as desk:
        report(
            Report("missing", datetime(2026, 2, 1, 21, tzinfo=UTC), {"risk_level": "medium"}), desk, actor(desk, "duty.edt", "westbrook")
        )
    engine.dispose()
    return Town(run, tmp_path, {"HOMEWARD_KEYS": key, "DATABASE_URL": url}, office)


def follows(town: Town) -> tuple[str, int, list[str]]:
    """The pack the open episode follows, how many posts say that it changed, and the reasons in its journal."""
    engine = open_database(town.env["DATABASE_URL"])
    with reading(engine) as session:
        row = episodes.open_of(session, "westbrook")[0]
        posts = [p for p in outbox.of_episode(session, row.id) if any(r["rule"] == "adopted" for r in p.body["rows"])]
        said = [e.payload["reason"] for e in journal.of_episode(session, town.office.vault, row.id) if e.kind == "adopted"]
        known = row.pack_hash
    with desks(engine, town.office)() as desk:
        area = desk.pack(known).area
    engine.dispose()
    return area, len(posts), said


def test_adopting_moves_open_episodes_with_a_reason_and_one_post_each(town: Town) -> None:
    town.follow("england")
    said = town.adopt()
    assert said.returncode == 0, said.stderr
    first, *changes = said.stdout.splitlines()
    assert re.fullmatch(r"HW-\w+: triborough@2017-12-01 → england@2014-01-01", first)
    assert any(line.startswith("  + Tell the reviewing officer about the episode") for line in changes)
    assert follows(town) == ("england", 1, ["The council decided so"])


def test_a_dry_run_prints_the_difference_and_changes_nothing(town: Town) -> None:
    town.follow("england")
    said = town.adopt("--dry-run")
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[0].endswith("(nothing was changed yet)")
    assert follows(town) == ("triborough", 0, [])


@pytest.mark.parametrize(
    ("pack", "by", "reason", "says"),
    [
        ("triborough", "mia.coordinator", "a new version", "Every open episode follows this edition already."),
        ("england", "mia.coordinator", " ", "reason"),
        ("england", "ines.social", "a new version", "Your roles here do not include 'adopt'. Ask a head of service or the coordinator"),
        ("england", "nobody", "a new version", "You are not known here yet."),
    ],
)
def test_what_cannot_be_adopted_is_one_sentence(town: Town, pack: str, by: str, reason: str, says: str) -> None:
    town.follow(pack)
    one_sentence(town.adopt(by=by, reason=reason), 2, says)
    assert follows(town) == ("triborough", 0, [])


def test_an_authority_that_is_not_there_is_named_with_the_nearest(town: Town) -> None:
    said = town.run("packs", "adopt", "westbrok", "--by", "mia.coordinator", "--reason", "x", env=town.env)
    one_sentence(said, 2, "'westbrok' is not an authority of homeward.yml; did you mean 'westbrook'?")


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        (["do: report"], "step 1, report: 'category' is not given"),
        (["do: report, category: missing", "do: reclassify"], "step 2, reclassify: 'category' is not given"),
    ],
)
def test_a_step_that_does_not_say_all_it_needs_is_named(steps: list[str], says: str, run: Run, tmp_path: Path) -> None:
    timeline = "timeline:\n" + "".join(f"  - {{at: 2026-11-03T09:00, {step}}}\n" for step in steps)
    (tmp_path / "mine.yml").write_text(f"title: x\npack: rutland\n{timeline}until: 2026-11-04T09:00\n")
    one_sentence(run("simulate", "mine.yml"), 2, says)
