"""The command line, imported once: each command that comes over the socket runs in a process forked from this one.

Run as `warm.py DESCRIPTOR`. A command is a line of JSON (`program`, `arguments`, `folder`, `environment`) with three open files: its
output, its errors, and where its process id and, once it has ended, its exit code are written. Ends with whoever asks.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

WARM = (
    "bot.main",
    "bot.settings",
    "bot.server",
    "bot.training",
    "bot.wiring",
    "bot.sandbox.app",
    "bot.sandbox.training",
    "uvicorn.protocols.http.auto",
)
LINE = 1 << 20


def asked(line: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next command and its files; None when nobody asks any more."""
    text, files, _, _ = socket.recv_fds(line, LINE, 3)
    while text and not text.endswith(b"\n"):
        text += line.recv(LINE)
    return (json.loads(text), files) if text else None


def forked(files: list[int]) -> bool:
    """True in a new process; here, somebody waits for its end and writes it down."""
    result = files[2]
    if os.fork():
        for file in files:
            os.close(file)
        return False
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        return True
    os.close(files[0])
    os.close(files[1])
    os.write(result, f"{pid}\n".encode())
    os.write(result, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())
    os._exit(0)


def become(command: dict[str, Any], files: list[int]) -> None:
    """What a process is that somebody starts; with a `program`, that one, cold."""
    os.dup2(files[0], 1)
    os.dup2(files[1], 2)
    for file in files:
        os.close(file)
    os.chdir(command["folder"])
    os.environ.clear()  # noqa: TID251 - sets the stage for a process of its own
    os.environ.update(command["environment"])  # noqa: TID251
    sys.argv = ["homeward", *command["arguments"]]
    if command["program"]:
        os.execv(command["program"], sys.argv)


def main(line: socket.socket) -> None:
    for module in WARM:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever waits for a command ends unnoticed
    while (command := asked(line)) is not None:
        if forked(command[1]):
            line.close()
            become(*command)
            importlib.import_module("bot.main").main()


if __name__ == "__main__":
    sys.path.pop(0)  # this folder: parts of it are called as libraries are
    main(socket.socket(fileno=int(sys.argv[1])))
