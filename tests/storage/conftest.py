"""A thread in the outbox."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from storage import outbox
from storage.db import transaction
from storage.outbox import Post
from tests.storage import invented
from tests.storage.claiming import claimed, delivered
from tests.storage.invented import NOW


@pytest.fixture
def thread(engine: Engine) -> list[Post]:
    """A card that was sent, and three replies that wait."""
    card = invented.post("card")
    replies = [invented.post(text, parent=card, queued_at=NOW + n * timedelta(seconds=1)) for n, text in enumerate(("one", "two", "three"))]
    with transaction(engine) as session:
        outbox.queue_all(session, [card, *replies])
        claimed(session)
        outbox.sent(session, delivered(card))
    return [card, *replies]
