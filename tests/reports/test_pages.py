"""What the documentation says of reports is what the code counts."""

from pathlib import Path

from bot.commands.reports import WORDS
from handlers.reports.catalogue import BY_ID, BY_WORD
from handlers.reports.gatherings import FORMULAS
from handlers.reports.measures import MEASURES
from handlers.reports.middles import MEDIANS
from policies import words
from policies.load import load, shipped

PAGE = (Path(__file__).parents[2] / "docs/reports.md").read_text(encoding="utf-8")


def test_every_formula_stands_in_the_page() -> None:
    formulas = [(m.name, m.formula) for m in MEASURES.values()] + [(m.name, m.formula) for m in MEDIANS.values()]
    formulas += FORMULAS.items()
    assert [name for name, formula in formulas if f"| {name} | {formula} |" not in PAGE] == []


def test_every_report_of_the_vocabulary_can_be_made_and_is_a_command() -> None:
    assert BY_ID.keys() == words.vocabulary()["reports"].keys()
    assert WORDS.keys() == BY_WORD.keys()


def test_every_report_a_pack_asks_for_comes_as_often_as_it_is_counted() -> None:
    for edition, text in shipped().items():
        for asked in load(text, edition).reports:
            assert asked.every in {None, BY_ID[asked.report].every}, (edition, asked.report)
