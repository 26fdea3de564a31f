"""`flytta torsdag till fredag 9:00`, `avboka torsdag`: booked sessions, moved and called off in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers import describe
from handlers.commands import plan, sessions
from handlers.context import Context
from handlers.language.command import Command
from handlers.language.moves import SERIES, UNCLEAR, days_on, minutes_on
from handlers.message import Reply
from handlers.whose import about_whom
from schedules import bookings
from schedules.standings import refresh
from storage.tables import Booking


def move(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """One session to another day or hour; without either, times are offered."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    if command.reason in (UNCLEAR, SERIES):
        key = "booking.which_day" if command.reason == UNCLEAR else "booking.one_at_a_time"
        return context.say(key, "asked")
    found = _coming(about.trainee.id or 0, command.date, command.date, context)
    if not found:
        return _nothing(command, context)
    booking = found[0]
    command = _so_far(command, booking) if command.reason else command
    nothing_new = command.end_date is None and command.time is None and command.minutes is None
    if nothing_new or (command.end_date and command.end_date < context.today):
        return sessions.offer(booking, context)
    there = replace(
        sessions.line_of(booking, context.person_id),
        intent="book",
        date=command.end_date or booking.on_date,
        time=command.time or booking.start_time,
        minutes=command.minutes or booking.minutes,
    )
    return plan.book(there, context, booking.trainee_id, moves=booking.id)


def _so_far(command: Command, booking: Booking) -> Command:
    """`en vecka framåt`, `en timme senare`: counted from when it is booked; without an hour, or past
    midnight, it cannot be told, and times are offered.
    """
    far = command.reason or ""
    day, minutes = days_on(far, booking.on_date), minutes_on(far)
    if day or booking.start_time is None:
        return replace(command, end_date=day, reason=None)
    there = datetime.combine(booking.on_date, booking.start_time) + timedelta(minutes=minutes)
    same = there.date() == booking.on_date
    return replace(command, time=there.time() if same else None, reason=None)


def cancel(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """The session of a day, of some days, or every one that is left of the series."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    if command.reason == UNCLEAR:
        return context.say("booking.which_day", "asked")
    found = _called_off(about.trainee.id or 0, command, context)
    if not found:
        return _nothing(command, context)
    return sessions.call_off(found[0], context) if len(found) == 1 else _call_off_all(found, context)


def _called_off(trainee_id: int, command: Command, context: Context) -> list[Booking]:
    """The next one of a day, all of some days, the series of the next one, or every one of a weekday."""
    if command.reason != SERIES:
        found = _coming(trainee_id, command.date, command.end_date or command.date, context)
        return found if command.end_date else found[:1]
    every = _coming(trainee_id, None, None, context)
    if command.date is None:
        return _series_of_the_next(every)
    return [booking for booking in every if booking.on_date.weekday() == command.date.weekday()]


def _series_of_the_next(every: list[Booking]) -> list[Booking]:
    """The series; where the next stands alone, moved out of one perhaps, all that is booked of its kind."""
    series = [booking for booking in every if booking.series_id == every[0].series_id]
    return series if len(series) > 1 else [each for each in every if each.activity == every[0].activity]


def _coming(trainee_id: int, first: date | None, last: date | None, context: Context) -> list[Booking]:
    """What is planned between two days and not over yet, the next first; None for no bound."""
    since = max(first or context.today, context.today)
    rows = bookings.planned(context.session, [trainee_id], since, last)
    return [row for row in rows if bookings.times(row).end > context.said_at]


def _call_off_all(found: Sequence[Booking], context: Context) -> Reply:
    for booking in found:
        bookings.settle(context.session, booking, "cancelled", context.now)
    context.session.flush()
    refresh(context.session, found[0].trainee_id, context.now, "booking")
    every = ",".join(str(booking.id) for booking in found)
    context.note("cancelled", f"booking:{found[0].id}", count=len(found), bookings=every)
    sessions.tell_other(found[0], context, count=len(found), last=found[-1].on_date.isoformat())
    text = context.words.say(
        "booking.cancelled_all",
        what=describe.booking(context.words, found[0], context.person_id),
        count=len(found),
        last=context.words.dated(found[-1].on_date),
    )
    undo, subject = sessions.undo_off(found[0], context)
    return context.reply(text, "cancelled", buttons=[undo], facts={"subject": subject})


def _nothing(command: Command, context: Context) -> Reply:
    """No such session: say so, and which is the next."""
    if command.date is None:
        return context.say("booking.none", "nothing")
    return context.say("booking.none_on", "nothing", day=context.words.dated(command.date))
