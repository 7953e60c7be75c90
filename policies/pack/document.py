"""Where a pack's rules come from: its documents, and clauses of theirs that the register does not have."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from policies.pack.words import Frozen


class Document(Frozen):
    """A source document of the pack; `clauses` is the prefix of its clause ids."""

    title: str
    clauses: str
    governs: bool = True
    review_by: date | None = None


class Clause(Frozen):
    """A numbered statement of a document the register does not have, in our own words. `not_automated`: why no rule meets it."""

    asks: str = Field(min_length=5)
    section: str = ""
    not_automated: str | None = None


def _clause(value: Any) -> Any:
    return {"asks": value} if isinstance(value, str) else value


OwnClause = Annotated[Clause, BeforeValidator(_clause)]
