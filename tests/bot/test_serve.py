"""The bot that serves: it makes its database, answers for its health, and ends politely."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from storage.sealing import new_key
from tests.bot.processes import Started, configured, run
from tests.databases import Fresh


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Started]]:
    folder = tmp_path_factory.mktemp("bot")
    configured(folder)
    started = Started(folder, "serve", "--port", "0", env={"HOMEWARD_KEYS": new_key()}, cold=True)
    yield folder, started
    assert started.end() == 0


def test_it_lives_and_can_serve(bot: tuple[Path, Started]) -> None:
    for path, says in (("/healthz", "alive\n"), ("/readyz", "ready\n")):
        with urlopen(bot[1].address + path, timeout=10) as answer:
            assert (answer.status, answer.read().decode()) == (200, says)


def test_it_made_its_database_and_says_that_it_can_tell_nobody_yet(bot: tuple[Path, Started]) -> None:
    assert (bot[0] / "homeward.sqlite").exists()
    assert "No chat platform is configured" in bot[1].said


def test_a_second_bot_on_the_same_file_is_told_so(bot: tuple[Path, Started]) -> None:
    second = run(bot[0], "serve", "--port", "0", env={"HOMEWARD_KEYS": new_key()})
    assert second.returncode == 2
    assert f"Another bot (process {bot[1].process.pid}) already uses" in second.stderr
    assert "for several processes PostgreSQL is needed" in second.stderr


def test_metrics_are_counts_that_prometheus_reads(bot: tuple[Path, Started]) -> None:
    with urlopen(bot[1].address + "/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(values["homeward_queue_oldest_seconds"]) == 0
    assert float(values['homeward_due_to_sent_seconds_bucket{le="+Inf"}']) == float(values["homeward_due_to_sent_seconds_count"])
    assert set(values) >= {
        'homeward_waiting_posts{state="uncertain"}',
        "homeward_alarms_total",
        "homeward_late_obligations",
        "homeward_episodes_to_look_at",
        'homeward_cycle_age_seconds{cycle="remind"}',
    }


def test_no_cycle_failed(bot: tuple[Path, Started]) -> None:
    assert bot[1].errors() == ""


@pytest.mark.parametrize(("keys", "said"), [({}, "HOMEWARD_KEYS is not set"), ({"HOMEWARD_KEYS": "short"}, "HOMEWARD_KEYS cannot be used")])
def test_without_keys_it_does_not_start(tmp_path: Path, keys: dict[str, str], said: str) -> None:
    configured(tmp_path)
    refused = run(tmp_path, "serve", "--port", "0", env=keys)
    assert (refused.returncode, said in refused.stderr) == (2, True)


def test_a_schema_of_another_version_on_a_shared_database_is_refused(tmp_path: Path, empty_postgresql: Fresh) -> None:
    configured(tmp_path)
    env = {"HOMEWARD_KEYS": new_key(), "DATABASE_URL": empty_postgresql()}
    refused = run(tmp_path, "serve", "--port", "0", env=env)
    assert refused.returncode == 2
    assert "homeward db upgrade" in refused.stderr
    assert run(tmp_path, "db", "upgrade", env=env).returncode == 0
    started = Started(tmp_path, "serve", "--port", "0", env=env)
    with urlopen(started.address + "/readyz", timeout=10) as answer:
        assert answer.status == 200
    assert started.end() == 0
