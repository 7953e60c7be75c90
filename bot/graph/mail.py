"""Letters from a mailbox of the council to people outside chat: the port, over Graph's sendMail, which takes a letter and says no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.graph.client import Graph
from handlers.errors import Undeliverable
from handlers.letters import addresses, text
from handlers.outgoing import Sent
from handlers.ports import Parcel

CHANNEL = "mail"
MARK = "X-Homeward-Post"


@dataclass(frozen=True)
class Letters:
    """`mailbox`: who writes them. Nothing here is repeated; sent again after a doubt, a letter says that it is the same."""

    graph: Graph
    mailbox: str

    def send(self, parcel: Parcel) -> Sent:
        """Hand the letter in, once."""
        to = addresses(parcel.people)
        if not to:
            raise Undeliverable("nobody here has an e-mail address")
        self.graph.call(lambda client: client.users.by_user_id(self.mailbox).send_mail.post(body(parcel, to)))
        return Sent(parcel.post.id, datetime.now(UTC), CHANNEL)

    def update(self, parcel: Parcel) -> Sent:
        """A letter stays as it was; the card in chat says how it ended."""
        return Sent(parcel.post.reference or "", datetime.now(UTC), CHANNEL)

    def look_up(self, parcel: Parcel) -> Sent | None:
        """To look into a mailbox would take the right to read it, which we do not ask for."""
        return None


def body(parcel: Parcel, to: list[str]) -> Any:
    """The letter as Graph takes it: the subject says no more than a locked phone may show."""
    from msgraph.generated.models.body_type import BodyType
    from msgraph.generated.models.email_address import EmailAddress
    from msgraph.generated.models.importance import Importance
    from msgraph.generated.models.internet_message_header import InternetMessageHeader
    from msgraph.generated.models.item_body import ItemBody
    from msgraph.generated.models.message import Message
    from msgraph.generated.models.recipient import Recipient
    from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody

    said = f"{text(parcel.body)}\nMessage {parcel.post.id[-6:].upper()}\n"
    message = Message(
        subject=parcel.body.fallback or "Homeward",
        body=ItemBody(content_type=BodyType.Text, content=said),
        to_recipients=[Recipient(email_address=EmailAddress(address=address)) for address in to],
        importance=Importance.High if parcel.post.urgent else Importance.Normal,
        internet_message_headers=[InternetMessageHeader(name=MARK, value=parcel.post.id)],
    )
    return SendMailPostRequestBody(message=message, save_to_sent_items=True)
