"""Many open episodes like one that really happened: its rows, copied with their own ids, keys and times, in seconds."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from sqlite3 import Connection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from storage.chain import GENESIS, hash_of
from storage.db import reading
from storage.sealing import Vault, key_id, seal, unseal
from storage.tables import METADATA

MARK = "0" * 19 + "7"  # stands in every id of the pattern for the copy it will belong to
ALONE = frozenset({"chains", "packs", "processes", "receipts", "settings"})  # not about one child
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{6})?)(\+00:00)?")
PAGE = 500  # copies in one go
Row = dict[str, Any]


@dataclass(frozen=True)
class Pattern:
    """The rows of one episode by table, ids marked; sealed texts open. `open_obligations` in one copy."""

    rows: dict[str, list[Row]]
    reference: str
    identity: str
    open_obligations: int


def pattern(engine: Engine, vault: Vault, authority: str) -> Pattern:
    """What is in a database that holds one child's only episode."""
    with reading(engine) as session:
        connection = session.connection()
        rows: dict[str, list[Row]] = {
            table.name: [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table.name}").mappings()]
            for table in METADATA.sorted_tables
            if table.name not in ALONE
        }
    keys = {row["owner"]: vault.unwrap(row["owner"], row["wrapped"]) for row in rows["keys"]}
    child, episode = rows["children"][0], rows["episodes"][0]
    identity = unseal(keys[child["id"]], "children", "identity", child["id"], child["identity"])
    for entry in rows["journal"]:
        entry["payload"] = unseal(keys[entry["sealed_by"]], "journal", "payload", entry["id"], entry["payload"])
    rows = {name: [row for row in found if _of_the_child(name, row, child["id"])] for name, found in rows.items()}
    still = sum(row["status"] == "open" for row in rows["obligations"])
    return Pattern(_marked(rows), episode["reference"], identity, still)


def _of_the_child(table: str, row: Row, child: str) -> bool:
    if table in {"keys", "journal"}:
        return child in {row.get("owner"), row.get("child_id")}
    return table != "posts" or row["episode_id"] is not None  # a digest is one person's, over all their children


def _marked(rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    ids = {value for found in rows.values() for row in found for value in row.values() if _is_id(value)}
    names = {value: f"{MARK}{n:012x}" for n, value in enumerate(sorted(ids))}
    some = re.compile("|".join(names))

    def marked(value: Any) -> Any:
        return some.sub(lambda found: names[found[0]], value) if isinstance(value, str) else value

    return {name: [{column: marked(value) for column, value in row.items()} for row in found] for name, found in rows.items()}


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{12}7[0-9a-f]{19}", value) is not None


def copies(engine: Engine, vault: Vault, authority: str, of: Pattern, shifts: Iterable[timedelta]) -> None:
    """One copy for each shift, by which all its times are later; written page by page with the driver's own bulk insert."""
    made = _Copies(vault, of)
    with engine.begin() as connection:
        driver: Connection = connection.connection.driver_connection  # type: ignore[assignment]
        made.last, made.head = connection.execute(
            sa.text("SELECT seq, hash FROM chains WHERE authority = :a"), {"a": authority}
        ).one_or_none() or (0, GENESIS)
        waiting = iter(shifts)
        while page := list(islice(waiting, PAGE)):
            for table, rows in made.of(page).items():
                if rows:
                    names = ", ".join(f'"{name}"' for name in rows[0])
                    holes = ", ".join("?" * len(rows[0]))
                    driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({holes})", [tuple(row.values()) for row in rows])
        driver.execute("INSERT OR REPLACE INTO chains (authority, seq, hash) VALUES (?, ?, ?)", (authority, made.last, made.head))


class _Copies:
    """Counts the copies, and carries the journal's chain on."""

    def __init__(self, vault: Vault, of: Pattern) -> None:
        self.vault, self.pattern = vault, of
        self.number, self.last, self.head = int.from_bytes(os.urandom(4), "big") << 24, 0, GENESIS
        self._later: dict[timedelta, dict[str, list[Row]]] = {}

    def of(self, shifts: Iterable[timedelta]) -> dict[str, list[Row]]:
        """The rows of some copies by table."""
        made: dict[str, list[Row]] = {name: [] for name in self.pattern.rows}
        for shift in shifts:
            self.number += 1
            mark = f"{self.number:020x}"
            reference = f"HW-B{self.number:X}"
            if shift not in self._later:
                self._later[shift] = dict(_shifted(self.pattern.rows, shift))
            for table, rows in self._later[shift].items():
                made[table] += [_renamed(row, mark, self.pattern.reference, reference) for row in rows]
            self._seal(made)
        return made

    def _seal(self, made: dict[str, list[Row]]) -> None:
        """The newest copy's own data key, and its texts sealed with it."""
        child, data_key = made["children"][-1], secrets.token_bytes(32)
        made["keys"][-1] |= {"wrapped": self.vault.wrap(child["id"], data_key), "key_id": key_id(self.vault.keys[0]).hex()}
        child |= {"identity": seal(data_key, "children", "identity", child["id"], self.pattern.identity)}
        child |= {name: secrets.token_hex(32) for name in ("case_index", "name_index", "initials_index") if child[name]}
        for entry in made["journal"][-len(self.pattern.rows["journal"]) :]:
            self.last += 1
            entry |= {"payload": seal(data_key, "journal", "payload", entry["id"], entry["payload"]), "seq": self.last}
            times = {name: datetime.fromisoformat(f"{entry[name]}+00:00") for name in ("at", "recorded_at")}
            entry |= {"previous": self.head, "hash": hash_of(self.head, entry | times)}
            self.head = entry["hash"]


def _shifted(rows: dict[str, list[Row]], shift: timedelta) -> Iterator[tuple[str, list[Row]]]:
    def later(found: re.Match[str]) -> str:
        moved = datetime.fromisoformat(found[1]) + shift
        return moved.isoformat(found[1][10], "microseconds" if "." in found[1] else "seconds") + (found[2] or "")

    for name, found in rows.items():
        yield name, [{c: MOMENT.sub(later, v) if shift and isinstance(v, str) else v for c, v in row.items()} for row in found]


def _renamed(row: Row, mark: str, old: str, new: str) -> Row:
    return {c: v.replace(MARK, mark).replace(old, new) if isinstance(v, str) else v for c, v in row.items()}
