"""How a typed time is understood, said before anything is saved."""

from __future__ import annotations

from datetime import datetime

from policies.when import NotATime, when
from policies.worktime import lasting, said

AHEAD = frozenset({"until", "absence_limit_at", "review_at", "starts", "next_at"})  # fields whose times are to come


def understood(typed: str, field: str, now: datetime) -> str:
    """`Sun 1 Feb 21:30, 4 h 40 min ago`; empty for what is no moment."""
    try:
        moment = when(typed, now, ahead=field in AHEAD) if len(typed) > len("2026-02-01") or ":" in typed else None
    except NotATime:
        return ""
    if moment is None:
        return ""
    return f"{said(moment)}, {lasting(now - moment)} ago" if moment <= now else f"{said(moment)}, in {lasting(moment - now)}"
