"""What a field of homeward.yml may hold: ids, roles, agencies, times, protocols; a slip is answered with the nearest word."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from handlers.access import ACCESS_ROLES
from policies import words
from policies.load import edition, load
from policies.words import PackError


def clock(written: object) -> time:
    """YAML reads 17:00 without quotes as the number 1020, so a time is taken only as text."""
    if not isinstance(written, str):
        raise ValueError('write a time in quotes, like "17:00"')  # noqa: TRY004 - pydantic gathers ValueErrors
    try:
        return time.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'{written}' is not a time; write it like \"17:00\"") from None


def is_file(pack: str) -> bool:
    """Whether a pack is named by its path, which begins at the folder of homeward.yml."""
    return pack.endswith((".yaml", ".yml"))


def known_pack(name: str, info: ValidationInfo) -> str:
    try:
        if not is_file(name):
            edition(name)
        elif info.context is not None:
            load((info.context["folder"] / name).read_text(encoding="utf-8"), name)
    except PackError as error:
        raise ValueError(str(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the protocol {name} cannot be read ({getattr(error, 'strerror', None) or 'not text'})") from None
    return name


def one_of(what: str, known: Callable[[], Container[str]]) -> AfterValidator:
    """Accept a word of a closed list, and name the nearest one otherwise; the list is read when it is first needed."""

    def check(word: str) -> str:
        if word not in known():
            raise ValueError(f"'{word}' is not {what}{words.nearest(word, known())}")
        return word

    return AfterValidator(check)


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Word = Annotated[str, Field(min_length=1)]
Clock = Annotated[time, BeforeValidator(clock)]
RoleId = Annotated[str, one_of("a role", lambda: words.roles() | set(ACCESS_ROLES))]
Agency = Annotated[str, one_of("an agency", lambda: words.vocabulary()["agencies"])]
PackName = Annotated[str, AfterValidator(known_pack)]
Purpose = Literal["coordination", "partners", "management"]
Identify = Literal["reference", "reference_initials"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Part(BaseModel):
    """Every part of the file: nothing unknown, nothing changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
