"""Meetings in the organiser's calendar, with a link to join: made once, moved, cancelled, and how people answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.graph.client import Graph
from handlers.errors import Undeliverable

ANSWERS = {"accepted": "accepted", "tentativelyAccepted": "tentative", "declined": "declined", "organizer": "accepted"}


@dataclass(frozen=True)
class Event:
    """`id` is ours: the same again is the same event. `title` and `lines` name a reference and clauses, never a child."""

    id: str
    title: str
    lines: tuple[str, ...]
    starts: datetime
    ends: datetime
    invited: tuple[str, ...]  # e-mail addresses


@dataclass(frozen=True)
class Held:
    """That it stands in the calendar: Graph's own reference, and where to join."""

    reference: str
    link: str | None


@dataclass(frozen=True)
class Calendar:
    """`organiser`: whose calendar, an address or an object id."""

    graph: Graph
    organiser: str

    def hold(self, event: Event) -> Held:
        """Put it in and invite everybody; made again after a doubt it is still one, by its transaction id."""
        made = self.graph.call(lambda client: self._events(client).post(body(event)))
        return Held(str(made.id), made.online_meeting.join_url if made.online_meeting else None)

    def move(self, reference: str, event: Event) -> None:
        """Another time, other people, another agenda; Graph tells those invited."""
        changed = body(event, new=False)
        self.graph.call(lambda client: self._events(client).by_event_id(reference).patch(changed))

    def cancel(self, reference: str, why: str) -> None:
        """Take it out and tell those invited; one that is gone is cancelled."""
        from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody

        asked = CancelPostRequestBody(comment=why)
        try:
            self.graph.call(lambda client: self._events(client).by_event_id(reference).cancel.post(asked))
        except Undeliverable as refused:
            if not str(refused).startswith("404"):
                raise

    def answers(self, reference: str) -> dict[str, str]:
        """Address → accepted, tentative or declined, of those who have answered."""
        found = self.graph.call(lambda client: self._events(client).by_event_id(reference).get())
        said = {
            a.email_address.address: getattr(a.status.response, "value", "") for a in found.attendees or () if a.email_address and a.status
        }
        return {address: ANSWERS[answer] for address, answer in said.items() if answer in ANSWERS}

    def _events(self, client: Any) -> Any:
        return client.users.by_user_id(self.organiser).events


def body(event: Event, *, new: bool = True) -> Any:
    """The event as Graph takes it; private, so that nobody who may see a calendar reads what it is about."""
    from msgraph.generated.models.attendee import Attendee
    from msgraph.generated.models.attendee_type import AttendeeType
    from msgraph.generated.models.body_type import BodyType
    from msgraph.generated.models.email_address import EmailAddress
    from msgraph.generated.models.event import Event as GraphEvent
    from msgraph.generated.models.item_body import ItemBody
    from msgraph.generated.models.online_meeting_provider_type import OnlineMeetingProviderType
    from msgraph.generated.models.sensitivity import Sensitivity

    attendees = [Attendee(email_address=EmailAddress(address=address), type=AttendeeType.Required) for address in event.invited]
    once: dict[str, Any] = {"transaction_id": event.id, "is_online_meeting": True}
    once["online_meeting_provider"] = OnlineMeetingProviderType.TeamsForBusiness
    return GraphEvent(
        subject=event.title,
        body=ItemBody(content_type=BodyType.Text, content="\n".join(event.lines)),
        start=_at(event.starts),
        end=_at(event.ends),
        attendees=attendees,
        sensitivity=Sensitivity.Private,
        response_requested=True,
        allow_new_time_proposals=False,
        **(once if new else {}),
    )


def _at(moment: datetime) -> Any:
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone

    return DateTimeTimeZone(date_time=moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), time_zone="UTC")
