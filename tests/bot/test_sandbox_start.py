"""Starting the training room: what it opens, and when it does not."""

import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.bot.processes import Started, run


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Started]]:
    folder = tmp_path_factory.mktemp("room")
    started = Started(folder, "sandbox", "--port", "0", cold=True)
    yield folder, started
    assert started.end() == 0


def test_the_page_opens_and_says_that_nobody_is_told(room: tuple[Path, Started]) -> None:
    with urlopen(room[1].address, timeout=10) as page:
        text = page.read().decode()
    assert page.status == 200
    assert "Training: nobody is told." in text
    assert "Training: nobody is told." in room[1].said


def test_nothing_may_be_loaded_from_elsewhere(room: tuple[Path, Started]) -> None:
    with urlopen(room[1].address, timeout=10) as page:
        policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


def test_only_the_owner_can_read_the_key_and_the_database(room: tuple[Path, Started]) -> None:
    for name in ("homeward-sandbox.key", "homeward-sandbox.sqlite"):
        assert stat.S_IMODE((room[0] / name).stat().st_mode) == 0o600, name


def test_a_second_sandbox_on_the_same_file_is_told_so(room: tuple[Path, Started]) -> None:
    second = run(room[0], "sandbox", "--port", "0")
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert f"Another sandbox (process {room[1].process.pid}) already uses" in second.stderr


def test_a_port_that_is_taken_is_named(room: tuple[Path, Started], tmp_path: Path) -> None:
    second = run(tmp_path, "sandbox", "--port", room[1].port)
    assert second.returncode == 2
    assert f"127.0.0.1:{room[1].port} cannot be listened on" in second.stderr


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "CLIENT_SECRET"])
def test_it_does_not_start_where_the_keys_of_a_platform_are(name: str, tmp_path: Path) -> None:
    refused = run(tmp_path, "sandbox", "--port", "0", env={name: "invented"})
    assert refused.returncode == 2
    assert name in refused.stderr
    assert "invented" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_keys_of_a_platform_are_seen_in_a_dot_env_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=invented\n")
    refused = run(tmp_path, "sandbox", "--port", "0")
    assert (refused.returncode, "SLACK_BOT_TOKEN" in refused.stderr) == (2, True)


def test_beyond_this_machine_it_wants_a_password(tmp_path: Path) -> None:
    refused = run(tmp_path, "sandbox", "--host", "0.0.0.0", "--port", "0")
    assert refused.returncode == 2
    assert "HOMEWARD_SANDBOX_PASSWORD" in refused.stderr
