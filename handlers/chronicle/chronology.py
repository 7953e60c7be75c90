"""The chronology of an episode or a child: everything recorded, told and owed, in order, with where it stands in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.case import Case, look
from handlers.chronicle.sentences import own_words, what_happened, when
from handlers.desk import Actor, Desk
from handlers.outgoing import body, row_text
from handlers.record import happening
from handlers.seeing import may_know
from policies import words
from policies.obligations import Obligation
from policies.worktime import lasting
from storage import journal, outbox
from storage.episodes import EpisodeRow
from storage.journal import Entry
from storage.posts import Post

LATE_TO_RECORD = timedelta(hours=1)
HAPPENED = dict.fromkeys(("completed", "held", "interviewed", "decided"), ("done_at",)) | {"found": ("found_at",)}
STATES = {"undeliverable": "Could not be sent", "superseded": "Not sent, no longer needed"}
KEPT_BACK = "[what was written is kept back]"


@dataclass(frozen=True)
class Event:
    """One line. `recorded` where it was written down much later.

    `anchor`: number and beginning of the hash in the journal; or the platform's own name of a message, which proves its delivery.
    """

    at: datetime
    who: str
    what: str
    anchor: str
    recorded: datetime | None = None
    own_words: str = ""


@dataclass(frozen=True)
class Owed:
    """One duty: who owed it, under which clause, by when, and how it ended."""

    reference: str
    what: str
    owner: str
    due: str
    ended: str


@dataclass(frozen=True)
class Chronology:
    """Everything, oldest first. `anchors`: the first and the last entry of the journal that it rests on."""

    title: str
    summary: tuple[str, ...]
    events: tuple[Event, ...]
    owed: tuple[Owed, ...]
    anchors: str
    redacted: bool


def chronology(desk: Desk, actor: Actor, row: EpisodeRow, *, whole_child: bool = False, redacted: bool = False) -> Chronology:
    """Of one episode, or of all of its child's that the actor may know of.

    `redacted`: for partners, with roles in place of names and nobody's own words.
    """
    case = look(desk, row)
    rows = [one for one in case.rows if may_know(desk, one, actor)] if whole_child else [row]
    told = journal.of_episodes(desk.session, desk.vault, [one.id for one in rows])
    entries = sorted((entry for found in told.values() for entry in found), key=lambda entry: (entry.at, entry.seq))
    hashes = journal.hashes(desk.session, [entry.id for entry in entries])
    say = _Sayer(desk, {one.id: one.reference for one in rows}, redacted=redacted, several=len(rows) > 1)
    events = [say.entry(entry, hashes[entry.id]) for entry in entries if not (redacted and entry.kind == "shown")]
    events += [say.message(post) for one in rows for post in outbox.of_episode(desk.session, one.id)]
    owed = [say.owed(one.reference, o) for one in rows for o in _arisen(case.of(one, desk.pack(one.pack_hash)), desk)]
    return Chronology(
        title=f"Chronology of {'the child of ' if whole_child else ''}{row.reference}",
        summary=tuple(_summary(desk, rows, len(events), redacted=redacted)),
        events=tuple(sorted(events, key=lambda event: event.at)),
        owed=tuple(owed),
        anchors=_anchors(entries, hashes),
        redacted=redacted,
    )


def _arisen(case: Case, desk: Desk) -> list[Obligation]:
    found = [o for o in case.derived(desk).arisen(desk.now) if o.status != "void"]
    return sorted(found, key=lambda o: (o.due or o.arises_at, o.duty.id))


def _summary(desk: Desk, rows: Sequence[EpisodeRow], events: int, *, redacted: bool) -> Iterator[str]:
    for row in rows:
        away = None if row.began == row.missing_since else row.missing_since
        times = [
            ("since", row.began),
            ("away since", away),
            ("notified", row.notified_at),
            ("found", row.found_at),
            ("back", row.returned_at),
        ]
        moments = ", ".join(f"{name} {when(at)}" for name, at in times if at)
        yield f"{row.reference}: {words.label(row.category)}, {moments}, {row.status}; protocol {desk.pack(row.pack_hash).id}."
    yield f"{events} events and messages, as known {when(desk.now)}. Times are London's."
    if redacted:
        yield "Redacted for partners: roles in place of names, nobody's own words, nothing of who was shown what."


def _anchors(entries: Sequence[Entry], hashes: Mapping[str, bytes]) -> str:
    if not entries:
        return "No entry of the journal."
    ends = [min(entries, key=lambda e: e.seq), max(entries, key=lambda e: e.seq)]
    first, last = (f"number {e.seq} (hash {hashes[e.id].hex()[:16]})" for e in ends)
    start = f"Journal of {entries[0].authority}: {len(entries)} entries, from {first} to {last}."
    return f"{start} 'homeward audit verify' says whether any was changed."


@dataclass(frozen=True)
class _Sayer:
    """Says each thing in a sentence, with names or with roles."""

    desk: Desk
    references: Mapping[str, str]
    redacted: bool
    several: bool

    def entry(self, entry: Entry, digest: bytes) -> Event:
        """Something recorded."""
        told = happening(entry)
        prefix = f"{self.references.get(entry.episode_id or '', '')}: " if self.several else ""
        at = next((told.data[name] for name in HAPPENED.get(told.kind, ()) if told.data.get(name)), entry.at)
        later = entry.recorded_at if entry.recorded_at - at >= LATE_TO_RECORD else None
        what = "Erased: nobody can read it any more" if entry.erased else what_happened(told.kind, told.data)
        whom = "somebody" if self.redacted else entry.on_behalf
        who = self._person(entry.actor) + (f" on behalf of {whom}" if entry.on_behalf else "")
        own = own_words(told.data)
        anchor = f"journal {entry.seq}, {digest.hex()[:8]}"
        return Event(at, who, prefix + what, anchor, later, KEPT_BACK if own and self.redacted else own)

    def message(self, post: Post) -> Event:
        """Something sent, or that could not be."""
        of = body(post.body)
        to_role = words.label(post.addressee) if post.addressee else f"the {post.room} room"
        whom = self._person(post.person) if post.person else to_role
        content = of.headline if self.redacted else "; ".join(row_text(row) for row in of.rows) or of.headline
        state = "Sent" if post.sent_at else STATES.get(post.state, "Waiting")
        proof = f"{post.platform or ''} {post.reference}".strip() if post.reference else post.state
        return Event(post.sent_at or post.queued_at, "Homeward", f"{state} to {whom}: {content}", proof)

    def owed(self, reference: str, o: Obligation) -> Owed:
        """A duty, and how it ended."""
        cited = f" ({', '.join(o.duty.clauses)})" if o.duty.clauses else ""
        due = when(o.due) if o.due else "no time given"
        return Owed(reference, f"{o.duty.says}{cited}", words.label(o.owner), due, _ended(o, self.desk.now))

    def _person(self, person_id: str) -> str:
        """A name with its role, or the role alone."""
        person = self.desk.office.directory.person(person_id)
        if person is None:
            return "somebody" if self.redacted else words.label(person_id)
        role = words.label(person.roles[0].role) if person.roles else words.label(person.agency)
        return role if self.redacted else f"{person.name}, {role}"


def _ended(o: Obligation, now: datetime) -> str:
    if o.status == "met" and o.completed_at:
        late = f", {lasting(o.completed_at - o.due)} late" if o.due and o.completed_at > o.due else ""
        return f"done {when(o.completed_at)}{late}"
    if o.status == "waived":
        return o.note or "waived, with a reason"
    return f"open, {lasting(now - o.due)} late" if o.due and o.due < now else "open"
