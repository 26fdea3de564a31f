"""The buttons of a booking: it took place, it did not and why, it is moved or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from handlers import describe, journal
from handlers.access import may_answer
from handlers.commands import log
from handlers.context import Context, Press
from handlers.drafts import Choice, ask_choices
from handlers.language.command import Command, last_day_from
from handlers.message import Button, IncomingKind, Reply
from handlers.notices.bookings import REASONS
from handlers.people import person_of_trainee
from handlers.whose import About, say_of
from handlers.wording import whole
from schedules import bookings
from schedules.calendar import SWEDEN
from schedules.lives.reading import load
from schedules.outbox.outgoing import Notice, tell
from schedules.outbox.own_absence import look_again
from schedules.standings import refresh
from schedules.zone import to_local
from storage.tables import Absence, Away, Booking, Entry, Outbox, OutboxState, Trainee
from storage.trainees import spells_of

LENGTHS = (30, 45, 90)
"""Other lengths that a session usually has, offered for one press, in minutes."""


def held(press: Press, context: Context, minutes: int | None = None) -> Reply:
    """Ja, 1 h: logged as booked, or with the length that was said. The first answer counts; the other half
    sees it.
    """
    booking = _open(press, context)
    if booking is None:
        return _closed(press, context)
    line = line_of(booking, context.person_id)
    line = replace(line, minutes=minutes or line.minutes)
    about = _about(booking, line, context)
    written = journal.add(context.session, about.trainee, line, context.person, context.inbox_id, context.now)
    entry = written.entry
    context.note("logged", f"entry:{entry.chain_id}", activity=entry.activity, on=entry.on_date.isoformat())
    tell_other(booking, context)
    own = about.person.id == context.person.id
    key = "receipt.logged" if own else "receipt.for_trainee"
    pressed = context.incoming.kind is IncomingKind.PRESS
    return log.receipt(key, written, about, context, "logged", replace=pressed)


def held_otherwise(press: Press, context: Context) -> Reply:
    """Ja, annan tid: how long, by button or in words."""
    booking = _open(press, context)
    if booking is None:
        return _closed(press, context)
    line = line_of(booking, context.person_id)
    lengths = [minutes for minutes in LENGTHS if minutes != line.minutes]
    choices = [
        Choice(context.words.length(minutes), replace(line, minutes=minutes), booking.trainee_id)
        for minutes in lengths
    ]
    asked = replace(line, intent="ask", question="minutes", minutes=None)
    return ask_choices(context, context.words.say("booking.how_long"), choices, asked=asked)


def not_held(press: Press, context: Context) -> Reply:
    """Nej: the reason is kept for the statistics, and a new time is offered."""
    booking = _open(press, context)
    if booking is None or len(press.about) != 2 or press.about[1] >= len(REASONS):
        return _closed(press, context)
    bookings.settle(context.session, booking, "not_held", context.now, REASONS[press.about[1]])
    context.note("not_held", f"booking:{booking.id}", reason=booking.reason)
    return _after_a_no(booking, context, "booking.noted")


def cancelled(press: Press, context: Context) -> Reply:
    """Ställ in: nothing more is said about it, and a new time is offered."""
    booking = _open(press, context)
    return call_off(booking, context) if booking else _closed(press, context)


def call_off(booking: Booking, context: Context) -> Reply:
    """The session is off: nothing more is said about it, the other half is told, new times are offered."""
    bookings.settle(context.session, booking, "cancelled", context.now)
    context.note("cancelled", f"booking:{booking.id}")
    return _after_a_no(booking, context, "booking.cancelled")


def move(press: Press, context: Context) -> Reply:
    """Flytta: offers later times; the old one is let go when a new one is chosen."""
    booking = _open(press, context)
    return offer(booking, context) if booking else _closed(press, context)


def offer(booking: Booking, context: Context) -> Reply:
    """Later times for a session that is to be moved."""
    return ask_choices(context, context.words.say("booking.move"), _new_times(booking, context, moves=True))


def _after_a_no(booking: Booking, context: Context, key: str) -> Reply:
    context.session.flush()
    refresh(context.session, booking.trainee_id, context.now, "booking")
    tell_other(booking, context)
    what = describe.booking(context.words, booking, context.person_id)
    text = say_of(key, booking.trainee_id, context, what=what)
    asked = ask_choices(context, text, _new_times(booking, context))
    undo, subject = undo_off(booking, context)
    message = replace(asked.message, buttons=(*asked.message.buttons, undo))
    return replace(asked, message=message, facts={**asked.facts, "subject": subject})


def undo_off(booking: Booking, context: Context) -> tuple[Button, str]:
    """Ångra for what is off now, and what `ångra` in words finds it by."""
    return context.button("undo", "unoff", booking.id or 0), f"off:{booking.id}"


def _new_times(booking: Booking, context: Context, *, moves: bool = False) -> list[Choice]:
    """Times to meet instead: the next days at the same hour, and the same day next week."""
    first = max(bookings.last_day(booking), context.today, _last_away(booking.on_date, context))
    days = [SWEDEN.next_working_day(first + timedelta(days=ahead)) for ahead in (1, 2, 7)]
    line = replace(line_of(booking, context.person_id), intent="book")
    lines = [replace(line, date=day, end_date=last_day_from(line, day)) for day in dict.fromkeys(days)]
    moved = booking.id if moves else None
    return [Choice(whole(context.words, each), each, booking.trainee_id, moves=moved) for each in lines]


def _last_away(day: date, context: Context) -> date:
    """The last of the days away that a day lies in, of who is asked; the day itself where there are none."""
    away = spells_of(context.person_id).where(Away.from_on <= day, col(Away.to_on) >= day)
    rows = context.session.exec(away).all()
    return max([day, *(row.to_on for row in rows if row.to_on)])


def _open(press: Press, context: Context) -> Booking | None:
    """The booking a button is about, if it is still open and this person is half of its pair."""
    booking = context.session.get(Booking, press.about[0]) if press.about else None
    if booking is None or booking.state != "planned":
        return None
    return booking if may_answer(context.session, context.person, booking, context.today) else None


def _closed(press: Press, context: Context) -> Reply:
    """Somebody answered before: say what holds now."""
    booking = context.session.get(Booking, press.about[0]) if press.about else None
    if booking is None or not may_answer(context.session, context.person, booking, context.today):
        return context.say("ask.expired", "stale_button")
    key = f"booking.was_{booking.state}"
    return context.say(key, "repeated", what=describe.booking(context.words, booking, context.person_id))


def line_of(booking: Booking, reader: int) -> Command:
    """The line by which `reader` would log it as it was booked, less what another wrote for themselves."""
    own = booking.written_by == reader
    return Command(
        "log",
        activity=booking.activity,
        date=booking.on_date,
        end_date=booking.end_date,
        time=booking.start_time,
        minutes=bookings.length(booking),
        topics=tuple(booking.topics),
        note=booking.note if own else describe.public_note(booking.note),
    )


def _about(booking: Booking, line: Command, context: Context) -> About:
    trainee = context.session.get_one(Trainee, booking.trainee_id)
    return About(trainee, person_of_trainee(context.session, booking.trainee_id), line)


def tell_other(booking: Booking, context: Context, step: str = "answered", **more: Any) -> None:
    """The other half sees the answer, or what was "planned"; `more` is what the message needs to know."""
    life = load(context.session, booking.trainee_id, context.now)
    for person in bookings.who_meet(life, booking):
        if person != context.person_id:
            notice = Notice(
                person_id=person,
                kind="booking",
                subject=f"booking:{booking.id}",
                period=f"{booking.on_date}@{context.inbox_id}",  # off, on again and off are three things
                step=step,
                due_at=context.now,
                facts={"booking": booking.id, "trainee": booking.trainee_id, "by": context.person_id, **more},
                instead_of=_question(booking, person, context),
            )
            tell(context.session, notice, context.now)


def tell_back(back: Sequence[Booking], context: Context) -> None:
    """The other half hears once of all that stands again, the next first."""
    many = {"count": len(back), "last": back[-1].on_date.isoformat()} if len(back) > 1 else {}
    tell_other(back[0], context, "back", **many)


def unsettled(entry: Entry, context: Context) -> None:
    """What was logged of a booked session was taken back, or moved to another day: it is open again."""
    booking = bookings.reopen(context.session, entry, context.now, context.zone)
    if booking is not None:
        refresh(context.session, booking.trainee_id, context.now, "booking")
        bookings.ask_again(context.session, booking, context.now)


def tell_of_booking(booking: Booking, context: Context) -> None:
    """Booked too late for the reminder of the working day before: the other half is told at once."""
    at = bookings.times(booking)
    if at.before <= to_local(context.now, context.zone) < at.begin:
        tell_other(booking, context, "planned", half=True)


def tell_of_undoing(booking: Booking, context: Context) -> None:
    """Taken back: whoever was reminded of it, or told of it, hears that it is off; nobody else knew."""
    if _is_known(booking, context):
        tell_other(booking, context)


def let_go(absence: Absence, context: Context) -> None:
    """A session in an absence is off. Who knows of it hears so at once, and not why; the rest is silent."""
    for booking in bookings.in_absence(context.session, absence, context.now, context.zone):
        if _is_known(booking, context):
            bookings.settle(context.session, booking, "cancelled", context.now, "absence")
            tell_other(booking, context)


def take_up(trainee_id: int, context: Context) -> None:
    """An absence is no more, or shorter: what was let go for it stands again, and who was told hears so."""
    life = load(context.session, trainee_id, context.now)
    look_again(context.session, life.trainee.person_id, context.now, context.zone)
    for booking in bookings.take_up(context.session, life, context.now):
        tell_of_booking(booking, context)


def _is_known(booking: Booking, context: Context) -> bool:
    """Whether anybody but the writer has heard of it."""
    heard = context.session.exec(
        select(Outbox.id).where(
            Outbox.kind == "booking",
            Outbox.subject == f"booking:{booking.id}",
            Outbox.state != OutboxState.SKIPPED,
            Outbox.person_id != context.person_id,
        )
    ).first()
    return heard is not None


def _question(booking: Booking, person: int, context: Context) -> Outbox | None:
    """The question that the other half was sent and need not answer any more: the answer takes its place."""
    return context.session.exec(
        select(Outbox)
        .where(
            Outbox.person_id == person,
            Outbox.kind == "booking",
            Outbox.subject == f"booking:{booking.id}",
            Outbox.step == "after",
            Outbox.state == OutboxState.SENT,
        )
        .order_by(col(Outbox.id).desc())
    ).first()
