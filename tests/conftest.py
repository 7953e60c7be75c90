"""No test talks to another machine: loopback and unix sockets only."""

import ipaddress
import os
import socket
import sys
from typing import Any

import pytest

from bot.garbage import look_seldom

pytest_plugins = ["tests.databases", "tests.generated"]
NEARBY = {None, "", "localhost"}


class OutsideLoopback(RuntimeError):
    """Not an OSError: a library that retries on those would hide the attempt."""


def stay_inside(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook: nothing in this process can unset it, whichever way it comes to its socket."""
    if event in {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}:
        opened, address = args
        if address is not None and opened.family in {socket.AF_INET, socket.AF_INET6}:
            check(address[0], event)
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        check(args[0], event)


def check(host: str | bytes | None, event: str) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if (event == "socket.bind" and not name) or (name not in NEARBY and not is_loopback(name)):
        raise OutsideLoopback(f"{event} {name!r}: tests stay on 127.0.0.1, ::1 and unix sockets")


def is_loopback(name: str | None) -> bool:
    try:
        return ipaddress.ip_address(name or "").is_loopback
    except ValueError:
        return False


sys.addaudithook(stay_inside)

LONGEST = ("test_kills", "test_double", "test_sandbox_restart", "test_two_platforms")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that nobody waits for it alone at the end."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONGEST))


def pytest_collection_finish() -> None:
    """What is imported by now stays: searching it for garbage again and again is a seventh of all work."""
    look_seldom()


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: many tests wait for another process."""
    return (os.cpu_count() or 1) + 1
