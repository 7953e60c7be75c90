"""Moments as people here write them."""

from datetime import UTC, datetime

from policies.worktime import LONDON


def london(text: str) -> datetime:
    """`2026-02-02 10:00` as London's clocks show it (the first one in the repeated hour), in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def utc(text: str) -> datetime:
    """`2026-02-02 10:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
