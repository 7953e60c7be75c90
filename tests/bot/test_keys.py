"""Keys come from the environment or from a file that is its owner's alone; without one nothing starts."""

from pathlib import Path

import pytest

from bot.errors import Unusable
from bot.keys import vault
from bot.settings import Settings
from storage.sealing import new_key


def settings(**given: object) -> Settings:
    return Settings.model_validate(given)


def test_a_file_of_keys_is_read_newest_first(tmp_path: Path) -> None:
    file, newest, older = tmp_path / "keys", new_key(), new_key()
    file.write_text(f"{newest}\n{older}\n", encoding="utf-8")
    file.chmod(0o600)
    kept = vault(settings(homeward_keys_file=file))
    assert kept.keys == vault(settings(homeward_keys=f"{newest},{older}")).keys


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_may_read_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "keys"
    file.write_text(new_key(), encoding="utf-8")
    file.chmod(mode)
    with pytest.raises(Unusable, match=f"can be read by others \\(mode {mode:o}\\): chmod 600"):
        vault(settings(homeward_keys_file=file))


def test_without_keys_nothing_starts_and_no_sentence_shows_one(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="HOMEWARD_KEYS is not set"):
        vault(settings())
    with pytest.raises(Unusable, match="cannot be read"):
        vault(settings(homeward_keys_file=tmp_path / "none"))
    with pytest.raises(Unusable, match="both set"):
        vault(settings(homeward_keys=new_key(), homeward_keys_file=tmp_path))
    with pytest.raises(Unusable) as refused:
        vault(settings(homeward_keys="c2VjcmV0LWtleQ=="))
    assert "c2VjcmV0" not in str(refused.value)
