"""Who somebody is, by their e-mail address: the ids that homeward.yml wants."""

from __future__ import annotations

from dataclasses import dataclass

from bot.graph.client import Graph


@dataclass(frozen=True)
class Found:
    """An account of the tenant."""

    id: str
    name: str
    mail: str


def find(graph: Graph, address: str) -> Found | None:
    """The account with that address, if there is one; guests are found by the address they were invited with."""
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.users.users_request_builder import UsersRequestBuilder

    quoted = address.replace("'", "''")
    asked = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        filter=f"mail eq '{quoted}' or userPrincipalName eq '{quoted}'", select=["id", "displayName", "mail"], top=2
    )
    page = graph.call(lambda client: client.users.get(request_configuration=RequestConfiguration(query_parameters=asked)))
    users = page.value or [] if page else []
    return Found(str(users[0].id), users[0].display_name or "", users[0].mail or address) if len(users) == 1 else None
