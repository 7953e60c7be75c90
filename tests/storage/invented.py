"""Invented rows: a child, an episode, an obligation, a ping, a post, an entry."""

from datetime import UTC, date, datetime, timedelta

from storage import children, episodes, packs
from storage.db import Session
from storage.episodes import EpisodeRow
from storage.ids import new_id
from storage.journal import NewEntry
from storage.obligations import ObligationRow
from storage.outbox import Post
from storage.pings import Ping
from storage.sealing import Vault

NOW = datetime(2026, 2, 1, 22, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROBIN = {"case_reference": "CS-0042", "forename": "Robin", "surname": "Example", "date_of_birth": "2012-03-04"}


def child(session: Session, vault: Vault, authority: str = "bury", **who: str) -> str:
    return children.add(session, vault, authority, who or ROBIN, NOW)


def episode(session: Session, child_id: str, *, number: int = 1, next_change_at: datetime | None = None) -> EpisodeRow:
    packs.keep(session, hash="p1", area="bury", effective=date(2024, 6, 21), format=1, text="id: bury", now=NOW)
    row = EpisodeRow(
        id=new_id(),
        authority="bury",
        child_id=child_id,
        pack_hash="p1",
        number=number,
        status="open",
        category="missing",
        notified_at=NOW + number * MINUTE,
        next_change_at=next_change_at,
    )
    return episodes.add(session, row)


def reported(session: Session, vault: Vault) -> EpisodeRow:
    """A child and its first episode."""
    return episode(session, child(session, vault))


def obligation(episode_id: str, nth: int = 1, due_at: datetime | None = None) -> ObligationRow:
    return ObligationRow(
        id=new_id(),
        episode_id=episode_id,
        rule="written-briefing",
        nth=nth,
        action="written_briefing",
        owner="team_manager",
        status="open",
        arises_at=NOW,
        known_at=NOW,
        due_at=due_at,
    )


def ping(episode_id: str, rung: str = "due", arming: int = 1) -> Ping:
    return Ping(
        id=new_id(),
        episode_id=episode_id,
        rule="written-briefing",
        nth=1,
        rung=rung,
        addressee="team_manager",
        arming=arming,
        kind="due",
        at=NOW,
    )


def post(
    text: str,
    *,
    key: str | None = None,
    parent: Post | None = None,
    urgent: bool = False,
    queued_at: datetime = NOW,
    send_after: datetime = NOW,
) -> Post:
    return Post(
        id=new_id(),
        authority="bury",
        kind="due",
        place="thread" if parent else "room",
        body={"text": text},
        queued_at=queued_at,
        send_after=send_after,
        key=key,
        urgent=urgent,
        parent_id=parent.id if parent else None,
    )


def entry(note: str, *, authority: str = "bury", of: EpisodeRow | None = None, on_behalf: str | None = None) -> NewEntry:
    return NewEntry(
        authority=authority,
        kind="note",
        at=NOW,
        recorded_at=NOW + MINUTE,
        actor="duty.edt",
        child_id=of.child_id if of else None,
        episode_id=of.id if of else None,
        on_behalf=on_behalf,
        payload={"note": note},
    )
