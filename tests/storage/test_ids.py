"""Names of rows and of episodes."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.ids import new_id, new_reference


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = uuid.UUID(new_id())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_ids_sort_in_the_order_they_were_made() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert {len(name) for name in made} == {32}


def test_ids_of_many_threads_are_all_different() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [name for batch in pool.map(lambda _: [new_id() for _ in range(1000)], range(8)) for name in batch]
    assert len(set(made)) == len(made)


def test_a_reference_has_four_characters_that_nobody_mistakes() -> None:
    for _ in range(500):
        letters = new_reference(lambda _: False).removeprefix("HW-")
        assert len(letters) == 4
        assert not set(letters) & set("01ABEILOSUZ")


def test_a_reference_grows_when_the_short_ones_are_taken() -> None:
    assert len(new_reference(lambda reference: len(reference) == len("HW-7F3K"))) == len("HW-7F3KX")


def test_no_reference_is_given_twice() -> None:
    with pytest.raises(RuntimeError, match="No free reference"):
        new_reference(lambda _: True)
