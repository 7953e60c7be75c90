"""Who speaks from where: an account of a tenant, the place it can be answered in, and the authority whose room that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from microsoft_teams.api.models.activity import Activity

from handlers.directory import Authority, Directory, Room

THREAD = ";messageid="


@dataclass(frozen=True)
class Caller:
    """`channel` is a channel, a group or the talk with the bot alone; `thread` the message that began it there.

    `tenant` is the person's own, `host` the channel's: in a shared channel they differ.
    """

    tenant: str
    host: str
    user: str
    channel: str
    address: str
    thread: str | None = None
    personal: bool = False
    authority: str | None = None
    message: str | None = None  # the one whose button was pressed, as posts know it
    activity: str = ""
    team: str | None = None

    @property
    def whose(self) -> tuple[str, str]:
        """Under which tenant and name the way to this place is kept."""
        return (self.tenant, self.user) if self.personal else (self.host, self.channel)

    @property
    def place(self) -> str:
        """Where an answer goes that everybody may see."""
        return f"{self.channel}{THREAD}{self.thread}" if self.thread else self.channel


def caller(of: Activity, directory: Directory) -> Caller:
    """From any activity; every part of it is Teams' word, signed."""
    channel, _, thread = of.conversation.id.partition(THREAD)
    data = of.channel_data
    team = data.team.id if data and data.team else None
    personal = of.conversation.conversation_type == "personal"
    found = room(directory, channel)
    return Caller(
        tenant=next(tenants(of), ""),
        host=of.conversation.tenant_id or next(tenants(of), ""),
        user=of.from_.aad_object_id or _without_account(of.from_.id),
        channel=channel,
        address=(of.service_url or "").rstrip("/"),
        thread=thread or None,
        personal=personal,
        authority=found[0].id if found else None,
        message=named(thread or None, of.reply_to_id) if of.reply_to_id else None,
        activity=of.id,
        team=team,
    )


def _without_account(user: str) -> str:
    """What Teams itself calls somebody, which always has its prefix: nobody is taken for an account that homeward.yml names."""
    return user if ":" in user else f"29:{user}"


def tenants(of: Activity) -> Iterator[str]:
    """Every tenant an activity names: the person's own first, where it is told."""
    data = of.channel_data
    every = (of.from_.tenant_id, data.tenant.id if data and data.tenant else None, of.conversation.tenant_id)
    yield from dict.fromkeys(tenant for tenant in every if tenant)


def named(thread: str | None, message: str) -> str:
    """How posts name a message: a reply with its thread, which an edit of it needs."""
    return f"{thread}/{message}" if thread and thread != message else message


def room(directory: Directory, channel: str) -> tuple[Authority, Room] | None:
    """The room that a channel is, if it is ours."""
    rooms = ((a, r) for a in directory.authorities for r in a.rooms if r.platform == "teams")
    return next(((a, r) for a, r in rooms if r.channel == channel), None)
