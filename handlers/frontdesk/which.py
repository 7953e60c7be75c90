"""Which authority is it about? Asked of somebody who works for several, outside a room of any of them."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.fields import cut
from handlers.incoming import Said, Submitted
from handlers.outgoing import Field, Form


def ask(said: Said, desk: Desk) -> Form:
    """The question; what was typed stays with it."""
    person = desk.directory.person(said.by)
    mine = desk.directory.authorities_of(person, desk.today) if person else ()
    options = tuple((a, desk.authority(a).name) for a in mine)
    typed, aside = cut("\n\n".join(part for part in (said.text, said.quoted) if part), "message" if said.quoted else "text")
    fields = (Field("authority", "Authority", "choice", options, required=True), Field("typed", "What you typed", "long", value=typed))
    return Form("authority", "Which authority?", fields, "Go on", note=aside)


def answered(submitted: Submitted) -> Said:
    """What was typed, said again with the authority."""
    return Said(submitted.values.get("typed", ""), submitted.by, submitted.values.get("authority") or None)
