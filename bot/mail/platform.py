"""The port over SMTP: what a server has taken is delivered, what it refuses goes another way, a letter cannot be changed."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from bot.errors import Unusable
from bot.mail.render import letter, message_id
from handlers.errors import Later, Uncertain, Undeliverable
from handlers.letters import addresses
from handlers.outgoing import Sent
from handlers.ports import Parcel

log = logging.getLogger(__name__)
SECONDS = 15  # for each answer of the server
WAIT = 60  # seconds before a server that said "not now" is asked again


@dataclass(frozen=True)
class Server:
    """Where mail is handed in, and as whom. `tls`: from the first byte, else as soon as the server offers it."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: bool = False

    @classmethod
    def at(cls, address: str, sender: str) -> Server:
        """The server in `smtp://user:password@host:587` or `smtps://…`. Raises Unusable."""
        try:
            url = urlsplit(address)
            port = url.port or (465 if url.scheme == "smtps" else 587)
        except ValueError:
            url, port = urlsplit(""), 0
        if url.scheme not in {"smtp", "smtps"} or not url.hostname:
            raise Unusable("HOMEWARD_SMTP is not an address of a mail server; write smtp://user:password@host:587, or smtps://….")
        return cls(url.hostname, port, sender, unquote(url.username or ""), unquote(url.password or ""), url.scheme == "smtps")


@dataclass(frozen=True)
class Mail:
    """Meets the port from threads, with a connection for each letter."""

    server: Server

    def send(self, parcel: Parcel) -> Sent:
        """Hand the letter in; from the moment its text is on its way only the server's answer says what became of it."""
        to = addresses(parcel.people)
        if not to:
            raise Undeliverable("nobody here has an e-mail address")
        mail = letter(parcel, self.server.sender)
        with self._connected() as smtp:
            self._begin(smtp, to)
            try:
                code, _ = smtp.data(mail.as_bytes(policy=SMTP))
            except (OSError, smtplib.SMTPServerDisconnected):
                raise Uncertain from None
            except smtplib.SMTPResponseException as error:
                code = error.smtp_code
            self._taken(code)
        return Sent(message_id(parcel, self.server.sender), datetime.now(UTC), "mail")

    def update(self, parcel: Parcel) -> Sent:
        """A letter stays as it was; the card in chat says how it ended."""
        return Sent(parcel.post.reference or "", datetime.now(UTC), "mail")

    def look_up(self, parcel: Parcel) -> Sent | None:
        """No server tells. It is sent again under the same id, by which mail programs show it once."""
        return None

    def check(self) -> None:
        """Say hello and good-bye. Raises Later or Undeliverable."""
        with self._connected() as smtp:
            smtp.noop()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection that said who it is; nothing that goes wrong up to then has sent anything."""
        try:
            smtp = self._greeted()
        except smtplib.SMTPAuthenticationError:
            raise Undeliverable("the mail server does not accept our user and password") from None
        except smtplib.SMTPNotSupportedError:
            raise Undeliverable("the mail server offers no encryption, and a password is never sent without it") from None
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail server %s: %s", self.server.host, type(error).__name__)
            raise Later(WAIT, everywhere=True) from None
        try:
            yield smtp
        finally:
            try:
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()

    def _greeted(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        ours = server.sender.rpartition("@")[2]  # else it would ask a name server who we are, and wait
        if server.tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, ours, timeout=SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, ours, timeout=SECONDS)
        try:
            smtp.ehlo_or_helo_if_needed()
            if not server.tls and smtp.has_extn("starttls"):
                smtp.starttls(context=context)
                smtp.ehlo()
            if server.user:
                if not isinstance(smtp.sock, ssl.SSLSocket) and not _is_here(server.host):
                    raise smtplib.SMTPNotSupportedError("no encryption is offered")
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _begin(self, smtp: smtplib.SMTP, to: list[str]) -> None:
        """Sender and recipients; one whom the server knows is enough."""
        try:
            self._taken(smtp.mail(self.server.sender)[0])
            answers = [smtp.rcpt(address)[0] for address in to]
        except (OSError, smtplib.SMTPServerDisconnected):
            raise Later(WAIT, everywhere=True) from None
        self._taken(min(answers))

    def _taken(self, code: int) -> None:
        """What an answer means: 2xx yes, 4xx not now, 5xx never."""
        if 200 <= code < 400:
            return
        if code < 500:
            raise Later(WAIT)
        raise Undeliverable(f"the mail server answered {code}")


def _is_here(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}
