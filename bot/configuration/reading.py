"""Reading homeward.yml: a mistake is one sentence that names the file, the place and what was probably meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.configuration import parts, people, rota
from bot.configuration.agreement import disagreements
from bot.configuration.parts import Configuration
from bot.errors import Unusable
from policies import plain_yaml, words

BIGGEST = 5_000_000  # characters; ten thousand people have a third of it
_SECTIONS: dict[str, tuple[type[BaseModel], ...]] = {
    "": (Configuration,),
    "authorities": (parts.AuthorityPart,),
    "rooms": (people.SlackRoom, people.TeamsRoom),
    "people": (people.PersonPart,),
    "accounts": (people.SlackAccount, people.TeamsAccount, people.MailAccount),
    "roles": (people.RolePart,),
    "slack": (parts.WorkspacePart,),
    "rota": (rota.TurnPart, rota.CalendarPart),
    "graph": (parts.GraphPart,),
    "tracker": (parts.TrackerPart,),
}
Place = tuple[int | str, ...]


def read(path: Path) -> Configuration:
    """The configuration in a file. Raises Unusable with one sentence."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Unusable(f"There is no {path}; write one (docs/operations.md shows how), or name another with HOMEWARD_CONFIG.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{path} cannot be read: {error}.") from None
    return understand(text, str(path), path.absolute().parent)


def understand(text: str, name: str, folder: Path = Path()) -> Configuration:
    """The configuration in a text; `name` stands in front of every mistake, files it names are in `folder`. Raises Unusable."""
    if len(text) > BIGGEST:
        raise Unusable(f"{name}: {len(text):,} characters are more than an installation has; is this the right file?")
    try:
        raw = plain_yaml.read(text)
    except plain_yaml.NotPlain as error:
        raise Unusable(f"{name}: {error}.") from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise Unusable(f"{name}: this is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise Unusable(f"{name}: it must begin with 'authorities:' and 'people:'.")
    try:
        configuration = Configuration.model_validate(raw, context={"folder": folder})
    except ValidationError as error:
        # An unknown word comes first: what is said to be missing is often the word that was meant.
        mistakes = sorted(error.errors(), key=lambda mistake: mistake["type"] != "extra_forbidden")
        problems = [_sentence(raw, mistake) for mistake in mistakes]
    else:
        problems = disagreements(configuration)
        if not problems:
            return configuration
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    raise Unusable(f"{name}: {problems[0]}{more}")


def _sentence(raw: dict[str, Any], mistake: ErrorDetails) -> str:
    place = mistake["loc"]
    where, last = _where(raw, place), place[-1] if place else ""
    match mistake["type"]:
        case "extra_forbidden":
            return f"{where}'{last}' is not known here{words.nearest(str(last), _fields(place))}"
        case "missing":
            return f"{where}'{last}' is missing"
        case "union_tag_invalid":
            tag, known = mistake["ctx"]["tag"], mistake["ctx"]["expected_tags"]
            return f"{where}'{tag}' is not a platform here; use {known}"
    said = mistake["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{where}{last}: {said}" if isinstance(last, str) else f"{where}{said}"


def _fields(place: Place) -> set[str]:
    """What may stand where the unknown key stands."""
    alone = next((step for step in reversed(place[:-1]) if step in {"graph", "tracker"}), "")
    section = next((str(place[i - 1]) for i in range(len(place) - 1, 0, -1) if isinstance(place[i], int)), str(alone))
    return {field.alias or name for model in _SECTIONS[section] for name, field in model.model_fields.items()}


def _where(raw: Any, place: Place) -> str:
    """`people 'duty.edt', roles 2: ` for an entry with an id, its number from 1 for one without."""
    said: list[str] = []
    for step in place[:-1]:
        if isinstance(step, int):
            raw = raw[step] if isinstance(raw, list) and step < len(raw) else None
            named = raw.get("id") if isinstance(raw, dict) else None
            said[-1] += f" '{named}'" if named else f" {step + 1}"
        elif isinstance(raw, dict) and step in raw:
            said.append(step)
            raw = raw[step]
    return f"{', '.join(said)}: " if said else ""
