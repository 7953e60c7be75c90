"""A SharePoint list with one row an episode, kept up with it: the tracker that some protocols ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.graph.client import Graph
from bot.graph.errors import identified
from handlers.errors import Undeliverable
from handlers.ports import Tracked

COLUMNS = {
    "reference": "Title",
    "category": "Category",
    "status": "Status",
    "since": "MissingSince",
    "open": "OpenDuties",
    "late": "LateDuties",
}


@dataclass(frozen=True)
class SharePoint:
    """`site` and `list` as Graph names them. Meets the port Tracker."""

    graph: Graph
    site: str
    list: str

    def write(self, row: Tracked, known: str | None) -> str:
        """Write the row in place of the one it has, which is looked for when it is not known; gives its id."""
        found = known or self._found(row)
        if found is None:
            return identified(self.graph.call(lambda client: self._items(client).post(_item(row))))
        try:
            self.graph.call(lambda client: self._items(client).by_list_item_id(found).fields.patch(_fields(row)))
        except Undeliverable as refused:
            if known is None or not str(refused).startswith("404"):
                raise
            return self.write(row, None)  # somebody took the row out of the list
        return found

    def hide(self, row: Tracked) -> str | None:
        """The row says so, where there is one, whoever wrote it; a reference without one stays out of the list."""
        found = self._found(row)
        return self.write(row, found) if found else None

    def _found(self, row: Tracked) -> str | None:
        """A row whose answer was lost, or that another installation wrote."""
        from kiota_abstractions.base_request_configuration import RequestConfiguration
        from msgraph.generated.sites.item.lists.item.items.items_request_builder import ItemsRequestBuilder

        asked = ItemsRequestBuilder.ItemsRequestBuilderGetQueryParameters(filter=f"fields/Title eq '{row.reference}'", top=1)
        headed = RequestConfiguration(query_parameters=asked)
        headed.headers.add("Prefer", "HonorNonIndexedQueriesWarningMayFailRandomly")  # else the column needs an index
        page = self.graph.call(lambda client: self._items(client).get(request_configuration=headed))
        return str(page.value[0].id) if page and page.value else None

    def _items(self, client: Any) -> Any:
        return client.sites.by_site_id(self.site).lists.by_list_id(self.list).items


def _item(row: Tracked) -> Any:
    from msgraph.generated.models.list_item import ListItem

    return ListItem(fields=_fields(row))


def _fields(row: Tracked) -> Any:
    from msgraph.generated.models.field_value_set import FieldValueSet

    return FieldValueSet(additional_data={column: getattr(row, name) for name, column in COLUMNS.items()})
