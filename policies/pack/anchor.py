"""The moments a rule counts from: one of the episode, something done, a threshold crossed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag

from policies import words
from policies.pack.words import Action, Frozen

MOMENTS = (
    "missing_since",
    "absent_since",
    "notified_at",
    "found_at",
    "returned_at",
    "absence_limit_at",
    "review_at",
    "assessed_missing_at",
    "placement_start",
    "photo_date",
    "birthday_18",
    "when",
)


def _moment(word: str) -> str:
    if word not in MOMENTS:
        raise ValueError(f"'{word}' is not a moment rules count from{words.nearest(word, MOMENTS)}")
    return word


Moment = Annotated[str, AfterValidator(_moment)]


class After(Frozen):
    """The moment an action was done, a meeting held, a decision made (with one of `outcome`; `done`: without any)."""

    after: Action | Annotated[tuple[Action, ...], Field(min_length=1)]
    outcome: tuple[str, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions, each of which is a start."""
        return self.after if isinstance(self.after, tuple) else (self.after,)


class AtThreshold(Frozen):
    """The moment a threshold of the pack was crossed."""

    threshold: str


def _anchor_kind(value: Any) -> str:
    """Which kind of anchor is written, so that a slip gives one message."""
    if isinstance(value, list | tuple):
        return "several"
    keys = set(value) if isinstance(value, dict) else set(type(value).model_fields) if isinstance(value, Frozen) else set()
    return "threshold" if "threshold" in keys else "after" if keys else "moment"


OneAnchor = Annotated[
    Annotated[Moment, Tag("moment")] | Annotated[After, Tag("after")] | Annotated[AtThreshold, Tag("threshold")],
    Discriminator(_anchor_kind),
]
Several = Annotated[tuple[OneAnchor, ...], Field(min_length=1)]
Anchor = Annotated[
    Annotated[Moment, Tag("moment")]
    | Annotated[After, Tag("after")]
    | Annotated[AtThreshold, Tag("threshold")]
    | Annotated[Several, Tag("several")],
    Discriminator(_anchor_kind),
]
