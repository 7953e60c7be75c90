"""Structured logs: one JSON object a line on stderr, with ids and never a name; of an error its kind and no traceback."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

OURS = ("bot", "handlers", "policies", "storage")


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """At, level, from and says; an exception only by its class, because its text could hold a child's name."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def configure(level: str = "WARNING") -> None:
    """Send everything at or above the level to stderr in this form; of others than us only warnings: they might quote what people typed."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=max(logging.getLevelName(level), logging.WARNING), handlers=[handler], force=True)
    for ring in OURS:
        logging.getLogger(ring).setLevel(level)
