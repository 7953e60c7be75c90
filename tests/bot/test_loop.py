"""The loop in a thread of its own: what its caller has given up is not done behind their back."""

from threading import Event

import pytest

from bot import loop
from bot.loop import Loop


def test_what_a_loop_that_was_held_up_comes_to_too_late_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "ENDING", 0.02)
    found, free, sent = Loop("held"), Event(), list[str]()

    async def hold_up() -> None:
        free.wait(5)  # a library that waits for a key without letting anybody else on

    async def letter(name: str) -> None:
        sent.append(name)

    found.start(hold_up())
    with pytest.raises(TimeoutError):
        found.run(letter("given up"), 0.01)
    free.set()
    found.run(letter("asked for again"), 5)
    found.close()
    assert sent == ["asked for again"]
