"""Home pages: what somebody is shown of their own is in the journal before they see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from microsoft_teams.cards import AdaptiveCard

from bot.teams import home, render
from bot.teams.callers import Caller
from bot.teams.conversation import Conversation, Refusal
from handlers import record
from handlers.desk import Desk, actor
from handlers.outgoing import Answer
from handlers.pages.home import home as gathered


@dataclass
class Homes:
    """Makes the page of whoever asks."""

    conversation: Conversation

    async def card(self, of: Caller, page: int = 0, told: Sequence[str] = ()) -> AdaptiveCard | Refusal:
        """The page as it stands now; `told`: what came of the button pressed on it."""
        made: list[AdaptiveCard] = []

        def show(desk: Desk, by: str) -> Answer:
            person = desk.office.directory.person(by)
            if person is not None:
                made.append(home.card(gathered(desk, person, page), desk.now, told))
                for authority in desk.office.directory.authorities_of(person, desk.today):
                    record.write(desk, actor(desk, by, authority), "shown", {"what": "home"}, child=None, episode=None)
            return Answer(())

        outcome = await self.conversation.ask(of, show)
        return outcome if isinstance(outcome, Refusal) else made[-1]

    async def send(self, of: Caller, told: Sequence[str] = ()) -> None:
        """The page as a message, to them alone."""
        found = await self.card(of, told=told)
        message = render.sentence(found.sentence) if isinstance(found, Refusal) else render.Message("Homeward", found)
        await self.conversation.tell(of, message)
