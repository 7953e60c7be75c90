"""Which permission each thing we do in Slack needs; manifest.yml asks for these and no others."""

from __future__ import annotations

ROOMS, READ = ("channels:history", "groups:history", "im:history", "mpim:history"), ("channels:read", "groups:read")
METHODS: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ROOMS,
    "conversations.info": READ,
    "conversations.members": READ,
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.replies": ROOMS,
    "dnd.info": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "member_joined_channel": READ,
    "member_left_channel": READ,
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
COMMANDS = "commands"  # the command and the shortcuts
LOST_WITHOUT = {
    "chat:write": "nothing can be posted",
    "commands": "/missing and the shortcuts do not work",
    "im:write": "people who are not in a room cannot be reached",
    "mpim:write": "of several people who are not in a room only one can be reached",
    "channels:history": "a message whose delivery is in doubt in a public room cannot be looked up",
    "groups:history": "a message whose delivery is in doubt in a private room cannot be looked up",
    "im:history": "a direct message whose delivery is in doubt cannot be looked up",
    "mpim:history": "a direct message to several whose delivery is in doubt cannot be looked up",
    "channels:read": "who is in a public room, and whether it still exists, is not known",
    "groups:read": "who is in a private room, and whether it still exists, is not known",
    "users:read": "an account that is switched off is not noticed",
    "files:write": "charts, workbooks and files for calendars cannot be given",
    "dnd:read": "nobody is asked to ring a person whose notifications are off",
}


def needed() -> frozenset[str]:
    """Every scope the code uses."""
    used = (*METHODS.values(), *EVENTS.values())
    return frozenset(scope for scopes in used for scope in scopes) | {COMMANDS}
