"""The app package: what it promises is what the code does, and nothing beyond."""

import json
import zipfile
from pathlib import Path

from bot.teams import package
from handlers.vocabulary import VERBS, opens
from tests.bot.processes import run
from tests.bot.teams.driver import ROOM
from tests.bot.teams.scene import Scene
from tests.bot.teams.wire import text_of

CLIENT = "0a1b2c3d-0000-0000-0000-000000000000"
ROOT = Path(__file__).parents[3]


def test_the_command_writes_a_package_that_holds_what_teams_wants(tmp_path: Path) -> None:
    done = run(tmp_path, "teams", "package", env={"CLIENT_ID": CLIENT})
    assert (done.returncode, "ready to upload" in done.stdout) == (0, True)
    with zipfile.ZipFile(tmp_path / "homeward-teams.zip") as bundle:
        assert sorted(bundle.namelist()) == ["color.png", "manifest.json", "outline.png"]
        written = json.loads(bundle.read("manifest.json"))
        pictures = {name: bundle.read(name) for name in ("color.png", "outline.png")}
    assert written["id"] == written["bots"][0]["botId"] == written["composeExtensions"][0]["botId"] == CLIENT
    for name, side in (("color.png", 192), ("outline.png", 32)):
        assert pictures[name][:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(pictures[name][16:20], "big") == int.from_bytes(pictures[name][20:24], "big") == side


def test_without_an_app_it_says_what_is_missing(tmp_path: Path) -> None:
    done = run(tmp_path, "teams", "package", env={"CLIENT_ID": "homeward"})
    assert (done.returncode, "CLIENT_ID is not set" in done.stderr) == (2, True)


def test_the_same_app_is_the_same_file() -> None:
    assert package.package(CLIENT, "1.0.0", "https://example.org") == package.package(CLIENT, "1.0.0", "https://example.org")


def test_the_manifest_keeps_what_the_schema_asks() -> None:
    of = package.manifest(CLIENT, "0.1.0", "https://example.org/")
    assert (of["manifestVersion"], of["supportsChannelFeatures"]) == ("1.25", "tier1")
    assert len(of["name"]["short"]) <= 30
    assert len(of["description"]["short"]) <= 80
    for found in of["bots"][0]["commandLists"]:
        assert len(found["commands"]) <= 10
        assert all(len(c["title"]) <= 32 and len(c["description"]) <= 128 for c in found["commands"])
    for command in of["composeExtensions"][0]["commands"]:
        assert len(command["title"]) <= 32
        assert len(command["description"]) <= 128


def test_it_asks_for_the_scopes_we_answer_in_and_no_others() -> None:
    of = package.manifest(CLIENT, "0.1.0", "https://example.org")
    assert of["bots"][0]["scopes"] == ["personal", "team", "groupChat"]
    assert of["permissions"] == ["identity", "messageTeamMembers"]
    assert "authorization" not in of
    assert not of["bots"][0]["supportsFiles"]


async def test_every_command_it_names_is_a_word_here(office: Scene) -> None:
    of = package.manifest(CLIENT, "0.1.0", "https://example.org")
    for command in of["bots"][0]["commandLists"][0]["commands"]:
        assert command["title"] in VERBS
        assert opens(command["title"]) or command["title"] != "report"
    for command in of["composeExtensions"][0]["commands"]:
        value = {"commandId": command["id"], "commandContext": command["context"][0]}
        answer = await office.invoke("composeExtension/fetchTask", value, channel=ROOM)
        assert "Missing since: time" in text_of(answer["task"]["value"]["card"]["content"])
