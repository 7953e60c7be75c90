"""docs/packs.md does what it says: every example of it is loaded or played, and no field of the format is left out."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.simulate.reading import STEPS
from bot.simulate.run import Asked, run
from policies import glossary, question
from policies import pack as packs
from policies.load import load
from policies.pack.anchor import MOMENTS
from policies.pack.words import Frozen
from policies.words import PackError

PAGE = (Path(__file__).parents[1] / "docs" / "packs.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml (\w+)\n(.*?)^```\n(?:```text\n(.*?)\n```)?", PAGE, re.MULTILINE | re.DOTALL)
WHOLE = next(text for kind, text, _ in BLOCKS if kind == "pack")
MODELS = [m for m in vars(packs).values() if isinstance(m, type) and issubclass(m, Frozen)]


class _Plain(yaml.SafeDumper):
    """Without aliases, which a pack may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def of_kind(kind: str) -> list[Any]:
    """The examples of one kind, each named by its first lines."""
    return [pytest.param(text, said, id=f"{kind}-{n}") for n, (k, text, said) in enumerate(BLOCKS) if k == kind]


def with_part(part: str) -> str:
    """The page's whole pack with a part added: lists grow, tables gain entries."""
    whole, more = yaml.safe_load(WHOLE), yaml.safe_load(part)
    for name, value in more.items():
        before = whole.get(name)
        both = [*before, *value] if isinstance(before, list) else {**before, **value} if isinstance(before, Mapping) else value
        whole[name] = both
    return yaml.dump(whole, Dumper=_Plain, sort_keys=False)


def test_every_block_of_yaml_says_what_it_is() -> None:
    assert {kind for kind, _, _ in BLOCKS} == {"pack", "scenario", "part", "mistake"}
    assert len(BLOCKS) == PAGE.count("```yaml")


def test_the_whole_pack_loads_as_it_stands() -> None:
    assert load(WHOLE, "westbrook.yaml").id == "westbrook@2026-09-01"


@pytest.mark.parametrize(("part", "said"), of_kind("part"))
def test_every_part_loads_as_an_addition_to_the_whole(part: str, said: str) -> None:
    assert not said
    assert load(with_part(part), "westbrook.yaml").id == "westbrook@2026-09-01"


@pytest.mark.parametrize(("part", "said"), of_kind("mistake"))
def test_every_mistake_gets_the_sentence_the_page_shows(part: str, said: str) -> None:
    with pytest.raises(PackError) as refused:
        load(with_part(part), "westbrook.yaml")
    assert said
    assert said in str(refused.value)


@pytest.mark.parametrize(("story", "said"), of_kind("scenario"))
def test_every_scenario_passes_with_the_whole_pack(tmp_path: Path, story: str, said: str) -> None:
    pack, file = tmp_path / "westbrook.yaml", tmp_path / "story.yml"
    pack.write_text(WHOLE, encoding="utf-8")
    file.write_text(story, encoding="utf-8")
    complaints: list[str] = []
    assert run([file], Asked(pack=pack), lambda _: None, complaints.append) == 0, complaints


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "    owner: social_worker\n",
            "\towner: social_worker\n",
            "this is not plain YAML: a tab stands here; indent with spaces",
        ),
        ("says: Tell", "says: Now: tell", "this is not plain YAML: a colon inside a text; put the text in quotes"),
        ("  - id: interview", " - id: interview", "this is not plain YAML: the line does not begin under its neighbours"),
        ("    owner: social_worker\n", "", "rule 'police-told', owner: this field is missing"),
        ("effective: 2026-09-01", "effective: 1.9.2026", "effective: this is not a day; write 2026-09-01"),
        ("area: westbrook", "area: West Brook", "area: write small letters"),
        ("categories:", "category:", "'category' is not a field here; did you mean 'categories'?"),
        ("  missing:\n", "  mising:\n", "categories.mising: 'mising' is not a category of the vocabulary; did you mean 'missing'?"),
        ("missing: true", "missing: {fact: agee, under: 3}", "categories.missing.missing: 'agee' is not a fact this bot knows"),
        ("missing: true", "missing: perhaps", "categories.missing.missing: fields in braces belong here"),
        ("is: true}", "is: yes please}", "rule 'interview', when: 'was_missing' is yes or no: write true or false"),
    ],
)
def test_a_slip_of_the_pen_in_the_whole_pack_is_said_in_plain_words(right: str, wrong: str, said: str) -> None:
    assert right in WHOLE
    with pytest.raises(PackError) as refused:
        load(WHOLE.replace(right, wrong, 1), "westbrook.yaml")
    assert said in str(refused.value)
    assert len(str(refused.value)) < 200


def test_every_rule_of_the_whole_pack_is_expected_by_a_scenario() -> None:
    stories = "\n".join(text for kind, text, _ in BLOCKS if kind == "scenario")
    actions = {duty.action for duty in load(WHOLE, "westbrook.yaml").duties}
    assert [action for action in actions if f"action: {action}" not in stories] == []


@pytest.mark.parametrize("model", [*MODELS, question.Test, question.Decided], ids=lambda model: model.__name__)
def test_every_field_of_the_format_is_on_the_page(model: type[Any]) -> None:
    names = {field.alias or name for name, field in model.model_fields.items()}
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", PAGE)] == []


def test_every_step_and_every_kind_of_word_is_on_the_page() -> None:
    assert [word for word in (*STEPS, *glossary.KINDS) if f"`{word}`" not in PAGE] == []


def test_moments_have_words() -> None:
    assert set(glossary.meanings("moments") or ()) == set(MOMENTS)
