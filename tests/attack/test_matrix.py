"""Every word, button and form, by every group, of the own and of another authority: on the port, and as each platform sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from sqlalchemy import Engine

from bot.inbound import NOT_SAVED
from handlers import access
from handlers.approvals import ASKABLE
from handlers.arranging import forms as arranging
from handlers.forms import opening
from handlers.frontdesk import admitting, answering, office, pressing
from handlers.vocabulary import VERBS
from tests.attack.played import PLAYED, Act, Played
from tests.attack.roster import BESIDE, ONE_OF_EACH, OTHER, OWN, ROSTER

REFUSED, NOTHING, UNINVITED = "Your roles here do not include", "There is no episode", "You are not invited to"
GONE = "This button belongs to something that no longer exists"
NO_ROLE = "You hold no role for this authority"
OF_NO_EPISODE = {
    word for word, verb in VERBS.items() if word in {"report", "list", "mine", "help", "who", "people", "back"} or not verb.of_episode
}
OF_NO_ONE = {"waiting", "reports", "agree", "disagree"}  # over all episodes, or what was put to the one who answers
BUTTONS = sorted(pressing.OPENS - set(answering.OPENS))  # those answer what was put to one person by name
FORMS = sorted({*opening._BUILD, *arranging.FORMS})
ACTS = (
    *(Act("typed", word) for word in VERBS),
    *(Act("pressed", verb) for verb in BUTTONS),
    *(Act("opened", form) for form in FORMS),
    *(Act("sent", form) for form in sorted({*FORMS, *office.SENT} - {"more"})),
)
AUTHORITIES = (OWN, OTHER)
Cell = tuple[Act, str, str]


def permission(act: Act) -> str:
    """The row of the table that an act belongs to, worked out from the words alone where it is one."""
    return VERBS[act.name].permission if act.kind == "typed" else admitting.permission_of(act.name)


def may(act: Act, group: str) -> bool:
    allowed = access.may(permission(act), frozenset({ROSTER[group][0]}))
    return allowed or (act.name in ASKABLE and group in access.STAFF)  # who may not decide may ask for it


def of_an_episode(act: Act) -> bool:
    return act.name not in (OF_NO_EPISODE if act.kind == "typed" else {*office.SENT, "report", "more"})


def wrong(act: Act, authority: str, group: str, shown: str) -> list[str]:
    """What somebody was shown that they should not have been, or not shown that they should."""
    found = []
    if NOT_SAVED in shown:
        found.append("did not work")
    if authority == OWN and (REFUSED in shown) == may(act, group):
        found.append("may" if may(act, group) else "may not")
    if authority == OTHER and of_an_episode(act) and not any(said in shown for said in (REFUSED, NOTHING, NO_ROLE)):
        found.append("reached it")
    if authority == OTHER and any(told in shown for told in ("missing since", "See to", "Tell the police")):
        found.append("was told of it")
    return [f"{authority} {group} {what}: {act}, and was shown {shown[:150]}" for what in found]


async def tried(played: Played, cells: Iterator[Cell]) -> list[str]:
    return [said for act, authority, group in cells for said in wrong(act, authority, group, await played.do(act, authority, group))]


def every() -> Iterator[Cell]:
    return product(ACTS, AUTHORITIES, ONE_OF_EACH)


def one_who_may_not() -> Iterator[Cell]:
    """Each act by somebody of the own authority who may not, where there is such a group, and by somebody of another who might."""
    for act in ACTS:
        barred = [group for group in ONE_OF_EACH if not may(act, group)]
        yield from ((act, OWN, group) for group in barred[-1:])
        yield act, OTHER, "coordinator"


def everybody_by_every_way() -> Iterator[Cell]:
    """Each person, by each way that a request can come: who somebody is has nothing to do with what it is about."""
    acts = (Act("typed", "void"), Act("pressed", "merge"), Act("opened", "correct"), Act("sent", "reclassify"), Act("typed", "note"))
    return product(acts, AUTHORITIES, ONE_OF_EACH)


async def test_everything_by_every_group_on_the_port(sqlite: Engine) -> None:
    async with PLAYED["port"](sqlite) as played:
        assert await tried(played, every()) == []


async def test_a_partner_whom_nothing_concerns_is_told_so_whatever_they_try(sqlite: Engine) -> None:
    async with PLAYED["port"](sqlite) as played:
        tries = [(act, await played.do(act, OWN, who)) for who in BESIDE for act in ACTS if of_an_episode(act)]
    theirs = [(act, shown) for act, shown in tries if permission(act) not in admitting.OPEN_TO_ALL and act.name not in OF_NO_ONE]
    told = [f"{act} {shown[:150]}" for act, shown in theirs if not any(said in shown for said in (REFUSED, UNINVITED, NOTHING, GONE))]
    assert told == []
    assert len(theirs) > 50


@pytest.mark.parametrize("cells", [one_who_may_not, everybody_by_every_way])
@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_everything_as_a_platform_sends_it_comes_to_the_same_desk(
    sqlite: Engine, platform: str, cells: Callable[[], Iterator[Cell]]
) -> None:
    async with PLAYED[platform](sqlite) as played:
        assert await tried(played, cells()) == []


def test_every_button_and_form_has_its_row_in_the_table() -> None:
    assert {admitting.permission_of(act.name) for act in ACTS if act.kind != "typed"} <= set(access.WHO_MAY)
    assert len(ACTS) > 150


@pytest.mark.soak
@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_everything_by_every_group_on_a_platform(sqlite: Engine, platform: str) -> None:
    async with PLAYED[platform](sqlite) as played:
        assert await tried(played, every()) == []
