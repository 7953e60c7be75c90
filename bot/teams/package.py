"""The app package that an administrator uploads: what it may do, where, and its two pictures."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

from bot.teams import icons
from handlers.vocabulary import VERBS

SCHEMA = "https://developer.microsoft.com/en-us/json-schemas/teams/v1.25/MicrosoftTeams.schema.json"
SCOPES = ("personal", "team", "groupChat")  # a talk with one person, channels, and chats of several people
SHOWN = ("report", "found", "have", "done", "note", "risk", "status", "list", "mine", "help")  # Teams shows ten
REPORT, REPORT_FROM = "report", "reportFrom"
BEGAN = (1980, 1, 1, 0, 0, 0)  # of the files in the package, so that the same app is the same file


def package(client_id: str, version: str, website: str) -> bytes:
    """A zip with the manifest and the pictures."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in (
            ("manifest.json", json.dumps(manifest(client_id, version, website), indent=2).encode()),
            ("color.png", icons.colour()),
            ("outline.png", icons.outline()),
        ):
            bundle.writestr(zipfile.ZipInfo(name, BEGAN), data)
    return held.getvalue()


def manifest(client_id: str, version: str, website: str) -> dict[str, Any]:
    """What the app is; `client_id` of its registration, `website` of whoever runs it."""
    place = website.rstrip("/")
    return {
        "$schema": SCHEMA,
        "manifestVersion": "1.25",
        "version": version,
        "id": client_id,
        "developer": {
            "name": "Homeward",
            "websiteUrl": place,
            "privacyUrl": f"{place}/privacy",
            "termsOfUseUrl": f"{place}/terms",
        },
        "name": {"short": "Homeward", "full": "Homeward: who owes what while a child is missing"},
        "description": {
            "short": "Keeps track of who owes what, by when, while a child is missing and after.",
            "full": "Homeward knows the local protocol from the report on: what it demands of whom, by when and under which clause. "
            "It reminds the person who owes it, then the next one up, and shows everybody where an episode stands. "
            "It never shows a child's name in a channel, and it does not call the police.",
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1D4E89",
        "bots": [_bot(client_id)],
        "composeExtensions": [_extension(client_id)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],
        "supportsChannelFeatures": "tier1",
    }


def _bot(client_id: str) -> dict[str, Any]:
    commands = [{"title": VERBS[word].word, "description": VERBS[word].about[:128]} for word in SHOWN]
    lists = [{"scopes": [scope], "commands": commands} for scope in SCOPES]
    return {"botId": client_id, "scopes": list(SCOPES), "supportsFiles": False, "isNotificationOnly": False, "commandLists": lists}


def _extension(client_id: str) -> dict[str, Any]:
    about = "Report a child missing, absent or away"
    whole = {"id": REPORT, "title": "Report a missing child", "description": about, "context": ["compose", "commandBox"]}
    quoting = {"id": REPORT_FROM, "title": "Report from this message", "description": f"{about}, with its words", "context": ["message"]}
    commands = [{**command, "type": "action", "fetchTask": True} for command in (whole, quoting)]
    return {"botId": client_id, "commands": commands}
