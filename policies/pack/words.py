"""Field types of a pack: ids from the vocabulary, clause ids, lengths of time; each slip names the nearest known word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from policies import words
from policies.worktime import Length


class Frozen(BaseModel):
    """Nothing unknown, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values, which works out anew what follows from them."""
        copied = super().model_copy(update=update, deep=deep)
        for worked_out in vars(copied).keys() - type(self).model_fields.keys():
            del vars(copied)[worked_out]
        return copied


def _one_of(kind: str, known: Callable[[], Collection[str]]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in known():
            msg = f"'{word}' is not {kind} of the vocabulary{words.nearest(word, known())}"
            raise ValueError(msg)
        return word

    return AfterValidator(check)


def _length(value: Any) -> Length:
    return value if isinstance(value, Length) else Length.parse(str(value))


Role = Annotated[str, _one_of("a role", words.roles)]
Action = Annotated[str, _one_of("an action", words.actions)]
Agency = Annotated[str, _one_of("an agency", lambda: words.vocabulary()["agencies"])]
CategoryId = Annotated[str, _one_of("a category", lambda: words.vocabulary()["episode_categories"])]
FactId = Annotated[str, _one_of("a fact", words.facts)]
ReportId = Annotated[str, _one_of("a report", lambda: words.vocabulary()["reports"])]
Time = Annotated[Length, BeforeValidator(_length), PlainSerializer(str)]
ClauseId = Annotated[str, AfterValidator(str)]
