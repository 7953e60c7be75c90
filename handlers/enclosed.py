"""Files: given with an answer, or named by a post and made when it is sent, so that nothing large is kept."""

from __future__ import annotations

from dataclasses import dataclass

PICTURE, WORKBOOK = "picture", "workbook"


@dataclass(frozen=True)
class Enclosed:
    """A file that goes with a post, named here and made when it is sent: a `picture` of a report, or its `workbook`.

    `words` stand in its place wherever it cannot be shown; the figures are those of `as_of`; `whole`: none is hidden.
    """

    kind: str
    report: str
    starts: str
    as_of: str
    name: str
    words: str
    chart: int = 0
    whole: bool = False


@dataclass(frozen=True)
class File:
    """A file for one person alone, or a picture for a room; `kind` as mail names it (text/calendar).

    `opens`: an address that comes to the same where no file can be given.
    """

    name: str
    kind: str
    content: bytes
    opens: str = ""
