"""What somebody typed or pointed at fills the report form: what can be understood its fields, and every word the narrative."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from handlers.fields import cut, filled
from handlers.outgoing import Field, Form
from policies.when import NotATime, when

_DAY = r"(?:yesterday|today|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9})"
_TIME = re.compile(rf"(?:(?:since|from|at)\s+)?((?:{_DAY}\s+(?:at\s+)?)?\d{{1,2}}[:.]\d{{2}})(?!\d)", re.IGNORECASE)
_CASE = re.compile(r"\b(?:case|ref(?:erence)?)\b[\s:#]*([A-Z0-9][A-Z0-9/-]*\d[A-Z0-9/-]*)", re.IGNORECASE)
_RISK = re.compile(r"\b(low|medium|high)\s+risk\b|\brisk\s*:?\s*(low|medium|high)\b", re.IGNORECASE)


def report(form: Form, typed: str, quoted: str, now: datetime) -> Form:
    """The form holding what `typed` says; `quoted`, a message somebody reports from, joins the narrative."""
    narrative = "\n\n".join(part for part in (typed.strip(), quoted.strip()) if part)
    if not narrative:
        return form
    kept, aside = cut(narrative, "message" if quoted else "text")
    found = {"narrative": kept, **_understood(typed, form, now)}
    fields = tuple(replace(f, value=found.get(f.id) or f.value) for f in form.fields)
    return replace(form, fields=fields, note="\n".join(part for part in (aside, form.note) if part))


def _understood(typed: str, form: Form, now: datetime) -> dict[str, str]:
    by_id = {f.id: f for f in form.fields}
    risk, case = _RISK.search(typed), _CASE.search(typed)
    found = {
        "missing_since": _moment(typed, now),
        "risk_level": (risk[1] or risk[2]).lower() if risk else "",
        "case_reference": case[1] if case else "",
        "category": _named(typed, by_id.get("category")),
        "care_status": _named(typed, by_id.get("care_status")),
    }
    return {name: value for name, value in found.items() if name in by_id and value}


def _moment(typed: str, now: datetime) -> str:
    said = _TIME.search(typed)
    if not said:
        return ""
    try:
        return filled(when(said[1].replace(" at ", " "), now))
    except NotATime:
        return ""


def _named(typed: str, field: Field | None) -> str:
    """The longest option whose own words stand in the text."""
    text = f" {' '.join(re.sub(r'[^a-z0-9]+', ' ', typed.lower()).split())} "
    fitting = [(value, label) for value, label in field.options if f" {_plain(value)} " in text] if field else []
    return max(fitting, key=lambda option: len(option[0]), default=("", ""))[0]


def _plain(value: str) -> str:
    return " ".join(value.lower().replace("_", " ").split())
