"""What can come of an action, and what a block can refuse: the words that are recorded, so that no rule waits for another."""

from __future__ import annotations

from policies import words

DECIDED = ("hold", "not_needed", "next_stage", "stage_3", "local_procedures", "delegated", "close", "approved", "refused")
INTERVIEWED = ("accepted", "declined", "conducted", "not_done")
EVERY = ("done", *DECIDED, *INTERVIEWED)  # done: without any other
BLOCKED = ("report", "set", "close", "interview", "reclassify")
DECIDE, EXTEND = "decide:", "extend:"


def unknown(outcomes: tuple[str, ...]) -> str | None:
    """A sentence about the first outcome that nobody can record."""
    wrong = next((o for o in outcomes if o not in EVERY), None)
    return f"'{wrong}' is not an outcome{words.nearest(wrong, EVERY) or '; there are ' + ', '.join(EVERY)}" if wrong is not None else None


def unblockable(verb: str) -> str | None:
    """A sentence about a verb that no block is asked for."""
    if verb.startswith(EXTEND):
        action = verb.removeprefix(EXTEND)
        known = action in words.actions()
        return None if known else f"'{action}' in '{verb}' is not an action of the vocabulary{words.nearest(action, words.actions())}"
    if not verb.startswith(DECIDE):
        every = f"; there are {', '.join(BLOCKED)}, {EXTEND}action and {DECIDE}action:outcome"
        return None if verb in BLOCKED else f"'{verb}' is not a verb a block can refuse{words.nearest(verb, BLOCKED) or every}"
    _, action, *outcome = verb.split(":")
    if action not in words.actions():
        return f"'{action}' in '{verb}' is not an action of the vocabulary{words.nearest(action, words.actions())}"
    if len(outcome) != 1 or outcome[0] not in DECIDED:
        near = words.nearest(outcome[0], DECIDED) if outcome else ""
        return f"'{verb}' needs one outcome of a decision behind the action{near or ': ' + ', '.join(DECIDED)}"
    return None
