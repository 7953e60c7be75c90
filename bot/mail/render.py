"""A post as an e-mail: the subject says no more than a locked phone may show, the text what the post says."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime

from handlers.letters import addresses, text
from handlers.ports import Parcel


def message_id(parcel: Parcel, sender: str) -> str:
    """The same for every attempt, so that whoever gets it twice sees it once."""
    return f"<{parcel.post.id}@{sender.rpartition('@')[2]}>"


def letter(parcel: Parcel, sender: str) -> EmailMessage:
    """The e-mail of a post to everybody it is for."""
    mail = EmailMessage()
    mail["From"] = f"Homeward <{sender}>"
    mail["To"] = ", ".join(addresses(parcel.people))
    mail["Subject"] = parcel.body.fallback or "Homeward"
    mail["Message-ID"] = message_id(parcel, sender)
    mail["Date"] = format_datetime(parcel.post.queued_at)
    mail["Auto-Submitted"] = "auto-generated"  # nobody's holiday notice answers it
    if parcel.post.urgent:
        mail["Importance"] = "high"
    mail.set_content(text(parcel.body), charset="utf-8", cte="quoted-printable")
    return mail
