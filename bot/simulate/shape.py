"""Whether the parts of a scenario file are lists and keys where they must be; what is not is said in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def entries(raw: Mapping[str, Any], key: str, one: str, read: Callable[[int, dict[str, Any]], T]) -> tuple[T, ...]:
    """Everything listed under a key, read one by one, numbered from 1. Raises ValueError that names the entry."""
    found = raw.get(key) or []
    if not isinstance(found, list):
        raise ValueError(f"'{key}' is a list: begin each entry on a line of its own with '- '")  # noqa: TRY004 - one family for a bad file
    return tuple(_read(n, entry, one, read) for n, entry in enumerate(found, 1))


def _read(number: int, entry: Any, one: str, read: Callable[[int, dict[str, Any]], T]) -> T:
    where = f"{one} {number}"
    if not isinstance(entry, dict):
        raise ValueError(f"{where}: write it as {{key: value, …}}, not as '{str(entry)[:40]}'")  # noqa: TRY004
    try:
        return read(number, entry)
    except KeyError as error:
        raise ValueError(f"{where}: '{error.args[0]}' is missing") from None
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def keyed(raw: Any, what: str) -> dict[str, Any]:
    """A value that has keys. Raises ValueError."""
    if not isinstance(raw, dict):
        raise ValueError(f"{what} is written as {{key: value, …}}, not as '{str(raw)[:40]}'")  # noqa: TRY004
    return raw


def slips(expect: Any, check: Callable[[str, Any], object]) -> Iterator[str]:
    """What is wrong with the shape of an `expect:`; `check` raises ValueError for a value that is not what its key wants."""
    for key, wanted in expect.items():
        if key == "refused" and not (wanted is None or (isinstance(wanted, list) and all(isinstance(n, int) for n in wanted))):
            yield "expect.refused is a list of the numbers of steps, such as [2, 5]"
        if key in {"obligations", "messages", "absent"}:
            yield from _slips_of(key, wanted, check)


def _slips_of(key: str, wanted: Any, check: Callable[[str, Any], object]) -> Iterator[str]:
    try:
        entries({key: wanted}, key, f"expect.{key}", lambda _, entry: [check(name, value) for name, value in entry.items()])
    except ValueError as error:
        yield str(error)
