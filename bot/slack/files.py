"""A file for one person alone, or a picture for a room: uploaded to where the bot talks with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import errors, texts
from handlers.enclosed import PICTURE, Enclosed, File
from handlers.ports import Parcel

log = logging.getLogger(__name__)
CALLS = ("files.getUploadURLExternal", "files.completeUploadExternal")  # what the library makes of one upload


async def hand_over(calls: AsyncWebClient, user: str, files: Sequence[File]) -> None:
    """Send the files by direct message. Raises what Slack's library raises."""
    opened = await calls.conversations_open(users=user)
    for file in files:
        await calls.files_upload_v2(channel=opened["channel"]["id"], content=file.content, filename=file.name, title=file.name)


def shared(parcel: Parcel, enclosed: Enclosed, file: File) -> dict[str, Any]:
    """How a post's own file is uploaded, with what it shows in words for whoever does not see it."""
    text = "\n".join(texts.literal(line) for line in (parcel.body.headline, *parcel.body.lines))
    return {
        "content": file.content,
        "filename": named(parcel.post.id, enclosed.name),
        "title": parcel.body.headline,
        "alt_txt": enclosed.words if enclosed.kind == PICTURE else None,
        "initial_comment": text if parcel.body.lines else None,
    }


def named(post: str, name: str) -> str:
    """The name of a post's file, which nobody else's has: an upload carries no other mark."""
    stem, _, kind = name.rpartition(".")
    return f"{stem}-{post}.{kind}"


def holds(message: Mapping[str, Any], parcel: Parcel) -> bool:
    """Whether a message has the post's file."""
    enclosed = parcel.body.enclosed
    name = named(parcel.post.id, enclosed.name) if enclosed else None
    return any(file.get("name") == name for file in message.get("files") or ())


def why_not(error: Exception) -> str:
    """What to say of a file that could not be sent."""
    log.warning("a file could not be given: %s", errors.code(error) or type(error).__name__)
    if errors.code(error) == "missing_scope":
        return "The file could not be sent: the app lacks the scope files:write. Ask your administrator to paste the manifest again."
    return "The file could not be sent just now. Ask for it again in a while."
