"""`flytta torsdag till fredag 9:00`, `avboka torsdag`: booked sessions, moved and called off in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers import describe
from handlers.commands import plan, series, sessions
from handlers.context import Context
from handlers.language.command import Command, last_day_from
from handlers.language.sentences.moves import EARLIER, LATER, days_on, minutes_on
from handlers.language.sentences.series import UNCLEAR, Part, part_of
from handlers.language.settling.moved_days import IN_WEEK, ON_WEEKDAY, TO_WEEK, there_from
from handlers.message import Reply
from handlers.whose import About, about_whom, say_of
from schedules import bookings
from schedules.calendar import DAY, WEEK, monday_of
from schedules.standings import refresh
from storage.tables import Booking


def move(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """One session to another day or hour, or a series; of one without either, times are offered."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    if command.reason == UNCLEAR:
        return context.say("booking.which_day", "asked")
    if part := part_of(command.reason):
        found = series.of_weekday(_coming(about, part.first, part.last, command, context), command.date)
    else:
        found = _coming(about, *_days(command), command, context)[:1]
    return these(found, command, about, context) if found else _nothing(about, command, context)


def these(found: Sequence[Booking], command: Command, about: About, context: Context) -> Reply:
    """Move one session, or those of a series, as the command says."""
    part = part_of(command.reason)
    if part is None and len(found) == 1:
        return _move(found[0], command, context)
    return series.move(found, part or Part(far=_far(command)), command, about, context)


def _far(command: Command) -> str | None:
    return command.reason if (command.reason or "").startswith((LATER, EARLIER)) else None


def _move(booking: Booking, command: Command, context: Context) -> Reply:
    line = as_moved(booking, command, context)
    if line is None:
        return sessions.offer(booking, context)
    return plan.book(line, context, booking.trainee_id, moves=booking.id)


def as_moved(booking: Booking, command: Command, context: Context) -> Command | None:
    """The session as it is to be; None where the command says no other time for it, or one that was."""
    command = _there(command, booking, context.today) if command.reason else command
    nothing_new = command.end_date is None and command.time is None and command.minutes is None
    if nothing_new or (command.end_date and command.end_date < context.today):
        return None
    line, day = sessions.line_of(booking, context.person_id), command.end_date or booking.on_date
    return replace(
        line,
        intent="book",
        date=day,
        end_date=last_day_from(line, day),
        time=command.time or booking.start_time,
        minutes=command.minutes or booking.minutes,
    )


def _days(command: Command) -> tuple[date | None, date | None]:
    """Between which days it is booked: one day, or those of a week."""
    if command.date is None or IN_WEEK not in (command.reason or ""):
        return command.date, command.date
    monday = monday_of(command.date)
    return monday, monday + WEEK - DAY


def _there(command: Command, booking: Booking, today: date) -> Command:
    """`till fredag`, `till nästa vecka`: counted from the week in which it is booked."""
    told, there = (command.reason or "").split(), command.end_date
    if _far(command):
        return _so_far(command, booking)
    if ON_WEEKDAY in told and command.time and there and there.weekday() == booking.on_date.weekday():
        there = booking.on_date  # `till torsdag kl 15` of a Thursday
    elif there and (how := next((how for how in (ON_WEEKDAY, TO_WEEK) if how in told), None)):
        there = there_from(how, booking.on_date, there, today)
    return replace(command, end_date=None if there == booking.on_date else there, reason=None)


def _so_far(command: Command, booking: Booking) -> Command:
    """`en vecka framåt`, `en timme senare`: counted from when it is booked; without an hour, or past
    midnight, it cannot be told, and times are offered.
    """
    far = command.reason or ""
    day, minutes = days_on(far, booking.on_date), minutes_on(far)
    if day or booking.start_time is None:
        return replace(command, end_date=day, reason=None)
    at = datetime.combine(booking.on_date, booking.start_time) + timedelta(minutes=minutes)
    same = at.date() == booking.on_date
    return replace(command, time=at.time() if same else None, reason=None)


def cancel(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """The session of a day, of some days, or every one that is left of the series."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    if command.reason == UNCLEAR:
        return context.say("booking.which_day", "asked")
    found = _called_off(about, command, context)
    if not found:
        return _nothing(about, command, context)
    return sessions.call_off(found[0], context) if len(found) == 1 else _call_off_all(found, context)


def _called_off(about: About, command: Command, context: Context) -> list[Booking]:
    """The next one of a day, all of some days, the series of the next one, or every one of a weekday."""
    if part := part_of(command.reason):
        return series.of_weekday(_coming(about, part.first, part.last, command, context), command.date)
    found = _coming(about, command.date, command.end_date or command.date, command, context)
    return found if command.end_date else found[:1]


def _coming(
    about: About, first: date | None, last: date | None, command: Command, context: Context
) -> list[Booking]:
    """What is planned between two days, of the activity that is named, and not over yet, the next first; None
    for no bound.
    """
    since = max(first or context.today, context.today)
    rows = bookings.planned(context.session, [about.trainee.id or 0], since, last)
    return [
        row
        for row in rows
        if bookings.times(row).end > context.said_at and (command.activity or row.activity) == row.activity
    ]


def _call_off_all(found: Sequence[Booking], context: Context) -> Reply:
    for booking in found:
        bookings.settle(context.session, booking, "cancelled", context.now)
    context.session.flush()
    refresh(context.session, found[0].trainee_id, context.now, "booking")
    every = ",".join(str(booking.id) for booking in found)
    context.note("cancelled", f"booking:{found[0].id}", count=len(found), bookings=every)
    sessions.tell_other(found[0], context, count=len(found), last=found[-1].on_date.isoformat())
    text = say_of(
        "booking.cancelled_all",
        found[0].trainee_id,
        context,
        what=describe.booking(context.words, found[0], context.person_id),
        count=len(found),
        last=context.words.dated(found[-1].on_date),
    )
    undo, subject = sessions.undo_off(found[0], context)
    return context.reply(text, "cancelled", buttons=[undo], facts={"subject": subject})


def _nothing(about: About, command: Command, context: Context) -> Reply:
    """No such session: say so, and how to see what is booked."""
    if command.activity and _coming(about, None, None, replace(command, activity=None), context):
        what = context.words.name("activity", command.activity)
        return context.say("booking.none_of", "nothing", what=what)
    if part_of(command.reason) and _coming(about, None, None, command, context):
        return context.say("booking.series_none", "nothing")
    key, day = ("none_on", context.words.dated(command.date)) if command.date else ("none", "")
    return context.reply(say_of(f"booking.{key}", about.trainee.id or 0, context, day=day), "nothing")
