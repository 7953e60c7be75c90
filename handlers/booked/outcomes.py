"""What came of it in the calendar, written down: in the journal, on the meeting's post, and, where it failed, to the coordinator."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import alarms, record
from handlers.case import Case, take
from handlers.desk import Desk
from handlers.errors import HandlerError, Later, NoKey, Undeliverable
from handlers.ports import Held
from handlers.settle import settle
from policies import words
from policies.worktime import lasting, said
from storage import bookings, episodes, settings
from storage.bookings import Booking

LOOK, SELDOM = timedelta(minutes=2), timedelta(minutes=30)  # from one look at the answers to the next; while it is far off
FAR_OFF = timedelta(days=7)
FIRST, LONGEST = 30.0, 3600.0  # seconds from one try to the next
A_DAY = timedelta(days=1)
PERSISTENT = 200  # tries, an hour from one to the next: more than a week
TOLD_AFTER = timedelta(minutes=5)  # of silence, before anybody hears of it
SILENT = "calendar silent:"


def went(desk: Desk, booking: Booking, held: Held | None) -> None:
    """The calendar has what was wanted: it stands there, or no longer."""
    case = heard_of(desk, booking)
    bookings.sent(desk.session, booking, held.reference if held else None, desk.now, next_look(desk, booking) if held else None)
    unmade = "restricted" if booking.about["quiet"] else "it had begun"
    step = "moved" if held and booking.reference else "made" if held else "cancelled" if booking.off else f"not made: {unmade}"
    same = held is not None and held.reference == booking.reference  # whose link may be left out of an answer, and stays
    note(desk, case, booking, step, (held.link if held else "") or (None if same else ""))


def taken_out(desk: Desk, booking: Booking) -> None:
    """Somebody deleted it there. Here it stands; whoever moves it puts it back."""
    case = heard_of(desk, booking)
    bookings.gone(desk.session, booking, desk.now)
    note(desk, case, booking, "taken out by somebody", "")
    says = f"somebody took the {_named(booking)} out of the calendar. It still stands here: move it or call it off here"
    _tell(desk, case, f"gone:{booking.id}:{booking.made}", f"{case.row.reference}: {says}.")


def put_off(desk: Desk, booking: Booking, trouble: HandlerError) -> None:
    """It did not go through: tried again later, and the coordinator hears of it once."""
    wait = min(FIRST * 2 ** min(booking.attempt, 10), LONGEST)
    if isinstance(trouble, Later):
        wait = trouble.seconds if isinstance(trouble, NoKey) else max(wait, trouble.seconds)
    if isinstance(trouble, Undeliverable):
        wait = LONGEST
    surely_not = isinstance(trouble, Later | Undeliverable)
    doubt = booking.doubt or (booking.to_send and not surely_not)
    next_at = desk.now + timedelta(seconds=wait)
    over = next_at > starts(booking) + (A_DAY if booking.off else LOOK)  # then it is of no use to anybody
    if booking.to_send and booking.about["quiet"] and booking.reference:
        over = booking.attempt > PERSISTENT  # what stands there must not be read any more, also of one that is past
    bookings.again(desk.session, booking, None if over else next_at, desk.now, doubt=doubt)
    case = case_of(desk, booking)
    if isinstance(trouble, Undeliverable):
        _refused(desk, case, booking, str(trouble))
    elif not isinstance(trouble, NoKey):  # of which everybody hears at once what to do
        _silent(desk, case)


def _refused(desk: Desk, case: Case, booking: Booking, why: str) -> None:
    says = f"the calendar does not take the {_named(booking)} ({why}). Invitations and answers in chat hold; tell the administrator"
    if booking.to_send and _tell(desk, case, f"refused:{booking.id}:{booking.edition}", f"{case.row.reference}: {says}."):
        note(desk, case, booking, "refused", None)


def _silent(desk: Desk, case: Case) -> None:
    """One sentence for one silence, however many meetings wait."""
    key = f"{SILENT}{case.row.authority}"
    since = settings.get(desk.session, key)
    if since is None:
        settings.put(desk.session, key, desk.now.isoformat())
    elif desk.now - datetime.fromisoformat(since) >= TOLD_AFTER:
        quiet = lasting(desk.now - datetime.fromisoformat(since))
        says = f"The calendar has not answered for {quiet}. Meetings and answers in chat go on; the calendar follows when it works again."
        _tell(desk, case, f"silent:{case.row.authority}:{since}", says)


def note(desk: Desk, case: Case, booking: Booking, step: str, link: str | None) -> None:
    """In the journal, and on the meeting's post where the way to join is another one; None leaves it as it is."""
    meeting = next((m for m in case.episode.meetings if m.id == booking.id), None)
    kept = meeting.link if meeting else ""
    data = {"action": booking.action, "meeting": booking.id, "step": step, "link": kept if link is None else link}
    record.by_itself(desk, booking.authority, "booked", data, child=case.row.child_id, episode=case.row.id)
    if link is not None and link != kept:
        settle(desk, case.reread(desk))


def next_look(desk: Desk, booking: Booking) -> datetime | None:
    """When to see again who has answered; None once it has begun."""
    ahead = starts(booking) - desk.now
    return desk.now + (LOOK if ahead < FAR_OFF else SELDOM) if ahead > timedelta(0) else None


def heard_of(desk: Desk, booking: Booking) -> Case:
    """The case of a booking that the calendar answered about: whatever silence there was is over."""
    case = case_of(desk, booking)
    settings.drop(desk.session, f"{SILENT}{booking.authority}")
    return case


def case_of(desk: Desk, booking: Booking) -> Case:
    """The case it is about, locked."""
    (row,) = episodes.by_ids(desk.session, [booking.episode_id])
    return take(desk, row.child_id, row.id)


def starts(booking: Booking) -> datetime:
    """When the meeting begins."""
    return datetime.fromisoformat(booking.about["starts"])


def _named(booking: Booking) -> str:
    return f"{'meeting' if booking.about['quiet'] else words.label(booking.action)} on {said(starts(booking))}"


def _tell(desk: Desk, case: Case, key: str, sentence: str) -> bool:
    reference = case.row.reference if case.row.reference in sentence else None
    return alarms.raise_alarm(desk, case.row.authority, f"calendar:{key}", sentence, to=(case.pack.coordinator,), reference=reference)
