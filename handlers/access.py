"""Who may do what: roles fall into groups, verbs are open to groups; asked in one place."""

from __future__ import annotations

from policies import words

GROUPS = ("reporter", "worker", "manager", "senior", "coordinator", "partner", "administrator", "auditor")
COORDINATORS = frozenset({"lead_manager_missing", "missing_lead_officer", "la_missing_coordinator"})
MANAGERS = frozenset(
    [
        "team_manager",
        "assistant_team_manager",
        "practice_manager",
        "service_manager",
        "senior_practitioner",
        "mash_manager",
        "iro",
        "senior_iro",
        "cp_adviser",
        "youth_service_manager",
        "childrens_society_service_manager",
    ]
)
SENIORS = frozenset(
    [
        "senior_manager",
        "head_of_service",
        "head_of_service_safeguarding",
        "strategic_lead",
        "strategic_lead_qa",
        "assistant_director",
        "director_childrens_services",
        "lead_person_missing",
        "lead_member",
    ]
)
COUNCIL = frozenset(
    {"childrens_social_care", "edt_service", "mash_partnership", "independent_reviewing", "complex_safeguarding", "corporate_council"}
)
ACCESS_ROLES = {"administrator": "administrator", "auditor": "auditor"}

EVERYBODY = frozenset(GROUPS) - {"administrator", "auditor"}
STAFF = frozenset({"worker", "manager", "senior", "coordinator"})
DECIDERS = frozenset({"manager", "senior", "coordinator"})
WHO_MAY: dict[str, frozenset[str]] = {
    "report": EVERYBODY,
    "found": EVERYBODY,
    "note": EVERYBODY,
    "acknowledge": EVERYBODY - {"reporter"},
    "complete": EVERYBODY - {"reporter"},
    "undo": EVERYBODY - {"reporter"},
    "risk": STAFF | {"partner"},
    "set": STAFF | {"partner"},
    "reclassify": STAFF | {"partner"},
    "correct": STAFF,
    "waive": DECIDERS,
    "extend": DECIDERS,
    "void": DECIDERS,
    "close": STAFF,
    "meeting": STAFF | {"partner"},
    "respond": EVERYBODY - {"reporter"},
    "interview": STAFF | {"partner"},
    "decide": STAFF | {"partner"},
    "status": frozenset(GROUPS) - {"reporter"},
    "list": frozenset(GROUPS) - {"reporter"},
    "handover": STAFF,
    "panel": DECIDERS,
    "who": frozenset(GROUPS) - {"reporter"},
    "reports": STAFF | {"partner", "auditor"},
    "people": DECIDERS | {"administrator", "auditor"},
    "allocate": DECIDERS,
    "away": EVERYBODY | {"administrator", "auditor"},
    "arrange": DECIDERS | {"administrator"},
    "suspend": frozenset({"senior", "coordinator", "administrator"}),
    "merge": DECIDERS,
    "share": DECIDERS,
    "restrict": DECIDERS,
    "permit": DECIDERS,
    "request": EVERYBODY,
    "glass": STAFF,
    "review": DECIDERS,
    "export": STAFF | {"administrator", "auditor"},
    "records": frozenset({"senior", "coordinator", "administrator"}),
    "link": frozenset({"coordinator", "administrator"}),
    "adopt": frozenset({"senior", "coordinator", "administrator"}),
    "help": frozenset(GROUPS),
}
WHO_CAN_HELP = {
    DECIDERS: "a team manager or the coordinator",
    STAFF: "the social worker or a manager",
    WHO_MAY["link"]: "the coordinator",
    WHO_MAY["people"]: "a team manager or the coordinator",
    WHO_MAY["arrange"]: "a team manager or the coordinator",
    WHO_MAY["suspend"]: "a head of service or the coordinator",
    WHO_MAY["adopt"]: "a head of service or the coordinator",
}


def group_of(role: str) -> str:
    """The permission group of a role."""
    if role in ACCESS_ROLES:
        return ACCESS_ROLES[role]
    if role in COORDINATORS:
        return "coordinator"
    if role in SENIORS:
        return "senior"
    if role in MANAGERS:
        return "manager"
    agency = words.agency_of(role)
    if agency in COUNCIL:
        return "worker"
    return "reporter" if agency in {"family", "placement_provider"} or role == "reporter" else "partner"


def may(verb: str, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may use the verb at all."""
    return any(group_of(role) in WHO_MAY[verb] for role in roles)


def refusal(verb: str) -> str:
    """The sentence for somebody who may not."""
    helper = WHO_CAN_HELP.get(WHO_MAY[verb], "a manager")
    return f"Your roles here do not include '{verb}'. Ask {helper} to do it, or the administrator to change your roles."
