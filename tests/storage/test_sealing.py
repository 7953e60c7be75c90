"""Sealed text opens in its own place, with its own key, and nowhere else."""

import os

import pytest

from storage.sealing import Sealed, Vault, blind, blinds, new_key, normalise, seal, unseal

KEY = bytes(range(32))
PLACE = ("notes", "text", "row1")


def test_a_sealed_text_opens_where_it_was_sealed() -> None:
    sealed = seal(KEY, *PLACE, "Seen near the bridge, łódź")
    assert unseal(KEY, *PLACE, sealed) == "Seen near the bridge, łódź"
    assert b"bridge" not in sealed


def test_the_same_text_never_looks_the_same() -> None:
    assert seal(KEY, *PLACE, "again") != seal(KEY, *PLACE, "again")


@pytest.mark.parametrize("place", [("notes", "text", "row2"), ("notes", "other", "row1"), ("others", "text", "row1")])
def test_a_moved_value_does_not_open(place: tuple[str, str, str]) -> None:
    with pytest.raises(Sealed, match="another place"):
        unseal(KEY, *place, seal(KEY, *PLACE, "secret"))


@pytest.mark.parametrize("position", range(0, 40, 3))
def test_a_changed_value_does_not_open(position: int) -> None:
    sealed = bytearray(seal(KEY, *PLACE, "some words"))
    sealed[position] ^= 1
    with pytest.raises(Sealed):
        unseal(KEY, *PLACE, bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 5, 17, 20])
def test_a_cut_value_does_not_open(length: int) -> None:
    with pytest.raises(Sealed):
        unseal(KEY, *PLACE, seal(KEY, *PLACE, "some words")[:length])


def test_another_key_is_told_from_a_changed_value() -> None:
    with pytest.raises(Sealed, match="another key"):
        unseal(os.urandom(32), *PLACE, seal(KEY, *PLACE, "secret"))


def test_an_error_names_the_place_and_not_the_text() -> None:
    with pytest.raises(Sealed) as raised:
        unseal(os.urandom(32), *PLACE, seal(KEY, *PLACE, "secret"))
    assert str(raised.value) == "The value in notes.text of row1 was sealed with another key."


def test_an_older_master_key_still_unwraps() -> None:
    old, new = new_key(), new_key()
    wrapped = Vault.from_text(old).wrap("child1", KEY)
    assert Vault.from_text(f"{new}, {old}").unwrap("child1", wrapped) == KEY


def test_an_unknown_master_key_is_said_so() -> None:
    wrapped = Vault.from_text(new_key()).wrap("child1", KEY)
    with pytest.raises(Sealed, match="not configured"):
        Vault.from_text(new_key()).unwrap("child1", wrapped)


def test_a_data_key_does_not_unwrap_for_somebody_else() -> None:
    vault = Vault.from_text(new_key())
    with pytest.raises(Sealed):
        vault.unwrap("child2", vault.wrap("child1", KEY))


@pytest.mark.parametrize("text", ["", "short", "not base64!", "A" * 43 + "=,c2hvcnQ="])
def test_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="32 bytes each"):
        Vault.from_text(text)


def test_keys_may_come_without_padding() -> None:
    key = new_key()
    assert Vault.from_text(key.rstrip("=")).keys == Vault.from_text(key).keys


def test_a_vault_shows_no_key() -> None:
    assert repr(Vault.from_text(new_key())) == "Vault()"


def test_a_blind_index_tells_purposes_and_keys_apart() -> None:
    vault = Vault.from_text(new_key())
    one = blind(vault, "case", "cs0042")
    assert one == blind(vault, "case", "cs0042")
    assert (
        len({one, blind(vault, "name", "cs0042"), blind(vault, "case", "cs0043"), blind(Vault.from_text(new_key()), "case", "cs0042")}) == 4
    )


def test_blind_indexes_cover_older_keys_newest_first() -> None:
    old, new = new_key(), new_key()
    older, both = Vault.from_text(old), Vault.from_text(f"{new},{old}")
    assert blinds(both, "case", "cs0042") == [blind(both, "case", "cs0042"), blind(older, "case", "cs0042")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("O'Neil", "oneil"),
        ("o’NEIL", "oneil"),
        (" Mary-Ann ", "maryann"),
        ("Józef", "jozef"),
        ("ŁĄKA", "laka"),
        ("CS 00-42", "cs0042"),
        ("Strauß", "strauss"),
    ],
)
def test_spelling_that_does_not_matter_is_dropped(typed: str, kept: str) -> None:
    assert normalise(typed) == kept
