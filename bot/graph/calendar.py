"""Meetings in the organiser's calendar, with a link to join: made once, moved, cancelled, and how people answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.graph.client import Graph
from bot.graph.errors import identified
from bot.graph.wording import reworded
from handlers.errors import Undeliverable
from handlers.ports import Event, Held, Looked

T = TypeVar("T")
FIRST_YEAR = 2000
LONGEST = 1000  # characters of a link; those of Teams have some three hundred
ANSWERS = {"accepted": "accepted", "tentativelyAccepted": "tentative", "declined": "declined"}
OURS = "String {9e2ab4d0-6a57-4c0e-8f0d-5b1c5c3f7a10} Name HomewardMeeting"  # a property of the event that can be looked for
CALLED_OFF = "It does not take place at this time. Homeward says more."


@dataclass(frozen=True)
class MailboxCalendar:
    """`organiser`: whose calendar, an address or an object id. Meets the port Calendar."""

    graph: Graph
    organiser: str

    def hold(self, event: Event) -> Held:
        """Put it in and invite everybody; made again after a doubt it is still one, by its transaction id."""
        try:
            return _held(self.graph.call(lambda client: self._events(client).post(body(event))))
        except Undeliverable as refused:
            there = self.find(event.meeting) if str(refused).startswith("409") else None  # taken before, its answer lost
            if there is None:
                raise
            return there

    def find(self, meeting: str) -> Held | None:
        """The event that carries the meeting's id, which its readers do not see."""
        from kiota_abstractions.base_request_configuration import RequestConfiguration
        from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder

        ours = f"singleValueExtendedProperties/Any(ep: ep/id eq '{OURS}' and ep/value eq '{meeting}')"
        asked = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(filter=ours, top=1)
        page = self.graph.call(lambda client: self._events(client).get(request_configuration=RequestConfiguration(query_parameters=asked)))
        return _held(page.value[0]) if page and page.value else None

    def move(self, reference: str, event: Event) -> Held | None:
        """Another time, other people; Graph tells those invited. Words that must not stand there any more are replaced."""
        changed = body(event, new=False)
        if text := self._reworded(reference, event) if event.was else None:  # one that is set to nothing is blanked
            changed.body = text
        return self._unless_gone(lambda client: self._events(client).by_event_id(reference).patch(changed), _held)

    def cancel(self, reference: str) -> None:
        """Take it out and tell those invited; one that is gone is cancelled."""
        from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody

        asked = CancelPostRequestBody(comment=CALLED_OFF)
        self._unless_gone(lambda client: self._events(client).by_event_id(reference).cancel.post(asked), lambda _: None)

    def look(self, reference: str) -> Looked | None:
        """Who has answered, by address and when; and where to join, which may come later than the event."""
        return self._unless_gone(lambda client: self._events(client).by_event_id(reference).get(), _looked)

    def _reworded(self, reference: str, event: Event) -> Any:
        """The text as it should be; None when it is so, or gone. It is read first, because it holds the way to join by then."""
        from msgraph.generated.models.body_type import BodyType
        from msgraph.generated.models.item_body import ItemBody

        there = self._unless_gone(lambda client: self._events(client).by_event_id(reference).get(), lambda found: found)
        before = (there.body.content if there and there.body else None) or ""
        after = reworded(before, event.was, event.lines, _link(there)) if there else before
        return ItemBody(content_type=BodyType.Html, content=after) if after != before else None

    def _unless_gone(self, ask: Callable[[Any], Awaitable[Any]], read: Callable[[Any], T]) -> T | None:
        try:
            return read(self.graph.call(ask))
        except Undeliverable as refused:
            if not str(refused).startswith("404"):
                raise
            return None

    def _events(self, client: Any) -> Any:
        return client.users.by_user_id(self.organiser).events


def _held(event: Any) -> Held:
    return Held(identified(event), _link(event))


def _link(event: Any) -> str:
    """Where to join; nothing that is not plainly an address, since it is shown to everybody who is invited."""
    found = (event.online_meeting.join_url if event.online_meeting else "") or ""
    return found if found.startswith("https://") and len(found) <= LONGEST and not set(found) & set(' \n\t<>|"') else ""


def _looked(event: Any) -> Looked:
    said = [a for a in event.attendees or () if a.email_address and a.email_address.address and a.status]
    answers = {
        a.email_address.address.lower(): (ANSWERS.get(getattr(a.status.response, "value", ""), ""), _when(a.status.time)) for a in said
    }
    return Looked({address: told for address, told in answers.items() if told[0]}, _link(event))


def _when(moment: datetime | None) -> datetime | None:
    """The year 1 is how Graph says that it does not know."""
    if moment is None or moment.year < FIRST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
    from msgraph.generated.models.single_value_legacy_extended_property import SingleValueLegacyExtendedProperty

    attendees = [Attendee(email_address=EmailAddress(address=address), type=AttendeeType.Required) for address in event.invited]
    once: dict[str, Any] = {"transaction_id": event.id, "is_online_meeting": True}
    once["online_meeting_provider"] = OnlineMeetingProviderType.TeamsForBusiness
    once["single_value_extended_properties"] = [SingleValueLegacyExtendedProperty(id=OURS, value=event.meeting)]
    once["body"] = ItemBody(content_type=BodyType.Text, content="\n".join(event.lines))  # later it holds the link, which must stay
    return GraphEvent(
        subject=event.title,
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
