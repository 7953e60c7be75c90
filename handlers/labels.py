"""What stands on a button, the same on every chat platform."""

from __future__ import annotations

from policies import words

LABELS = {
    "acknowledge": "I have it",
    "complete": "Done",
    "phoned": "I have phoned",
    "told": "I have been told",
    "accept": "I will come",
    "tentative": "Perhaps",
    "decline": "I cannot come",
    "delegate": "Somebody else comes",
    "change_answer": "Change",
    "agenda_and_place": "Agenda and place",
    "fix_a_time": "Fix a time",
    "held": "Held or not",
    "move": "Move",
    "call_off": "Call off",
    "go_ahead": "Go ahead",
    "find_another": "Find another",
    "what_was_agreed": "What was agreed",
    "found": "Found",
    "note": "Note",
    "risk": "Risk",
    "status": "Where it stands",
    "more": "More…",
    "link": "Give access",
    "interview": "Interview…",
    "prompts": "What to ask",
    "take": "I take over",
    "ask": "I have a question",
    "reply": "Answer",
    "read": "Read the note",
    "approve": "I agree",
    "refuse": "I do not agree",
    "decide": "Decide",
    "submit": "Send what you hold",
}
YES_NO = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))
FIRST = frozenset({"acknowledge", "accept", "phoned", "told", "take", "reply"})  # the answer most people give


def label(verb: str) -> str:
    """The words on the button of a verb."""
    return LABELS.get(verb) or words.label(verb).capitalize()
