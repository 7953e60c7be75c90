"""The two pictures of the app, drawn here: a house with its door open."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

Colour = tuple[int, int, int, int]
BLUE, WHITE, CLEAR = (29, 78, 137, 255), (255, 255, 255, 255), (0, 0, 0, 0)


def colour() -> bytes:
    """192 by 192, white on blue."""
    return _png(192, lambda x, y: WHITE if _house(x, y) else BLUE)


def outline() -> bytes:
    """32 by 32, white on nothing."""
    return _png(32, lambda x, y: WHITE if _house(x, y) and not _house_within(x, y) else CLEAR)


def _house(x: float, y: float) -> bool:
    """A roof over a wall with an open door, in a square of side 1."""
    roof = 0.18 <= y <= 0.5 and abs(x - 0.5) <= (y - 0.18) * 1.1
    wall = 0.5 <= y <= 0.82 and 0.24 <= x <= 0.76
    door = 0.58 <= y <= 0.82 and 0.44 <= x <= 0.56
    return (roof or wall) and not door


def _house_within(x: float, y: float) -> bool:
    return all(_house(x + dx, y + dy) for dx, dy in ((-0.06, 0), (0.06, 0), (0, -0.06), (0, 0.06)))


def _png(side: int, at: Callable[[float, float], Colour]) -> bytes:
    rows = (b"\0" + b"".join(bytes(at((x + 0.5) / side, (y + 0.5) / side)) for x in range(side)) for y in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, data) for name, data in parts)


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
