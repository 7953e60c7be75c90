"""A mail server on loopback that takes letters, or does not, and remembers them."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

Habit = Literal["kind", "busy", "unknown", "full", "drops", "keeps and drops", "deaf"]


@dataclass
class Postoffice:
    """What it does next, and what it has taken."""

    habit: Habit = "kind"
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    called: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)  # until when the deaf keep silent


class Clerk(socketserver.StreamRequestHandler):
    office: Postoffice

    def handle(self) -> None:
        self.office.called.set()
        if self.office.habit == "deaf":
            self.office.closing.wait(60)
            return
        self.say("421 not now" if self.office.habit == "busy" else "220 postoffice")
        while line := self.rfile.readline().decode().strip():
            self.office.heard.append(line)
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "DATA":
                if not self.take():
                    return
                continue
            refused = {"unknown": "550 no such person", "full": "452 mailbox full"}.get(self.office.habit) if verb == "RCPT" else None
            self.say(refused or "250 ok")

    def take(self) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        if self.office.habit == "drops":
            return False
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.office.letters.append(letter)
        if self.office.habit == "keeps and drops":
            return False
        self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def opened(host: str = "127.0.0.1") -> Iterator[Postoffice]:
    office = Postoffice()
    clerk = type("OurClerk", (Clerk,), {"office": office})
    with socketserver.ThreadingTCPServer((host, 0), clerk) as server:
        server.daemon_threads = True
        office.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield office
        office.closing.set()
        server.shutdown()
