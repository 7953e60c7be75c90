"""One person of every permission group in two authorities, and one whom nothing concerns, with accounts on every platform."""

from __future__ import annotations

from tests.bot.teams.driver import MANAGEMENT, PARTNERS, ROOM, TENANT

ONE_OF_EACH = {
    "reporter": ("foster_carer", "placement_provider"),
    "worker": ("social_worker", "childrens_social_care"),
    "manager": ("team_manager", "childrens_social_care"),
    "senior": ("head_of_service", "corporate_council"),
    "coordinator": ("la_missing_coordinator", "childrens_social_care"),
    "partner": ("police", "police"),
    "administrator": ("administrator", "corporate_council"),
    "auditor": ("auditor", "corporate_council"),
}
BESIDE = {"bystander": ("agency_safeguarding_lead", "any_agency")}  # a partner whose role is of any agency, and whom nobody asked
ROSTER = ONE_OF_EACH | BESIDE
OWN, OTHER = "westbrook", "eastbrook"


def user(authority: str, group: str) -> str:
    """The account of somebody, the same on every platform."""
    return f"U{authority[0]}{group}".upper()


def homeward_yml() -> str:
    """Two authorities; the first has its rooms on both platforms."""
    people = "".join(
        f"  - id: {authority}.{group}\n    name: {authority.capitalize()} {group}\n    agency: {agency}\n"
        f"    accounts: [{{platform: slack, team: T1, user: {user(authority, group)}}},"
        f" {{platform: teams, tenant: {TENANT}, user: {user(authority, group)}}}]\n"
        f"    roles: [{{role: {role}, authority: {authority}}}]\n"
        for authority in (OWN, OTHER)
        for group, (role, agency) in ROSTER.items()
    )
    slack = "".join(
        f"      - {{platform: slack, team: T1, channel: {c}, purpose: {p}}}\n"
        for c, p in (("C1", "coordination"), ("C2", "partners"), ("C3", "management"))
    )
    teams = "".join(
        f'      - {{platform: teams, tenant: {TENANT}, channel: "{c}", purpose: {p}}}\n'
        for c, p in ((ROOM, "coordination"), (PARTNERS, "partners"), (MANAGEMENT, "management"))
    )
    return (
        f"authorities:\n  - id: {OWN}\n    name: Westbrook\n    pack: triborough\n    rooms:\n{slack}{teams}"
        f"  - id: {OTHER}\n    name: Eastbrook\n    pack: triborough\n"
        f"people:\n{people}slack: [{{team: T1, token_env: SLACK_BOT_TOKEN}}]\n"
    )
