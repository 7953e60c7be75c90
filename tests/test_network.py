"""What conftest.py promises about sockets."""

import socket
from pathlib import Path

import pytest


def test_no_other_machine_can_be_reached() -> None:
    with pytest.raises(RuntimeError, match="tests stay on"):
        socket.create_connection(("192.0.2.1", 443), timeout=1)


def test_no_name_is_looked_up() -> None:
    with pytest.raises(RuntimeError, match="tests stay on"):
        socket.getaddrinfo("example.org", 443)


@pytest.mark.parametrize("everywhere", ["", "0.0.0.0"])
def test_no_server_listens_to_the_outside(everywhere: str) -> None:
    with socket.socket() as server, pytest.raises(RuntimeError, match="tests stay on"):
        server.bind((everywhere, 0))


def test_a_server_on_loopback_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(("localhost", server.getsockname()[1])) as client:
        server.accept()[0].close()
        assert client.recv(1) == b""


def test_a_unix_socket_answers(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "door"))
        server.listen()
        client.connect(str(tmp_path / "door"))
        server.accept()[0].close()
        assert client.recv(1) == b""
