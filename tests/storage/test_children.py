"""Who a child is: sealed, found by exact match, merged, erased."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage import allocations, children, episodes, journal
from storage.db import reading, transaction
from storage.sealing import Erased, Sealed, Vault, new_key
from storage.tables import CHILDREN
from tests.storage import invented


def test_an_identity_comes_back_whole(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        alex = invented.child(session, vault, initials="AE", date_of_birth="2011-01-01")
    with reading(engine) as session:
        assert children.identities(session, vault, [robin, alex, "nobody"]) == {
            robin: invented.ROBIN,
            alex: {"initials": "AE", "date_of_birth": "2011-01-01"},
        }


def test_no_column_shows_who_a_child_is(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        invented.child(session, vault)
        stored = repr([value for name, value in session.execute(sa.select(CHILDREN)).mappings().one().items() if name != "id"])
    for word in ("Robin", "robin", "Example", "example", "2012", "0042"):
        assert word not in stored


@pytest.mark.parametrize("typed", ["CS-0042", "cs 0042", " Cs/0042 "])
def test_a_case_reference_is_found_however_it_is_typed(engine: Engine, vault: Vault, typed: str) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        assert children.with_case_reference(session, vault, "bury", typed) == [robin]
        assert children.with_case_reference(session, vault, "bury", "CS-0043") == []


def test_a_child_is_found_by_name_or_initials_and_birth(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        known_by_initials = invented.child(session, vault, initials="re", date_of_birth="2012-03-04")
        assert children.with_name_and_birth(session, vault, "bury", "EXAMPLE", "2012-03-04") == [robin]
        assert children.with_name_and_birth(session, vault, "bury", "EXAMPLE", "2012-03-05") == []
        assert children.with_initials_and_birth(session, vault, "bury", "RE", "2012-03-04") == sorted([robin, known_by_initials])


def test_another_authority_finds_nobody(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        invented.child(session, vault)
        assert children.with_case_reference(session, vault, "rutland", "CS-0042") == []


def test_children_without_the_fact_are_not_alike(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        invented.child(session, vault, forename="Robin")
        assert children.with_case_reference(session, vault, "bury", "") == []


def test_a_corrected_identity_is_found_by_the_new_facts_only(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        children.change_identity(session, vault, robin, {**invented.ROBIN, "surname": "Sample", "case_reference": None})
        assert children.with_name_and_birth(session, vault, "bury", "Sample", "2012-03-04") == [robin]
        assert children.with_name_and_birth(session, vault, "bury", "Example", "2012-03-04") == []
        assert children.with_case_reference(session, vault, "bury", "CS-0042") == []
        assert "case_reference" not in children.identity(session, vault, robin)


def test_an_identity_moved_to_another_child_does_not_open(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        alex = invented.child(session, vault, forename="Alex")
        stolen = sa.select(CHILDREN.c.identity).where(CHILDREN.c.id == alex).scalar_subquery()
        session.execute(sa.update(CHILDREN).where(CHILDREN.c.id == robin).values(identity=stolen))
        with pytest.raises(Sealed):
            children.identity(session, vault, robin)


def test_without_the_keys_opening_fails_clearly(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        with pytest.raises(Sealed, match="wrapped by a master key that is not configured"):
            children.identity(session, Vault.from_text(new_key()), robin)


def test_a_merged_child_is_found_as_the_one_it_became(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        first, second, third = (invented.child(session, vault) for _ in range(3))
        one, two = invented.episode(session, first), invented.episode(session, second, number=2)
        children.merge(session, first, into=second)
        children.merge(session, second, into=third)
        assert children.with_case_reference(session, vault, "bury", "CS-0042") == [third]
        assert children.survivor(session, first) == third
        for child_id in (first, second, third):
            assert episodes.of_child(session, child_id) == [one, two]
            assert episodes.lock(session, child_id) == [one, two]


def test_an_erased_child_is_forgotten_and_its_journal_stays_whole(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        journal.append(session, vault, invented.entry("seen near the bridge", of=episode, on_behalf="a neighbour"))
        children.erase(session, episode.child_id, invented.NOW)
    with transaction(engine) as session:
        assert children.identity(session, vault, episode.child_id) == {}
        assert children.with_case_reference(session, vault, "bury", "CS-0042") == []
        (entry,) = journal.of_episode(session, vault, episode.id)
        assert (entry.kind, entry.erased, entry.payload, entry.on_behalf) == ("note", True, {}, None)
        with pytest.raises(Erased):
            journal.append(session, vault, invented.entry("more", of=episode))


def test_a_role_for_a_child_has_one_holder(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        allocations.allocate(session, robin, "social_worker", "sam.sample")
        allocations.allocate(session, robin, "social_worker", "kim.sample")
        allocations.allocate(session, robin, "team_manager", "sam.sample")
        assert allocations.of_child(session, robin) == {"social_worker": "kim.sample", "team_manager": "sam.sample"}
        allocations.release(session, robin, "team_manager")
        assert allocations.of_person(session, "sam.sample") == []
        assert allocations.of_person(session, "kim.sample") == [(robin, "social_worker")]
