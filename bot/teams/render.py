"""Posts and answers as Adaptive Cards: pure, and never larger than Teams takes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microsoft_teams.api.activities.message.message import MessageActivityInput
from microsoft_teams.cards import (
    Action,
    ActionSet,
    AdaptiveCard,
    CardElement,
    Container,
    ExecuteAction,
    Image,
    Mention,
    MentionedEntity,
    OpenUrlAction,
    RichTextBlock,
    SubmitAction,
    TeamsCardProperties,
    TextBlock,
)

from bot.teams import texts
from handlers.directory import Person
from handlers.frontdesk.pressing import OPENS
from handlers.labels import FIRST, label
from handlers.outgoing import Answer, Body, Row, in_words, several
from policies import words

LARGEST = 24_000  # bytes of a card as JSON; Teams takes about 100 kB of UTF-16 in all
PICTURE = LARGEST - 2_000  # of them for a picture, beside its words
PRESS, OPEN = "press", "task/fetch"
IN_A_DIALOG = OPENS | {"link", "status"}  # what asks something, or shows more than fits under a card


@dataclass(frozen=True)
class Message:
    """`summary` is all that a notification shows; `urgent` asks Teams to say that it matters."""

    summary: str
    card: AdaptiveCard
    urgent: bool = False

    def activity(self) -> MessageActivityInput:
        """The message as it is sent."""
        sent = MessageActivityInput().add_card(self.card)
        more = {"summary": self.summary, **({"importance": "high"} if self.urgent else {})}
        return sent.model_copy(update=more)  # fields of the protocol that the SDK passes on without knowing them


def post(body: Body, people: Sequence[Person], tenant: str, mark: str, picture: str | None = None) -> Message:
    """A post in a tenant; `people` are those it mentions, `mark` is its short id, by which people tell one that came twice.

    `picture`: the address of the one it encloses; without it words stand in its place.
    """
    shown = [Image(url=picture, alt_text=body.enclosed.words, size="Stretch")] if picture and body.enclosed else []
    body = body if shown else in_words(body)
    mentions = _mentions([person for person in people if person.id in body.mentions], tenant)
    elements = [texts.heading(body.headline), *_called(body, people, mentions), *_rows(body), *shown, *_foot(body), _mark(mark)]
    return Message(body.fallback or "Homeward", carded(within(elements, rest(body.reference), 1), mentions), body.urgent)


def answer(of: Answer, above: Sequence[str] = ()) -> Message:
    """What the person who acted is told; the notification says no more than that there is an answer."""
    about = f"Homeward: {of.reference}" if of.reference else "Homeward"
    links: list[Action] = [
        OpenUrlAction(title="Add to my calendar", url=f.opens, tooltip="Opens Outlook's form, filled in") for f in of.files if f.opens
    ]
    elements = [*texts.lines((*above, *of.lines)), *([ActionSet(actions=links)] if links else [])]
    return Message(about, carded(within(elements, rest(of.reference))))


def sentence(text: str) -> Message:
    """One sentence for one person."""
    return answer(Answer((text,)))


def offer(says: str, title: str, data: Mapping[str, Any], summary: str = "Homeward") -> Message:
    """A message with one button, which opens a form."""
    return Message(summary, carded([*texts.lines((says,)), ActionSet(actions=[opening(title, data)])]))


def answered(body: Body, people: Sequence[Person], tenant: str, mark: str, lines: Sequence[str]) -> AdaptiveCard:
    """The post as the presser sees it: above it what they were told."""
    card = post(body, people, tenant, mark).card
    told = Container(style="emphasis", items=list(texts.lines(lines)))
    return card.with_body([told, *(card.body or [])])


def button(verb: str, about: str, data: Mapping[str, Any]) -> Action:
    """A button that says what it is about to those who cannot see where it stands."""
    if verb in IN_A_DIALOG:
        return opening(label(verb), {"verb": verb, **data}, tip=f"{label(verb)}: {about}")
    return pressing(label(verb), {"verb": verb, **data}, tip=f"{label(verb)}: {about}", first=verb in FIRST)


def pressing(title: str, data: Mapping[str, Any], tip: str = "", *, first: bool = False) -> ExecuteAction:
    """A button that acts at once."""
    tip = texts.shortened(tip or title, texts.LINE)
    return ExecuteAction(
        title=texts.shortened(title, texts.BUTTON), verb=PRESS, data=dict(data), tooltip=tip, style="positive" if first else None
    )


def opening(title: str, data: Mapping[str, Any], tip: str = "") -> SubmitAction:
    """A button that opens a dialog."""
    tip = texts.shortened(tip or title, texts.LINE)
    return SubmitAction(title=texts.shortened(title, texts.BUTTON), data={"msteams": {"type": OPEN}, **data}, tooltip=tip)


def _mentions(people: Sequence[Person], tenant: str) -> list[Mention | None]:
    """One for each. Teams finds whom it means by the name, so that of two of one name the second has a number."""
    seen: Counter[str] = Counter()
    return [_mention(person, tenant, seen) for person in people]


def _mention(person: Person, tenant: str, seen: Counter[str]) -> Mention | None:
    user, name = person.account_on("teams", tenant), texts.named(person.name)
    seen[name] += 1
    name = f"{name} ({seen[name]})" if seen[name] > 1 else name
    return Mention(text=f"<at>{name}</at>", mentioned=MentionedEntity(id=user, name=name)) if user else None


def _called(body: Body, people: Sequence[Person], mentions: Sequence[Mention | None]) -> Iterator[CardElement]:
    called = [person for person in people if person.id in body.mentions]
    if called:
        said = [found.text or "" if found else texts.named(person.name) for person, found in zip(called, mentions, strict=True)]
        yield TextBlock(text=", ".join(said), wrap=True)


def _rows(body: Body) -> Iterator[CardElement]:
    named = several(body)
    for row in body.rows:
        yield _says(row, named=named)
        below = " · ".join(part for part in (row.state, row.reason) if part)
        if below:
            yield texts.line(below, subtle=True, warns=row.state.startswith("late")).with_spacing("None")
        if row.buttons:
            data = {"o": row.obligation, "v": row.version, "r": body.reference, "to": row.to[-1] if row.to else None}
            yield ActionSet(actions=[button(verb, row.says, data) for verb in row.buttons])


def _says(row: Row, *, named: bool) -> RichTextBlock:
    """What is owed, under which clause; `named`: for whom."""
    whom = f"For {words.label(row.to[0])}: " if named and row.to else ""
    cited = f" ({', '.join(row.clauses)})" if row.clauses else " (house rule)" if row.house else ""
    inlines: list[CardElement] = [texts.run(row.says, bold=True), texts.run(cited)]
    return RichTextBlock(inlines=[texts.run(whom), *inlines] if whom else inlines, separator=True)


def _foot(body: Body) -> Iterator[CardElement]:
    yield from texts.lines(body.lines)
    if body.join.startswith("https://"):
        yield ActionSet(actions=[OpenUrlAction(title="Join online", url=body.join, tooltip="Join the meeting online")])
    if body.buttons:
        yield ActionSet(actions=[button(verb, body.reference or "", {"r": body.reference}) for verb in body.buttons])
    if body.reference and any(row.buttons for row in body.rows):
        yield texts.line(f"Or type @Homeward have {body.reference}, @Homeward done {body.reference}", subtle=True, small=True)


def _mark(mark: str) -> CardElement:
    return texts.line(f"Message {mark}", subtle=True, small=True).with_horizontal_alignment("Right")


def rest(reference: str | None) -> str:
    """The words that show what a message has no room for."""
    return f"status {reference}" if reference else "mine"


def within(elements: Sequence[CardElement], shown_by: str, last: int = 0) -> list[CardElement]:
    """As much as a message may hold; what is left out is said, with the words that show it. So many at the end stay."""
    kept: list[CardElement] = []
    room = LARGEST
    for element in elements:
        room -= len(json.dumps(element.model_dump(mode="json", by_alias=True, exclude_none=True)))  # bytes, as every sign may be written
        if room < 0:
            return [*kept, texts.line(f"There is more: type @Homeward {shown_by}."), *elements[len(elements) - last :]]
        kept.append(element)
    return kept


def carded(elements: Sequence[CardElement], mentions: Sequence[Mention | None] = ()) -> AdaptiveCard:
    """A card of these elements, as wide as the window."""
    entities = [mention for mention in mentions if mention]
    return AdaptiveCard(version="1.5", body=list(elements), msteams=TeamsCardProperties(width="full", entities=entities or None))
