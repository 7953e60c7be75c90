"""A file for one person alone: uploaded to where the bot talks with them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import errors
from handlers.outgoing import File

log = logging.getLogger(__name__)
CALLS = ("files.getUploadURLExternal", "files.completeUploadExternal")  # what the library makes of one upload


async def hand_over(calls: AsyncWebClient, user: str, files: Sequence[File]) -> None:
    """Send the files by direct message. Raises what Slack's library raises."""
    opened = await calls.conversations_open(users=user)
    for file in files:
        await calls.files_upload_v2(channel=opened["channel"]["id"], content=file.content, filename=file.name, title=file.name)


def why_not(error: Exception) -> str:
    """What to say of a file that could not be sent."""
    log.warning("a file could not be given: %s", errors.code(error) or type(error).__name__)
    if errors.code(error) == "missing_scope":
        return "The file could not be sent: the app lacks the scope files:write. Ask your administrator to paste the manifest again."
    return "The file could not be sent just now. Ask for it again in a while."
