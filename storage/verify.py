"""Checking a journal against its own chain, without any key: what was changed, removed, moved or slipped in."""

from bisect import bisect_left
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from operator import attrgetter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.chain import GENESIS, hash_of
from storage.tables import CHAINS, JOURNAL


@dataclass(frozen=True)
class Broken:
    """One thing that is wrong: changed, missing, reordered, inserted or unlinked, said in a sentence."""

    authority: str
    seq: int
    id: str | None  # None for an entry that is missing
    problem: str
    sentence: str


@dataclass(frozen=True)
class _Link:
    """What a chain needs to know of an entry."""

    seq: int
    id: str
    previous: bytes
    hash: bytes
    intact: bool


def verify(session: Session, authority: str | None = None) -> list[Broken]:
    """Read one authority's journal, or all, to its end; an empty list says that nothing is wrong.

    Whoever can write to the database can also write a whole new chain: compare the head with one kept elsewhere.
    """
    named = sa.union(sa.select(CHAINS.c.authority), sa.select(JOURNAL.c.authority)).subquery()
    every = session.scalars(sa.select(named.c.authority).order_by(named.c.authority)).all()
    return [broken for one in every if authority in {None, one} for broken in _of_one(session, one)]


def head(session: Session, authority: str) -> tuple[int, str] | None:
    """Number and hash of the last entry, to keep elsewhere; None when nothing was written."""
    row = session.execute(sa.select(CHAINS.c.seq, CHAINS.c.hash).where(CHAINS.c.authority == authority)).first()
    return None if row is None else (row.seq, row.hash.hex())


@dataclass(frozen=True)
class Anchor:
    """The head of an authority's journal as it once was, kept where whoever can write to the database cannot."""

    authority: str
    seq: int
    hash: str
    at: str


def heads(session: Session, at: str) -> list[Anchor]:
    """The heads of all journals now, to keep elsewhere."""
    rows = session.execute(sa.select(CHAINS.c.authority, CHAINS.c.seq, CHAINS.c.hash).order_by(CHAINS.c.authority))
    return [Anchor(authority, seq, last.hex(), at) for authority, seq, last in rows]


def anchored(session: Session, anchors: Iterable[Anchor]) -> list[Broken]:
    """What a journal that fits into itself cannot show: that it was emptied, cut short or written anew since an anchor was kept."""
    found = []
    for anchor in anchors:
        if anchor.seq == 0:
            continue
        here = (JOURNAL.c.authority == anchor.authority) & (JOURNAL.c.seq == anchor.seq)
        kept = session.execute(sa.select(JOURNAL.c.id, JOURNAL.c.hash).where(here)).first()
        said = f"{anchor.authority}: Entry {anchor.seq}, which was the last one at {anchor.at}"
        if kept is None:
            found.append(
                Broken(anchor.authority, anchor.seq, None, "missing", f"{said}, is missing: the journal was emptied or cut short.")
            )
        elif kept.hash.hex() != anchor.hash:
            sentence = f"{said}, is another one ({kept.id}): the journal was written anew up to there."
            found.append(Broken(anchor.authority, anchor.seq, kept.id, "unlinked", sentence))
    return found


def _of_one(session: Session, authority: str) -> list[Broken]:
    top = head(session, authority)
    if top is None:
        links = list(_links(session, authority))
        sentence = f"The head of {authority}'s journal is missing: entries after number {links[-1].seq} may be missing, too."
        lost = Broken(authority, links[-1].seq + 1, None, "missing", sentence)
        return [*_Diagnosis(authority, links).walk(links[-1].seq, links[-1].hash), lost]
    seq, last = top[0], bytes.fromhex(top[1])
    with closing(_links(session, authority)) as chain:  # or the database keeps its cursor open after an early answer
        if _whole(chain, seq, last):
            return []
    return _Diagnosis(authority, list(_links(session, authority))).walk(seq, last)


def _links(session: Session, authority: str) -> Generator[_Link]:
    chosen = sa.select(JOURNAL).where(JOURNAL.c.authority == authority).order_by(JOURNAL.c.seq)
    with session.execute(chosen.execution_options(yield_per=1000)) as result:
        for row in result.mappings():
            yield _Link(row["seq"], row["id"], row["previous"], row["hash"], intact=hash_of(row["previous"], row) == row["hash"])


def _whole(links: Iterable[_Link], seq: int, last: bytes) -> bool:
    """The common case, in one pass that remembers nothing."""
    place, before = 0, GENESIS
    for link in links:
        if not link.intact or link.seq != place + 1 or link.previous != before:
            return False
        place, before = link.seq, link.hash
    return (place, before) == (seq, last)


class _Diagnosis:
    """Walks a broken chain back from its head, as each entry names the one before it by its hash."""

    def __init__(self, authority: str, links: Sequence[_Link]) -> None:
        self.authority = authority
        self.by_hash = {link.hash: link for link in sorted(links, key=attrgetter("intact"))}
        self.by_seq = {link.seq: link for link in links}
        self.numbers = sorted(self.by_seq)
        self.unseen = {link.id: link for link in links}
        self.found: list[Broken] = []

    def walk(self, place: int, wanted: bytes) -> list[Broken]:
        """Name everything that is wrong, in the order of the numbers; `place` and `wanted` are what the head says."""
        after: _Link | None = None
        while place > 0:
            link = self._unseen(self.by_hash.get(wanted))
            if link is None:
                link = self._unseen(self.by_seq.get(place))
                if link is None:
                    place, wanted = self._skip(place)
                    after = None
                    continue
                self._unlinked(place, link, after)
            self._judge(place, link)
            place, wanted, after = place - 1, link.previous, link
        if wanted != GENESIS and (after is None or after.intact):
            self._say(1, None, "missing", "What was written before the first entry is missing")
        for link in self.unseen.values():
            self._say(link.seq, link.id, "inserted", f"Entry {link.seq} ({link.id}) was inserted: nothing was written after it")
        return sorted(self.found, key=lambda broken: (broken.seq, broken.id or ""))

    def _unseen(self, link: _Link | None) -> _Link | None:
        return link if link is not None and link.id in self.unseen else None

    def _skip(self, place: int) -> tuple[int, bytes]:
        """Nothing stands here: go on at the next lower number that is taken."""
        index = bisect_left(self.numbers, place)
        lower = self.numbers[index - 1] if index else 0
        missing = f"Entry {place} is missing" if place == lower + 1 else f"Entries {lower + 1} to {place} are missing"
        self._say(lower + 1, None, "missing", missing)
        return lower, self.by_seq[lower].hash if lower else GENESIS

    def _unlinked(self, place: int, link: _Link, after: _Link | None) -> None:
        """Entry `place` is not the one that the next names; when either was changed, that says it already."""
        if not link.intact or (after is not None and not after.intact):
            return
        follower = "the head of the journal names" if after is None else f"entry {after.seq} ({after.id}) was written after"
        sentence = f"Entry {place} ({link.id}) is not the one {follower}: it was replaced, or one that followed it was removed"
        self._say(place, link.id, "unlinked", sentence)

    def _judge(self, place: int, link: _Link) -> None:
        del self.unseen[link.id]
        if not link.intact:
            self._say(link.seq, link.id, "changed", f"Entry {link.seq} ({link.id}) was changed after it was written")
        if link.seq != place:
            self._say(link.seq, link.id, "reordered", f"Entry {link.seq} ({link.id}) was written as number {place}")

    def _say(self, seq: int, id: str | None, problem: str, sentence: str) -> None:
        self.found.append(Broken(self.authority, seq, id, problem, f"{self.authority}: {sentence}."))
