"""The words people type: usage, example, form, permission. `help` prints this table on every platform."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import access
from handlers.desk import Actor
from handlers.errors import NotUnderstood
from handlers.outgoing import Answer
from policies import words


@dataclass(frozen=True)
class Verb:
    """One word. `permission` is the row of the access table; `form` opens when the command line does not say everything."""

    word: str
    usage: str
    about: str
    permission: str
    form: str | None = None
    of_episode: bool = True


def _table(*verbs: Verb) -> dict[str, Verb]:
    return {verb.word: verb for verb in verbs}


VERBS: dict[str, Verb] = _table(
    Verb("report", "report", "Report a child missing, absent or away", "report", "report"),
    Verb("found", "found HW-7F3K", "The child was found, or is back", "found", "found"),
    Verb("have", "have HW-7F3K strategy discussion", "You have it in hand (acknowledge)", "acknowledge", "acknowledge"),
    Verb("done", "done HW-7F3K missing record", "It is done, at a time you give", "complete", "complete"),
    Verb("note", "note HW-7F3K …", "Keep a note with the episode; it is never posted", "note", "note"),
    Verb("risk", "risk HW-7F3K high", "Set the risk", "risk", "risk"),
    Verb("facts", "facts HW-7F3K", "What is known now: harm feared, exploitation, an agreed limit, where the child is", "set", "facts"),
    Verb("status", "status HW-7F3K", "Where one episode stands", "status"),
    Verb("list", "list", "Every open episode", "list"),
    Verb("mine", "mine", "What you owe, by due time", "list"),
    Verb("correct", "correct HW-7F3K", "Correct when the child went missing, was found or came back", "correct", "correct"),
    Verb("reopen", "reopen HW-7F3K not found after all", "The child was not found after all", "correct", "reopen"),
    Verb("undo", "undo HW-7F3K found", "Take back what was recorded by mistake", "undo", "undo"),
    Verb("reclassify", "reclassify HW-7F3K", "Another category: missing, absent, away", "reclassify", "reclassify"),
    Verb("waive", "waive HW-7F3K strategy discussion", "Not to be done, with a reason", "waive", "waive"),
    Verb("extend", "extend HW-7F3K strategy meeting", "More time, with a reason", "extend", "extend"),
    Verb("meeting", "meeting HW-7F3K strategy tomorrow 10:00", "Fix a meeting, or move it to another time", "meeting", "meeting"),
    Verb("held", "held HW-7F3K strategy meeting", "A meeting was held, or was not and why", "meeting", "held"),
    Verb("cancel", "cancel HW-7F3K strategy meeting", "Call a meeting off, with a reason", "meeting", "call_off"),
    Verb("invite", "invite HW-7F3K strategy meeting", "Invite somebody else to a meeting that is fixed", "meeting", "find_another"),
    Verb("agenda", "agenda HW-7F3K strategy meeting", "When and where a meeting is, what about, and a file for your calendar", "status"),
    Verb("answers", "answers HW-7F3K", "Who comes to the meetings, and who has not answered", "status"),
    Verb("waiting", "waiting", "Who has not answered, for which episode, since when", "list"),
    Verb("feedback", "feedback HW-7F3K", "Child, carers and parents were told what a meeting came to", "complete", "feedback"),
    Verb("interview", "interview HW-7F3K offered", "A step of the return interview, or 'prompts' for it", "interview", "interview"),
    Verb("decide", "decide HW-7F3K", "Record a decision that the protocol asks for", "decide", "decide"),
    Verb(
        "answer", "answer HW-7F3K strategy meeting", "Answer an invitation: you come, perhaps, not, or send somebody", "respond", "respond"
    ),
    Verb("told", "told HW-7F3K", "You have been told what somebody had to tell you", "complete", "told"),
    Verb("phoned", "phoned HW-7F3K", "You have phoned somebody who now has it in hand", "acknowledge", "phoned"),
    Verb("close", "close HW-7F3K", "Close an episode whose child is back", "close", "close"),
    Verb("void", "void HW-7F3K", "It was no episode (entered twice, wrong child)", "void", "void"),
    Verb("handover", "handover", "Hand every open child over to the next shift", "handover", "handover", of_episode=False),
    Verb("take", "take HW-7F3K", "You take over a child that was handed to you", "handover"),
    Verb(
        "ask",
        "ask HW-7F3K who rang the school?",
        "Ask about a child that is handed over to you, or answer what was asked",
        "handover",
        "ask",
    ),
    Verb("panel", "panel", "Call the panel, see its agenda, record what it decides (panel HW-7F3K)", "panel"),
    Verb("agree", "agree HW-7F3K", "You agree to what somebody asked for: more time, a waiver", "acknowledge"),
    Verb("disagree", "disagree HW-7F3K the child is at risk", "You do not agree, and why", "acknowledge", "refuse"),
    Verb("allocate", "allocate HW-7F3K", "Who works with this child, and so hears first", "allocate", "allocate"),
    Verb("merge", "merge HW-7F3K", "Two episodes are about the same child", "merge", "merge"),
    Verb("share", "share HW-7F3K", "Another authority may see it: the child is placed there", "share", "share"),
    Verb("restrict", "restrict HW-7F3K", "Only named people may see it, and no room shows it", "restrict", "restrict"),
    Verb("unrestrict", "unrestrict HW-7F3K", "Everybody of the authority may see it again", "restrict", "unrestrict"),
    Verb("permit", "permit HW-7F3K", "Let somebody see a restricted episode", "permit", "permit"),
    Verb("request", "request HW-7F3K", "Ask to see a restricted episode, and say why", "request", "request", of_episode=False),
    Verb(
        "glass", "glass HW-7F3K", "See a restricted episode now, because it cannot wait; it is reviewed", "glass", "glass", of_episode=False
    ),
    Verb("review", "review HW-7F3K", "Say whether a broken glass was right", "review", "review"),
    Verb("who", "who team manager", "Who holds a role now, and whom the next ping would reach", "who"),
    Verb("people", "people", "Gaps in the rota, who cannot be reached, who is away", "people"),
    Verb("away", "away", "Say that you are away, and who stands in", "away", "away", of_episode=False),
    Verb("back", "back", "You are back", "away"),
    Verb("swap", "swap", "Somebody else takes a turn of the rota", "away", "swap", of_episode=False),
    Verb("suspend", "suspend", "Somebody may do and hears nothing, at once", "suspend", "suspend", of_episode=False),
    Verb("restore", "restore", "They may act again", "suspend", "restore", of_episode=False),
    Verb("reports", "reports monthly", "How many, how late, which team, better or worse: 'reports' lists them", "reports"),
    Verb("link", "link", "Give access to an account that is not known yet", "link", "link", of_episode=False),
    Verb("help", "help", "These words", "help"),
)
AT_ONCE = frozenset({"note", "risk", "have", "interview", "ask", "disagree", "decide"})  # done without a form when everything is said
ALIASES = {
    "acknowledge": "have",
    "ack": "have",
    "complete": "done",
    "finish": "done",
    "accept": "answer",
    "attend": "answer",
    "tentative": "answer",
    "decline": "answer",
    "delegate": "answer",
    "respond": "answer",
    "schedule": "meeting",
    "move": "meeting",
    "fix": "meeting",
    "calloff": "cancel",
    "unanswered": "waiting",
    "access": "link",
    "same": "merge",
    "break-glass": "glass",
    "whois": "who",
    "rota": "people",
    "absent": "away",
    "holiday": "away",
    "returned": "back",
    "allocated": "allocate",
    "missing": "report",
    "new": "report",
    "show": "status",
    "open": "list",
    "todo": "mine",
    "home": "mine",
    "?": "help",
}


def meant(word: str) -> Verb:
    """The verb typed, also by another name for it. Raises NotUnderstood with the nearest one."""
    plain = word.strip().lower()
    verb = VERBS.get(ALIASES.get(plain, plain))
    if verb is None:
        near = words.nearest(plain, {*VERBS, *ALIASES})
        raise NotUnderstood(f"'{word[:30]}' is not a word here{near or ' '}".rstrip() + " Type 'help' to see them all.")
    return verb


def opens(typed: str) -> bool:
    """Whether a command line asks for a form, as far as can be seen without looking anything up."""
    word, *rest = typed.strip().removeprefix("/missing").split() or ["help"]
    verb = VERBS.get(ALIASES.get(word.lower(), word.lower()))
    if verb is None or verb.form is None:
        return False
    said = [part for part in rest if not part.upper().startswith("HW-")]
    return verb.word == "report" or not verb.of_episode or (len(said) < len(rest) and not (said and verb.word in AT_ONCE))


def allowed(roles: frozenset[str]) -> list[Verb]:
    """The words that somebody with these roles may use."""
    return [verb for verb in VERBS.values() if access.may(verb.permission, roles)]


def help_for(actor: Actor) -> Answer:
    """The words this person may use."""
    mine = allowed(actor.roles)
    return Answer(("What you can type after /missing, or after @Homeward on Teams:", *(f"{verb.usage} — {verb.about}." for verb in mine)))
