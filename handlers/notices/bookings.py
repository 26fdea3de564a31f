"""What is said about a booking: the reminder before, with a calendar file; "Blev det av?" after."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from handlers import describe
from handlers.access import may_answer
from handlers.calendar_file import file_of
from handlers.desk import Desk, Skip
from handlers.message import Button, File, Message
from handlers.namesakes import called_in
from handlers.private_calendar import other_half, title_of
from handlers.words import Words
from schedules.bookings import ALONE, length
from schedules.lives.reading import load
from schedules.rota import topics_for
from storage.tables import Booking, Outbox, OutboxState, Person, Trainee, Unit

REASONS = ("sick", "on_call", "vacation", "schedule", "other")
"""Why a session did not take place, in the order of their buttons (behaviour.md, Bookings)."""


def booking_message(desk: Desk, row: Outbox) -> Message | Skip:
    """The message of one booking row, if the booking still stands and the reader is still in the pair."""
    booking = desk.session.get(Booking, row.facts["booking"])
    if booking is None or not may_answer(desk.session, desk.person, booking, desk.today):
        return Skip("no longer allowed")
    if row.step == "answered":
        return _answered(desk, row, booking)
    if booking.state != "planned":
        return Skip(f"booking {booking.state}")
    if row.step in ("planned", "back"):
        return _planned(desk, row, booking)
    return _before(desk, booking) if row.step == "before" else _after(desk, booking)


def _before(desk: Desk, booking: Booking) -> Message:
    what = describe.booking(desk.words, booking, desk.person.id)
    buttons = (desk.button("move", "move", booking.id), desk.button("cancel", "cancel", booking.id))
    text = desk.words.say(f"booking.before{_alone(booking)}", what=what, name=_other_half(desk, booking))
    text = "\n".join([text, *_rota(desk, booking)])
    return Message(text, buttons=buttons, files=(_calendar(desk, booking),))


def _planned(desk: Desk, row: Outbox, booking: Booking) -> Message:
    """The other half, or somebody else for the pair, has booked it."""
    by = called_in(desk.session, desk.session.get_one(Person, row.facts["by"]))
    what = describe.booking(desk.words, booking, desk.person.id)
    buttons = (desk.button("move", "move", booking.id), desk.button("cancel", "cancel", booking.id))
    key = "booking.planned_by_half" if row.facts.get("half") else "booking.planned"
    if row.step == "back":
        key, what = "booking.answered_back", _with_following(desk.words, row, what)
    text = desk.words.say(key, name=by, what=what, other=_other_half(desk, booking))
    text = "\n".join([text, *_rota(desk, booking)])
    return Message(text, buttons=buttons, files=(_calendar(desk, booking),))


def _with_following(words: Words, row: Outbox, what: str) -> str:
    """What stands again: one session, or the first and those that follow."""
    if "count" not in row.facts:
        return what
    last = words.dated(date.fromisoformat(row.facts["last"]))
    return words.say("booking.series", what=what, last=last, count=row.facts["count"])


def _rota(desk: Desk, booking: Booking) -> list[str]:
    """What the topic rota says is time to bring up when they meet, but for what is planned already."""
    if booking.activity != "supervision":
        return []
    life = load(desk.session, booking.trainee_id, desk.now)
    due = topics_for(desk.session, life, booking.on_date)
    new = [each for each in due if set(each.activities).isdisjoint(booking.topics)]
    topics = ", ".join(describe.topic(desk.words, requirement) for requirement in new)
    return [desk.words.say("receipt.rota", topics=topics)] if topics else []


def _after(desk: Desk, booking: Booking) -> Message:
    what = describe.booking(desk.words, booking, desk.person.id)
    no = [desk.button(f"no_{reason}", "nope", booking.id, number) for number, reason in enumerate(REASONS)]
    what = what[:1].upper() + what[1:]
    text = desk.words.say(f"booking.after{_alone(booking)}", what=what, name=_other_half(desk, booking))
    return Message(text, buttons=(*_yes(desk, booking), *no))


def _yes(desk: Desk, booking: Booking) -> list[Button]:
    """Ja, 1 h, and Ja, annan tid; of what was booked without hours: Ja."""
    minutes = length(booking)
    if minutes is None:
        return [desk.button("held_days", "held", booking.id, primary=True)]
    said = desk.words.length(minutes)
    held = desk.button("held", "held", booking.id, primary=True, length=said)
    return [held, desk.button("held_otherwise", "other", booking.id)]


ANSWERS = {"held": "answered_yes", "cancelled": "answered_cancelled", "moved": "answered_moved"}


def _answered(desk: Desk, row: Outbox, booking: Booking) -> Message:
    by, words = called_in(desk.session, desk.session.get_one(Person, row.facts["by"])), desk.words
    key = ANSWERS.get(booking.state, "answered_no")
    if "count" in row.facts:
        key = "answered_moved_all" if booking.state == "moved" else "answered_cancelled_all"
    text = words.say(
        f"booking.{key}",
        name=by,
        what=describe.booking(words, booking, desk.person.id),
        reason=_because(words, booking),
        to=_new_moment(desk, row),
        count=row.facts.get("count", 1),
        last=words.dated(date.fromisoformat(row.facts["last"])) if "last" in row.facts else "",
    )
    return Message(text.strip(), files=_corrected(desk, row, booking), replaces=row.facts.get("replaces", ""))


def _corrected(desk: Desk, row: Outbox, booking: Booking) -> tuple[File, ...]:
    """For a calendar that took the file of the reminder: the session is off there too, or at its new time.

    Of a series too: it is the next one that a file was sent for.
    """
    if booking.state not in ("cancelled", "moved") or not _has_file(desk, booking):
        return ()
    new = desk.session.get(Booking, row.facts["to"]) if "to" in row.facts else None
    return (_calendar(desk, booking, *([new] if new else [])),)


def _has_file(desk: Desk, booking: Booking) -> bool:
    sent = select(Outbox.id).where(
        Outbox.person_id == desk.person.id,
        Outbox.subject == f"booking:{booking.id}",
        col(Outbox.step).in_(["before", "planned"]),
        Outbox.state == OutboxState.SENT,
    )
    return desk.session.exec(sent.limit(1)).first() is not None


def _because(words: Words, booking: Booking) -> str:
    """Why not, where the answer says more than "annat"."""
    if booking.state != "not_held" or booking.reason in (None, "", "other"):
        return ""
    return words.say("booking.because", reason=words.name("reason", booking.reason))


def _new_moment(desk: Desk, row: Outbox) -> str:
    """When it is instead, of a session that was moved."""
    new = desk.session.get(Booking, row.facts["to"]) if "to" in row.facts else None
    return describe.moment(desk.words, new) if new else ""


def _alone(booking: Booking) -> str:
    """Nobody is named where the trainee goes without the supervisor."""
    return "_alone" if booking.activity in ALONE else ""


def _other_half(desk: Desk, booking: Booking) -> str:
    return other_half(desk.session, desk.person, booking, desk.words)


def _calendar(desk: Desk, booking: Booking, *more: Booking) -> File:
    titled = [(each, title_of(desk.session, desk.person, each, desk.words)) for each in (booking, *more)]
    trainee = desk.session.get_one(Trainee, booking.trainee_id)
    zone = desk.session.get_one(Unit, trainee.unit_id).timezone
    return file_of(titled, zone, desk.now)
