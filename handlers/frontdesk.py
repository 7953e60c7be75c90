"""The one entry for every platform: what was typed, pressed or sent in becomes a verb; a repetition gets the same answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from handlers import (
    admitting,
    answering,
    approvals,
    checks,
    deciding,
    forms,
    interviewing,
    office,
    prefill,
    record,
    seeing,
    submissions,
    which,
)
from handlers.arranging import lines, pressing, sending, showing
from handlers.case import Case, known_action, open_case
from handlers.desk import Actor, Desk, actor
from handlers.directory import Person
from handlers.errors import NeedsApproval, NotUnderstood, Refused
from handlers.once import once
from handlers.outgoing import Answer, Form, Pressed, Problems, Reply, Said, Submitted
from handlers.sent_in import Values, whole, whole_form, whole_press
from handlers.verbs import link, show
from handlers.verbs.acknowledge import Acknowledge, acknowledge
from handlers.verbs.change import Change, change
from handlers.verbs.complete import Complete, complete
from handlers.verbs.note import Note, note
from handlers.verbs.report import SameChild
from handlers.verbs.respond import Respond, respond
from handlers.vocabulary import Verb, meant
from policies import words
from storage import episodes, obligations, pings
from storage.episodes import EpisodeRow
from storage.obligations import ObligationRow

OPENS = frozenset(
    {
        "complete",
        "decline",
        "delegate",
        "phoned",
        "found",
        "note",
        "risk",
        "more",
        "interview",
        "decide",
        "merge",
        "permit",
        "review",
        lines.CHANGE,
        *answering.OPENS,
        *pressing.OPENS,
    }
)  # buttons that ask something first
SHOWS = frozenset({"help", "list", "mine", "status"})


def hear(said: Said, desk: Desk) -> Reply:
    """A typed command. Raises NotUnderstood or Refused with a sentence for the person."""
    try:
        return _shown(_heard(said, desk), desk, said.by, said.authority)
    except Refused as refused:
        if refused.field != "authority":
            raise
        return which.ask(said, desk)


def _shown(reply: Reply, desk: Desk, by: str, authority: str | None) -> Reply:
    """Whatever is shown privately about an episode is written down: who saw what, when."""
    what, reference = ("form", dict(reply.context).get("reference")) if isinstance(reply, Form) else ("answer", None)
    if isinstance(reply, Answer) and reply.seen:
        what, reference = reply.seen, reply.reference
    row = episodes.by_reference(desk.session, reference) if reference else None
    if row or (isinstance(reply, Answer) and reply.seen):
        who = actor(desk, by, _authority(desk, reference, by) if row else authority)
        child, data = row.child_id if row else None, {"what": what, "reference": reference}
        desk.keep(lambda at: record.write(at, who, "shown", data, child=child, episode=None))
    return reply


def only_shows(text: str) -> bool:
    """Whether a typed command changes nothing, so that it need not hold up those who do while it is worked out."""
    typed = whole(text).strip().removeprefix("/missing").split() or ["help"]
    try:
        return meant(typed[0]).word in SHOWS
    except NotUnderstood:
        return True


def _heard(said: Said, desk: Desk) -> Reply:
    text = whole(said.text).strip().removeprefix("/missing")
    typed = text.split()
    verb = meant(typed[0] if typed else "help")
    reference, rest = _reference(typed[1:], said.reference)
    who = actor(desk, said.by, said.authority or _authority(desk, reference, said.by))
    if not (verb.word in approvals.ASKABLE and approvals.may_ask(who)):
        who.check(verb.permission)
    answer = office.answer(verb.word, desk, who, " ".join(rest), reference)
    if answer:
        return answer
    if verb.word == "report":
        return prefill.report(forms.blank("report", desk, who, None), " ".join(typed[1:]), said.quoted, desk.now)
    if reference is None:
        raise NotUnderstood(f"Which episode? Type it like '{verb.usage}'. 'list' shows those that are open.")
    if verb.word == "status":
        return show.status(reference, desk, who)
    if verb.word in {"answers", "agenda"}:
        return showing.answers(desk, reference, who) if verb.word == "answers" else showing.agenda(desk, reference, " ".join(rest), who)
    key = f"said:{said.key}" if said.key else None
    return once(key, lambda: _about_one(verb, reference, _after(text, len(typed) - len(rest)), desk, who), desk)


def _after(text: str, words_before: int) -> str:
    """What follows so many words, with its line breaks."""
    parts = text.split(maxsplit=words_before)
    return parts[words_before].strip() if len(parts) > words_before else ""


def _authority(desk: Desk, reference: str | None, by: str) -> str | None:
    """For which authority somebody speaks of an episode: the one it belongs to, or theirs, with which it is shared."""
    row = episodes.by_reference(desk.session, reference) if reference else None
    person = desk.directory.person(by)
    if row is None or person is None:
        return None
    return seeing.other_authority(desk, row, person) or (row.authority if not row.restricted else _only(desk, row, person))


def _only(desk: Desk, row: EpisodeRow, person: Person) -> str | None:
    """A restricted episode is no hint: somebody who has no role where it belongs is answered as if there were none."""
    mine = desk.directory.authorities_of(person, desk.today)
    return row.authority if row.authority in mine else None


def _reference(typed: list[str], thread: str | None) -> tuple[str | None, list[str]]:
    if typed and typed[0].upper().startswith("HW-"):
        return typed[0].upper(), typed[1:]
    return thread, typed


def _about_one(verb: Verb, reference: str, rest: str, desk: Desk, who: Actor) -> Reply:
    """A verb with everything said runs at once; otherwise its form opens, filled with what was said."""
    if verb.word not in answering.WORDS:
        admitting.admit_to(verb.form or verb.word, desk, who, reference)
    done = TYPED[verb.word](reference, rest, desk, who) if verb.word in TYPED and (rest or verb.word in answering.WORDS) else None
    if done:
        return done
    case = open_case(desk, reference, who, shared=verb.word in seeing.ACROSS)
    meeting = pressing.typed(verb, rest, desk, who, case)
    form = meeting or admitting.blank(verb.form or verb.word, desk, who, case)
    return form if meeting or not rest else _prefilled(form, rest)


def _interview(reference: str, rest: str, desk: Desk, who: Actor) -> Reply:
    asked = interviewing.typed(rest, reference, desk, who)
    return asked if isinstance(asked, Answer) else admitting.blank(asked, desk, who, open_case(desk, reference, who))


def _risk(reference: str, rest: str, desk: Desk, who: Actor) -> Reply:
    return change(Change(reference, {"risk_level": rest.strip().lower().replace(" ", "_")}, verb="risk"), desk, who)


# What a word does at once with what follows it: the reference, the words behind; None: its form asks for the rest.
TYPED: dict[str, Callable[[str, str, Desk, Actor], Reply | None]] = {
    "note": lambda reference, rest, desk, who: note(Note(reference, rest), desk, who),
    "risk": _risk,
    "have": lambda reference, rest, desk, who: acknowledge(Acknowledge(reference, known_action(rest)), desk, who),
    "interview": _interview,
    "decide": lambda reference, rest, desk, who: deciding.typed(rest, open_case(desk, reference, who), desk, who),
    **{word: partial(answering.typed, word) for word in answering.WORDS},
}


def _prefilled(form: Form, rest: str) -> Form:
    """Typed words fill the first field they fit: an action, or a text."""
    action = rest.strip().lower().replace(" ", "_").replace("-", "_")
    fields = list(form.fields)
    for n, field in enumerate(fields):
        if field.kind == "choice" and any(value == action for value, _ in field.options):
            fields[n] = replace(field, value=action)
            return replace(form, fields=tuple(fields))
    for n, field in enumerate(fields):
        if field.id in {"reason", "text", "note"}:
            fields[n] = replace(field, value=rest)
            break
    return replace(form, fields=tuple(fields))


def press(pressed: Pressed, desk: Desk) -> Reply:
    """A pressed button. An old one answers how the thing ended; pressing twice answers the same and changes nothing."""
    return _shown(_press(whole_press(pressed), desk), desk, pressed.by, pressed.authority)


def _press(pressed: Pressed, desk: Desk) -> Reply:
    if answering.answers(pressed):
        return answering.press(pressed, desk)
    row = obligations.by_id(desk.session, pressed.obligation) if pressed.obligation else None
    episode = episodes.by_id(desk.session, row.episode_id) if row else None
    reference = episode.reference if episode else pressed.reference
    if pressed.verb == "link":
        return link.form(desk, actor(desk, pressed.by, pressed.authority))
    if reference is None:
        raise Refused("This button belongs to something that no longer exists. Type 'list' to see what is open.")
    who = actor(desk, pressed.by, pressed.authority or _authority(desk, reference, pressed.by))
    case = open_case(desk, reference, who, shared=pressed.verb in seeing.ACROSS)
    if pressed.verb in {*pressing.OPENS, lines.CHANGE}:
        admitting.admit(pressed.verb, desk, who, case)
    reply = pressing.pressed(pressed.verb, pressed.to, row, desk, who, case)
    if reply:
        return reply
    if pressed.verb in OPENS:
        context = {"obligation": row.id, "verb": pressed.verb} if row else {}
        form = admitting.blank(pressed.verb, desk, who, case, context)
        return _for_obligation(form, row, lines.aside(pressed.to, row.action, desk, who, case)) if row else form
    if pressed.verb in {"status", "prompts"}:
        return (show.status if pressed.verb == "status" else interviewing.prompts)(reference, desk, who)
    return once(_key(pressed, row, desk) + lines.changed(pressed, row, case), lambda: _pressed(pressed, row, case, desk, who), desk)


def _for_obligation(form: Form, row: ObligationRow, aside: str) -> Form:
    """The form about one obligation does not ask which; its title says."""
    fields = tuple(f for f in form.fields if f.id not in {"action", "meeting", "decision"})
    return replace(form, title=f"{form.title}: {words.label(row.action)}", fields=fields, note=aside or form.note)


def _key(pressed: Pressed, row: ObligationRow | None, desk: Desk) -> str:
    """The same press of the same state is one press; after another ping it is a new one."""
    sent = len([p for p in pings.of_episode(desk.session, row.episode_id) if p.obligation_id == row.id]) if row else 0
    about = f"{row.id}:{row.version}:{sent}" if row else str(pressed.reference)
    return f"press:{pressed.verb}:{about}:{pressed.by}"


def _pressed(pressed: Pressed, row: ObligationRow | None, case: Case, desk: Desk, who: Actor) -> Answer:
    reference = case.row.reference
    if row is None:
        raise Refused("This button belongs to something that no longer exists. Type 'status' to see what is open now.")
    match pressed.verb:
        case "acknowledge":
            return acknowledge(Acknowledge(reference, obligation=row.id), desk, who)
        case "told":
            return complete(Complete(reference, obligation=row.id, told=True), desk, who)
        case "go_ahead":
            return pressing.done(row, desk, who, case)
        case "accept" | "tentative":
            answer = respond(Respond(reference, row.action, who.person.agency, lines.ANSWERS[pressed.verb]), desk, who)
            aside = lines.aside(pressed.to, row.action, desk, who, case)
            return replace(answer, lines=(*answer.lines, aside)) if aside else answer
    raise Refused(f"'{pressed.verb[:20]}' is not a button here. Type 'help' to see what you can do.")


def submit(submitted: Submitted, desk: Desk) -> Reply:
    """A form sent in. What cannot stand comes back as Problems with everything that was typed."""
    submitted = whole_form(submitted)
    context = dict(submitted.context)
    reference = context.get("reference")
    if submitted.form == "authority":
        return hear(which.answered(submitted), desk)
    who = actor(desk, submitted.by, submitted.authority or context.get("authority") or _authority(desk, reference, submitted.by))
    follows = _following(submitted, desk)
    if follows:
        return admitting.blank(follows, desk, who, open_case(desk, reference or "", who))
    nonce = context.get("nonce")
    try:
        who = replace(who, on_behalf=checks.one_line(submitted.values.get("on_behalf") or "", "on_behalf") or None)
        return once(f"form:{nonce}:{who.id}" if nonce else None, lambda: _run(submitted, desk, who), desk)
    except SameChild as question:
        return submissions.same_child_form(submitted, desk, who, question)
    except Refused as refused:
        if refused.field is None:
            raise
        form = _again(submitted, desk, who)
        if refused.field not in {field.id for field in form.fields}:
            raise
        return Problems(form, {refused.field: str(refused)})


def _following(submitted: Submitted, desk: Desk) -> str | None:
    """The form that a form leads on to; None when this one is the last."""
    if submitted.form != "more":
        return interviewing.next_form(submitted.form, Values(submitted.values, desk))
    chosen = submitted.values.get("form") or "note"
    if not forms.known(chosen):
        raise Refused(f"'{chosen[:20]}' cannot be done here. Type 'help' to see what you can do.")
    return chosen


def _run(submitted: Submitted, desk: Desk, who: Actor) -> Answer | Form:
    if submitted.form == "link":
        return link.give(submitted.values, desk, who, press)
    try:
        with desk.session.begin_nested():
            return _sent(submitted, desk, who)
    except NeedsApproval as needs:
        return approvals.ask(submitted, needs, desk, who)


def _sent(submitted: Submitted, desk: Desk, who: Actor) -> Answer | Form:
    if submitted.form in answering.SENT:
        return answering.sent(submitted.form, Values(submitted.values, desk), dict(submitted.context), desk, who)
    if submitted.form in office.SENT:
        return office.SENT[submitted.form](Values(submitted.values, desk), dict(submitted.context), desk, who)
    if forms.known(submitted.form):
        admitting.admit_to(submitted.form, desk, who, submitted.context.get("reference"))
    if submitted.form in sending.SEND:
        return sending.SEND[submitted.form](Values(submitted.values, desk), dict(submitted.context), desk, who)
    return submissions.run(submitted, desk, who)


def again(submitted: Submitted, desk: Desk) -> Form:
    """The form once more, holding what was typed: for a platform that shows it in steps, or in another version."""
    context = dict(submitted.context)
    authority = submitted.authority or context.get("authority") or _authority(desk, context.get("reference"), submitted.by)
    return _again(submitted, desk, actor(desk, submitted.by, authority))


def _again(submitted: Submitted, desk: Desk, who: Actor) -> Form:
    """The form once more, holding what was typed, under the same nonce."""
    context = dict(submitted.context)
    reference = context.get("reference")
    opened = office.again(submitted.form, desk, who) or answering.opened(submitted.form, context, desk, who)
    if opened:
        return _holding(opened, submitted)
    case = open_case(desk, reference, who, shared=submitted.form in seeing.ACROSS) if reference else None
    form = admitting.blank(submitted.form, desk, who, case, context)
    row = obligations.by_id(desk.session, context["obligation"]) if context.get("obligation") else None
    form = _for_obligation(form, row, "") if row else form
    return _holding(form, submitted)


def _holding(form: Form, submitted: Submitted) -> Form:
    """With everything that was typed."""
    fields = tuple(replace(f, value=str(submitted.values.get(f.id, f.value) or "")) for f in form.fields)
    return replace(form, fields=fields)
