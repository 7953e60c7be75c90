"""What Slack would refuse: checked by its SDK's models, and by us where they look away."""

from __future__ import annotations

from collections import Counter
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

IN_A_MESSAGE, IN_A_VIEW = 50, 100


def check_message(message: dict[str, Any]) -> None:
    """A message, or an answer to a command."""
    assert 0 < len(message["text"]) <= 4000
    blocks = message.get("blocks") or []
    assert len(blocks) <= IN_A_MESSAGE
    _blocks(blocks)


def check_view(view: dict[str, Any]) -> None:
    """A modal or a home page."""
    View(**view).validate_json()
    assert len(view["blocks"]) <= IN_A_VIEW
    assert len(view.get("private_metadata") or "") <= 3000
    if any(block["type"] == "input" for block in view["blocks"]):
        assert view["type"] == "modal"
        assert view.get("submit")
    _blocks(view["blocks"])


def _blocks(blocks: list[dict[str, Any]]) -> None:
    for parsed in Block.parse_all(blocks):
        parsed.validate_json()
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    assert _twice(ids) == []
    for block in blocks:
        actions = [e["action_id"] for e in block.get("elements", []) if isinstance(e, dict) and "action_id" in e]
        assert _twice(actions) == []
        _block(block)


def _block(block: dict[str, Any]) -> None:
    if block["type"] == "section":
        assert 0 < len(block["text"]["text"]) <= 3000
    if block["type"] == "actions":
        assert 0 < len(block["elements"]) <= 25
    if block["type"] == "input":
        assert 0 < len(block["label"]["text"]) <= 2000
        element = block["element"]
        options = [*element.get("options", []), *(o for g in element.get("option_groups", []) for o in g["options"])]
        assert _twice([o["value"] for o in options]) == []
        assert all(0 < len(o["text"]["text"]) <= 75 and 0 < len(o["value"]) <= 150 for o in options)
        assert len(element.get("initial_value") or "") <= 3000


def _twice(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def check_call(method: str, sent: dict[str, Any]) -> None:
    """A call of ours that shows something."""
    if method in {"views.open", "views.update", "views.publish"}:
        check_view(sent["view"])
    elif method in {"chat.postMessage", "chat.update", "chat.postEphemeral", "/answer"}:
        check_message(sent)


def check_answer(answer: Any) -> None:
    """What a request is answered with."""
    if isinstance(answer, dict):
        if "view" in answer:
            check_view(answer["view"])
        if "errors" in answer:
            assert all(0 < len(text) <= 2000 for text in answer["errors"].values())
        if "text" in answer:
            check_message(answer)
