"""Whether Graph lets us do what homeward.yml asks of it: one look at each place, in sentences for whoever can grant it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from bot.graph.client import Graph
from handlers.errors import HandlerError, NoKey, Undeliverable

if TYPE_CHECKING:
    from bot.configuration.parts import GraphPart

Look = Callable[[Any], Awaitable[Any]]
NO_KEY = "Microsoft does not take CLIENT_ID with CLIENT_SECRET in TENANT_ID."
NO_ANSWER = "Graph does not answer; look at HTTPS_PROXY and the firewall (graph.microsoft.com, login.microsoftonline.com)."
CALENDAR = "Graph does not let us into the calendar of {place} ({why}): grant Calendars.ReadWrite, scoped to that mailbox."
TRACKER = "Graph does not let us into the list {place} ({why}): grant Sites.Selected, and the role write on that site."
LETTERS = ""  # whether we may send cannot be tried without sending: of that only the key is looked at


def problems(graph: Graph, wanted: GraphPart) -> Iterator[str]:
    """What is missing."""
    try:
        for sentence, place, look in _looks(wanted):
            refused = _refused(graph, look)
            if refused and sentence:
                yield sentence.format(place=place, why=refused)
    except NoKey:
        yield NO_KEY
    except HandlerError:
        yield NO_ANSWER


def _looks(wanted: GraphPart) -> Iterator[tuple[str, str, Look]]:
    box, owner, tracker = wanted.mailbox, wanted.calendar, wanted.tracker
    if box:
        yield LETTERS, box, lambda client: client.users.by_user_id(box).get()
    if owner:
        yield CALENDAR, owner, lambda client: client.users.by_user_id(owner).events.get(request_configuration=_one_event())
    if tracker:
        at = tracker
        yield (
            TRACKER,
            at.list,
            lambda client: client.sites.by_site_id(at.site).lists.by_list_id(at.list).items.get(request_configuration=_one_row()),
        )


def _one_event() -> Any:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder

    asked = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(select=["id"], top=1)
    return RequestConfiguration(query_parameters=asked)


def _one_row() -> Any:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.sites.item.lists.item.items.items_request_builder import ItemsRequestBuilder

    asked = ItemsRequestBuilder.ItemsRequestBuilderGetQueryParameters(select=["id"], top=1)
    return RequestConfiguration(query_parameters=asked)


def _refused(graph: Graph, look: Look) -> str:
    """Why we may not look, empty when we may."""
    try:
        graph.call(look)
    except Undeliverable as refused:
        return str(refused)
    return ""
