"""What was sent is recorded, and edited to its end."""

from dataclasses import replace

from sqlalchemy import Engine

from storage import outbox
from storage.db import transaction
from storage.outbox import Post
from tests.storage import invented
from tests.storage.claiming import LEASE, claimed, delivered, texts
from tests.storage.invented import MINUTE, NOW


def test_a_delivery_is_recorded_with_where_it_went(engine: Engine) -> None:
    with transaction(engine) as session:
        posts = [invented.post(str(n)) for n in range(3)]
        outbox.queue_all(session, posts)
        claimed(session)
        assert outbox.sent_all(session, [delivered(post) for post in posts[:2]]) == 2
        assert outbox.sent_all(session, []) == 0
        first = outbox.by_message(session, "slack", "C0001", f"m-{posts[0].id}")
        assert outbox.by_message(session, "teams", "C0001", f"m-{posts[0].id}") is None
        assert texts(outbox.stuck(session, NOW + MINUTE)) == ["2"]
        assert outbox.stuck(session, NOW) == []
    assert first is not None
    assert (first.state, first.sent_edition, first.sent_at, first.lease_until) == ("sent", 1, NOW, None)


def test_an_edit_before_sending_goes_out_as_the_only_edition(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("due 21:00")
        outbox.queue(session, post)
        outbox.edit(session, post.id, {"text": "due 22:00"})
        (only,) = outbox.claim(session, NOW, 9, LEASE)
        assert (only.body["text"], only.edition, only.reference) == ("due 22:00", 2, None)
        outbox.sent(session, delivered(only, edition=2))
        assert claimed(session) == []


def test_an_edit_after_sending_is_claimed_as_a_change_of_what_is_there(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("due 21:00", urgent=True)
        outbox.queue(session, post)
        claimed(session)
        outbox.sent(session, delivered(post))
        outbox.edit(session, post.id, {"text": "done 20:58"})
        outbox.queue(session, invented.post("another", urgent=True))
        new, change = outbox.claim(session, NOW, 9, LEASE)
        assert texts([new, change]) == ["another", "done 20:58"]
        assert (change.reference, change.edition, change.sent_edition) == (f"m-{post.id}", 2, 1)
        later = replace(delivered(change, edition=2), at=NOW + MINUTE, platform=None, channel=None)
        outbox.sent(session, later)
        final = outbox.by_id(session, post.id)
        assert final is not None
        assert (final.state, final.sent_edition, final.sent_at, final.channel) == ("sent", 2, NOW, "C0001")


def test_an_edit_during_sending_goes_out_next(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("due 21:00")
        outbox.queue(session, post)
        claimed(session)
        outbox.edit(session, post.id, {"text": "done 20:58"})
        assert claimed(session) == []
        outbox.sent(session, delivered(post, edition=1))
        (change,) = outbox.claim(session, NOW, 9, LEASE)
        assert (change.body["text"], change.reference) == ("done 20:58", f"m-{post.id}")


def test_a_card_being_edited_holds_no_reply_up(engine: Engine, thread: list[Post]) -> None:
    with transaction(engine) as session:
        outbox.edit(session, thread[0].id, {"text": "card, changed"})
        assert claimed(session) == ["card, changed", "one"]


def test_what_was_given_up_stays_so_when_edited(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("gone")
        outbox.queue(session, post)
        outbox.withdraw(session, [post.id])
        outbox.edit(session, post.id, {"text": "changed"})
        assert claimed(session) == []
