"""Who conducts the exercise: the moves of the clock, and beginning another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bot.sandbox import stories
from bot.sandbox.clockbar import Step
from bot.sandbox.exercise import FIRST_PACK, Exercise
from bot.sandbox.hall import Change, Hall
from bot.sandbox.town import AUTHORITY
from bot.sandbox.training import FARTHEST, Moved, Training
from handlers.errors import Refused
from handlers.outgoing import Field, Form
from handlers.training.ahead import next_due, next_mark
from policies.load import pack, shipped
from policies.worktime import LONDON, at_local, said
from storage import episodes

if TYPE_CHECKING:
    from bot.sandbox.view import View

LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
NOTHING = {
    "due": "Nothing is going to fall due: report a missing child first, or play a story.",
    "mark": "No mark lies ahead: no child is missing, or every mark of the protocol has passed.",
}
LOST = (
    "What was played here is put away for good, for everybody who has this page open. "
    "To keep it, cancel and save it first: the debrief has a link for each child."
)


class Stagehand(Protocol):
    """What the page does for the conductor."""

    @property
    def view(self) -> View: ...

    def ask(self, form: Form, send: Callable[[Form, dict[str, str]], Any]) -> None: ...

    def complain(self, errors: Mapping[str, str]) -> None: ...

    async def move(self, moving: Callable[[Training], Moved]) -> bool: ...


class Conductor:
    """For one tab."""

    def __init__(self, page: Stagehand, hall: Hall) -> None:
        self._page, self._hall = page, hall

    def step(self, training: Training, step: Step, seen: datetime) -> Moved:
        """A press on the clock; `seen` is what it showed to whoever pressed. Raises Refused when that is no longer so."""
        unmoved(training, seen)
        if step in LENGTHS:
            return training.move_to(training.moment + LENGTHS[step])
        with training.look() as session:
            find = next_due if step == "due" else next_mark
            following = find(training.desk(session), AUTHORITY)
        if following is None:
            raise Refused(NOTHING[step])
        return training.move_to(following)

    def ask_moment(self) -> None:
        """The form for any other moment."""
        now = self._hall.training.moment.astimezone(LONDON)
        field = Field("until", "Move the clock to", "moment", required=True, value=f"{now:%Y-%m-%dT%H:%M}", hint=f"It is {said(now)} here.")
        note = f"It stops on the way at whatever happens in the story, goes at most {FARTHEST.days} days at once, and never goes back."
        self._page.ask(Form("clock", "Move the clock", (field,), "Move", note=note), self._to)

    async def _to(self, form: Form, values: dict[str, str]) -> bool:
        try:
            until = typed(values.get("until", ""))
        except Refused as refusal:
            self._page.complain({"until": str(refusal)})
            return False
        seen = self._page.view.moment
        if until <= self._hall.training.moment:
            self._page.complain({"until": "The clock never goes back. Choose a later moment, or begin again from the exercise."})
            return False
        return await self._page.move(lambda training: unmoved(training, seen).move_to(until))

    async def begin(self, story: str) -> None:
        """Begin a story; asks first when something would be lost."""
        chosen = stories.shipped()[story]
        exercise = Exercise(chosen.scenario.pack, chosen.begins, story)
        if await self._hall.see(lambda session: bool(episodes.of_authority(session, AUTHORITY))):
            form = Form("begin", f"Begin: {chosen.title}", (), "Begin", note=LOST)
            self._page.ask(form, lambda *_: self._begin(exercise, chosen.plays))
        else:
            await self._begin(exercise, chosen.plays)

    def ask_freely(self) -> None:
        """The form for playing without a story."""
        packs = tuple((area, f"{pack(area).name} ({area})") for area in sorted({edition.split("@", 1)[0] for edition in shipped()}))
        now = f"{datetime.now(UTC).astimezone(LONDON):%Y-%m-%dT%H:%M}"
        fields = (
            Field("pack", "Protocol", "choice", packs, required=True, value=FIRST_PACK),
            Field("begins", "The clock begins at", "moment", required=True, value=now),
        )
        self._page.ask(Form("freely", "Play freely", fields, "Begin", note=LOST), self._freely)

    async def _freely(self, form: Form, values: dict[str, str]) -> bool:
        try:
            begins = typed(values.get("begins", ""))
        except Refused as refusal:
            self._page.complain({"begins": str(refusal)})
            return False
        known = {value for value, _ in form.fields[0].options}
        return await self._begin(Exercise(values["pack"] if values.get("pack") in known else FIRST_PACK, begins), None)

    async def _begin(self, exercise: Exercise, plays: str | None) -> bool:
        await self._hall.start_over(exercise)
        self._hall.changed.emit(Change(self, anew=True, plays=plays))
        return True


def unmoved(training: Training, seen: datetime) -> Training:
    """Two people who press at once move the clock once."""
    if training.moment != seen:
        raise Refused(f"Somebody else has just moved the clock to {said(training.moment)}. Look first; press again if you still want to.")
    return training


def typed(text: str) -> datetime:
    """What a date picker gives, read in London."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("That is not a date and a time. Type them like 9 February 2026, 10:00, or pick them.") from None
    if not 2000 <= local.year <= 2100:
        raise Refused("Choose a year between 2000 and 2100.")
    return at_local(local.date(), local.time())
