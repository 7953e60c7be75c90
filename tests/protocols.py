"""Small protocols of the tests' own, so that a test says which rule it is about and no real pack can break it."""

from collections.abc import Mapping
from typing import Any

import yaml

from policies.load import load
from policies.pack import Pack

CITED = "TRI-044"  # any clause of the register: these rules are nobody's

BASE: Mapping[str, Any] = {
    "format": 1,
    "area": "westbrook",
    "name": "Westbrook",
    "effective": "2020-01-01",
    "documents": [{"title": "Westbrook protocol", "clauses": "TRI"}],
    "coordinator": "la_missing_coordinator",
    "managers": {
        "social_worker": "team_manager",
        "edt": "team_manager",
        "team_manager": "head_of_service",
        "head_of_service": "assistant_director",
    },
    "reached_through": {"carer": "social_worker", "reporter": "edt"},
    "categories": {
        "missing": {"means": "Nobody knows where the child is.", "clauses": [CITED], "missing": True},
        "absent": {
            "means": "Away, and no risk is seen for now.",
            "clauses": [CITED],
            "absent": True,
            "changed_by": ["police", "team_manager"],
        },
        "away_from_placement_without_authorisation": {
            "means": "Away without leave, with an agreed limit.",
            "clauses": [CITED],
            "absent": True,
            "lapses_to": "missing",
        },
        "whereabouts_known": {
            "means": "Where the child is, is known or suspected.",
            "clauses": [CITED],
            "suspected": {"verify_within": "PT1H", "becomes": "missing", "house": True},
        },
    },
    # silence but for the rules a test is about
    "house": {"coordinator_marks": []},
}


def duty(id: str, action: str, **fields: Any) -> dict[str, Any]:
    """A rule owed by the social worker, asked for at the report, without a time unless the test gives one."""
    return {
        "id": id,
        "action": action,
        "clauses": [CITED],
        "says": f"See to the {id.replace('-', ' ')}",
        "owner": "social_worker",
        **fields,
    }


def threshold(id: str = "three-in-a-month", **fields: Any) -> dict[str, Any]:
    """Three missing episodes in a month, told to nobody, unless the test says otherwise."""
    return {"id": id, "clauses": [CITED], "says": "Three in a month", "count": 3, "window": "P1M", **fields}


class _Plain(yaml.SafeDumper):
    """Without aliases, which a pack may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def text(*duties: Mapping[str, Any], **fields: Any) -> str:
    """The YAML of a protocol with these duties; `fields` replace the base's."""
    return yaml.dump({**BASE, "duties": list(duties), **fields}, Dumper=_Plain, sort_keys=False)


def protocol(*duties: Mapping[str, Any], **fields: Any) -> Pack:
    """The same, loaded."""
    return load(text(*duties, **fields), "westbrook")
