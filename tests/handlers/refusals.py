"""What is refused is a sentence, and changes nothing."""

from typing import Any

from handlers.errors import HandlerError
from tests.fakes import Duty


def unchanged(duty: Duty, act: Any) -> str:
    """The sentence of something refused, after which the journal is what it was."""
    before = [entry.id for entry in duty.told()]
    try:
        reply = act()
    except HandlerError as refused:
        sentence = str(refused)
    else:
        (sentence,) = duty.problem(reply).values()
    assert [entry.id for entry in duty.told()] == before
    return sentence
