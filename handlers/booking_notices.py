"""What is said about a booking: the reminder before, with a calendar file; "Blev det av?" after."""

from __future__ import annotations

from handlers import describe
from handlers.access import is_half_of_pair
from handlers.calendar_file import one_event
from handlers.desk import Desk, Skip
from handlers.message import File, Message
from handlers.people import person_of_trainee, supervisors_of
from schedules.bookings import USUAL_MINUTES
from storage.tables import Booking, Outbox, Person, Trainee

REASONS = ("sick", "on_call", "vacation", "schedule", "other")
"""Why a session did not take place, in the order of their buttons (behaviour.md, Bookings)."""


def booking_message(desk: Desk, row: Outbox) -> Message | Skip:
    """The message of one booking row, if the booking still stands and the reader is still in the pair."""
    booking = desk.session.get(Booking, row.facts["booking"])
    if booking is None or not is_half_of_pair(desk.session, desk.person, booking.trainee_id, desk.today):
        return Skip("no longer allowed")
    if row.step == "answered":
        return _answered(desk, row, booking)
    if booking.state != "planned":
        return Skip(f"booking {booking.state}")
    return _before(desk, booking) if row.step == "before" else _after(desk, booking)


def _before(desk: Desk, booking: Booking) -> Message:
    what = describe.booking(desk.words, booking, desk.person.id)
    buttons = (desk.button("move", "move", booking.id), desk.button("cancel", "cancel", booking.id))
    text = desk.words.say("booking.before", what=what, name=other_half(desk, booking))
    return Message(text, buttons=buttons, files=(_calendar(desk, booking),))


def _after(desk: Desk, booking: Booking) -> Message:
    what = describe.booking(desk.words, booking, desk.person.id)
    length = desk.words.length(booking.minutes or USUAL_MINUTES)
    no = [desk.button(f"no_{reason}", "nope", booking.id, number) for number, reason in enumerate(REASONS)]
    buttons = (
        desk.button("held", "held", booking.id, primary=True, length=length),
        desk.button("held_otherwise", "other", booking.id),
        *no,
    )
    return Message(
        desk.words.say("booking.after", what=what, name=other_half(desk, booking)), buttons=buttons
    )


def _answered(desk: Desk, row: Outbox, booking: Booking) -> Message:
    by = desk.session.get_one(Person, row.facts["by"])
    what = describe.booking(desk.words, booking, desk.person.id)
    key = "booking.answered_yes" if booking.state == "held" else "booking.answered_no"
    named = desk.words.name("reason", booking.reason) if booking.reason else ""
    reason = desk.words.say("booking.because", reason=named) if named else ""
    return Message(desk.words.say(key, name=by.name, what=what, reason=reason).strip())


def other_half(desk: Desk, booking: Booking) -> str:
    """The name of whom the reader meets."""
    trainee = desk.session.get_one(Trainee, booking.trainee_id)
    if trainee.person_id != desk.person.id:
        return person_of_trainee(desk.session, booking.trainee_id).name
    supervisors = supervisors_of(desk.session, booking.trainee_id, desk.today)
    return supervisors[0].name if supervisors else desk.words.say("booking.nobody")


def _calendar(desk: Desk, booking: Booking) -> File:
    title = f"{desk.words.name('activity', booking.activity).capitalize()}: {other_half(desk, booking)}"
    return one_event(booking, title, desk.now)
