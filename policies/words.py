"""The closed lists of words a pack may use: roles, agencies, actions, categories, facts (policies/register/vocabulary.yml)."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where the C library is there


class PackError(Exception):
    """A pack cannot be used. The text is one sentence that names file, rule and fact, and what to write instead."""


@dataclass(frozen=True)
class Fact:
    """One fact of a child or an episode: its type (`bool`, `int`, `datetime`, `enum:care_statuses`, …) and meaning."""

    name: str
    type: str
    definition: str


@cache
def vocabulary() -> dict[str, Any]:
    """The vocabulary file as it stands; every list below is a part of it."""
    loaded: dict[str, Any] = yaml.load(register("vocabulary.yml"), _Loader)  # noqa: S506 - our own file, safe loader
    return loaded


def register(name: str) -> str:
    """The text of one file of the clause register."""
    return (files("policies") / "register" / name).read_text(encoding="utf-8")


@cache
def clauses() -> dict[str, dict[str, Any]]:
    """Every clause of the register by its id (`TRI-079`)."""
    loaded = yaml.load(register("clauses.yml"), _Loader)  # noqa: S506 - our own file, safe loader
    return {clause["id"]: clause for clause in loaded}


@cache
def roles() -> frozenset[str]:
    """Ids of every role a rule can name."""
    return frozenset(vocabulary()["roles"])


@cache
def agency_of(role: str) -> str:
    """The agency a role belongs to; somebody who is invited by name (`@id`) is of none but their own."""
    agency: str = role if role.startswith("@") else vocabulary()["roles"][role]["agency"]
    return agency


@cache
def actions() -> dict[str, str]:
    """Every action and its type: meeting, task, notification, decision, record, sharing or report."""
    return {name: entry["type"] for name, entry in vocabulary()["actions"].items()}


@cache
def facts() -> dict[str, Fact]:
    """Every fact a condition may ask for: those of the register, and the few the bot works out by itself."""
    stated = {name: Fact(name, entry["type"], entry["definition"]) for name, entry in vocabulary()["child_facts"].items()}
    derived = {
        "category": Fact("category", "enum:episode_categories", "Category of the episode at the moment asked about."),
        "was_missing": Fact("was_missing", "bool", "The episode was a missing one at some moment (G5)."),
        "frequently_missing": Fact("frequently_missing", "bool", "A threshold marked as the pack's frequent one stands for this episode."),
        "was_absent": Fact("was_absent", "bool", "The episode was an absence, and not a missing one, at some moment."),
        "limit_lapsed": Fact("limit_lapsed", "bool", "An agreed limit, or the time to verify a suspected place, passed."),
        "strategy_meeting_before": Fact("strategy_meeting_before", "bool", "A strategy meeting was held in the 28 days before."),
        "back_safe": Fact("back_safe", "bool", "The child is back at a safe place."),
        "in_care": Fact("in_care", "bool", "The child is looked after by any council."),
        "returned": Fact("returned", "bool", "The child has been found."),
    }
    return stated | derived


_KINDS_OF = {"missing_from_home": "missing", "missing_from_care": "missing"}  # the vocabulary's sub-types


def category_in(said: str, known: Collection[str]) -> str:
    """The category of a protocol that somebody means: the one they said, its other name, or what it is a kind of."""
    aliases: dict[str, str] = vocabulary()["category_aliases"]
    return next((category for category in (said, aliases.get(said, said), _KINDS_OF.get(said, said)) if category in known), said)


def nearest(word: str, known: object) -> str:
    """`; did you mean 'x'?` for the nearest known word, or nothing when none is near."""
    close = difflib.get_close_matches(word, sorted(known), n=1)  # type: ignore[call-overload]
    return f"; did you mean '{close[0]}'?" if close else ""


def label(word: str) -> str:
    """An id as people read it: `return_interview` → `return interview`; a few are the trade's own."""
    return _LABELS.get(word) or word.replace("_", " ")


_LABELS = {
    "facts": "what is known of the child",
    "cse_risk": "sexual exploitation feared",
    "cce_risk": "criminal exploitation feared",
    "uasc": "unaccompanied asylum-seeking child",
    "sen": "special educational needs",
    "edt": "EDT",
    "iro": "reviewing officer",
    "mash": "MASH",
    "dcs_notification": "tell the director of children's services",
    "hos_notification": "tell the head of service",
    "hos_safeguarding_notification": "tell the head of service for safeguarding",
    "ad_notification": "tell the assistant director",
    "police_notification": "tell the police",
    "social_care_notification": "tell children's services",
    "la_missing_coordinator": "missing children's coordinator",
    "home_office_notification": "tell the Home Office",
    "interview_shared_with_police": "share the interview findings with police",
    "whereabouts_known_decision": "decide whether the child stays or is fetched",
    "senior_iro": "senior reviewing officer",
    "cp_adviser": "child protection adviser",
    "strategic_lead_qa": "strategic lead for quality assurance",
    "missing_from_home_practitioner": "missing-from-home practitioner",
    "mash_rescreening": "MASH screening again",
    "return_interview_tracking": "placing authority's return interview",
    "health_representative": "health",
    "education_representative": "education",
    "la_representative": "council representative",
    "camhs": "CAMHS",
    "lead_manager_missing": "lead manager for missing children",
    "missing_lead_officer": "missing children lead officer",
    "children_services_spoc": "children's services contact point",
    "childrens_social_care": "children's social care",
    "childrens_rights": "children's rights",
    "director_childrens_services": "director of children's services",
    "childrens_society": "commissioned provider",
    "childrens_society_service_manager": "commissioned provider's manager",
    "childrens_rights_worker": "children's rights worker",
    "childrens_rights_service": "children's rights service",
    "iro_update": "tell the reviewing officer",
    "cse_screening": "exploitation screening",
    "mash_screening": "MASH screening",
    "cme_notification": "tell the missing education team",
    "no_apparent_risk": "no apparent risk (absent)",
    "cme_team": "children missing education team",
}
