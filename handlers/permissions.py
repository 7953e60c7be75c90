"""The table of permissions as people read it: which words are open to whom, and which roles that is."""

from __future__ import annotations

from handlers import access
from handlers.vocabulary import VERBS
from policies import words

ELSEWHERE = {
    "set": "facts of the child, asked in forms",
    "arrange": "`away` and `back` for others, `swap` for others",
    "adopt": "`homeward packs adopt`",
    "export": "`homeward export`, `import`, `reconcile`",
    "records": "`homeward records`",
}


def table() -> str:
    """Markdown: a row a permission, a column a group; then the roles of each group."""
    typed: dict[str, list[str]] = {}
    for verb in VERBS.values():
        typed.setdefault(verb.permission, []).append(f"`{verb.word}`")
    head = ["| to | words | " + " | ".join(access.GROUPS) + " |", "|---|---|" + "---|" * len(access.GROUPS)]
    rows = [
        f"| {permission} | {', '.join(typed.get(permission, [])) or ELSEWHERE.get(permission, '')} | "
        + " | ".join("yes" if group in may else "-" for group in access.GROUPS)
        + " |"
        for permission, may in access.WHO_MAY.items()
    ]
    return "\n".join([*head, *rows])


def groups() -> str:
    """Markdown: the roles of each group."""
    roles: dict[str, list[str]] = {group: [] for group in access.GROUPS}
    for role in sorted({*words.roles(), *access.ACCESS_ROLES}):
        roles[access.group_of(role)].append(f"`{role}`")
    return "\n".join(["| group | roles |", "|---|---|", *(f"| {group} | {', '.join(of)} |" for group, of in roles.items())])
