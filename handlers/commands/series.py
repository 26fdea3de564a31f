"""`flytta alla torsdagar till fredag kl 13`: the coming sessions of a series moved in one deed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from handlers import describe
from handlers.commands import plan, sessions
from handlers.context import Context
from handlers.language.command import Command
from handlers.language.sentences.moves import days_on, minutes_on
from handlers.language.sentences.series import Part
from handlers.message import Reply
from handlers.whose import About
from schedules import bookings
from schedules.calendar import SWEDEN
from schedules.standings import refresh
from storage.tables import Booking

_Move = tuple[Booking, Command]


def of_weekday(every: Sequence[Booking], weekday: date | None) -> list[Booking]:
    """Those on the weekday of a day; without one the series of the next, or, where that stands alone (moved
    out of one perhaps), all that is booked of its kind.
    """
    if weekday is not None:
        return [booking for booking in every if booking.on_date.weekday() == weekday.weekday()]
    series = [booking for booking in every if booking.series_id == every[0].series_id] if every else []
    return series if len(series) > 1 else [each for each in every if each.activity == every[0].activity]


def move(found: Sequence[Booking], part: Part, command: Command, about: About, context: Context) -> Reply:
    """Each to the new weekday of its own week, the new hour, or so far; what cannot be moved stays, and the
    answer says which. How often they meet is not changed.
    """
    if not (command.end_date or command.time or command.minutes or part.far):
        return context.say("booking.series_how", "asked")
    if command.repeat and not _is_every_other(found):
        return context.say("booking.series_often", "asked")
    there = [(booking, line) for booking in found if (line := _there(booking, part, command, context))]
    moved = [(booking, line) for booking, line in there if not _is_same(booking, line)]
    if not moved and there:
        what = describe.bookings(context.words, found, context.person_id)
        return context.say("booking.was_planned", "repeated", what=what)
    if not moved:
        return context.say("booking.series_stays", "nothing")
    stay = [booking for booking in found if all(booking is not each for each, _ in there)]
    return _moved(moved, stay, about, context)


def _there(booking: Booking, part: Part, command: Command, context: Context) -> Command | None:
    """How it is booked instead; None where that has been, is a day off, or is more than a day on."""
    line = replace(sessions.line_of(booking, context.person_id), minutes=command.minutes or booking.minutes)
    at = datetime.combine(booking.on_date, command.time or booking.start_time or bookings.NO_TIME)
    at += timedelta(minutes=minutes_on(part.far) if part.far else 0)
    day = _day(booking.on_date, part, command)
    if at.date() != booking.on_date or datetime.combine(day, at.time()) <= context.said_at:
        return None
    if day != booking.on_date and (day <= context.today or not SWEDEN.is_working_day(day)):
        return None
    timed = command.time or booking.start_time
    return replace(line, intent="book", date=day, time=at.time() if timed else None)


def _day(booked: date, part: Part, command: Command) -> date:
    if command.end_date is None:
        return (days_on(part.far, booked) if part.far else None) or booked
    return booked + timedelta(days=command.end_date.weekday() - booked.weekday())  # of the same week


def _is_same(booking: Booking, line: Command) -> bool:
    return (booking.on_date, booking.start_time, booking.minutes) == (line.date, line.time, line.minutes)


def _is_every_other(found: Sequence[Booking]) -> bool:
    days = [booking.on_date for booking in found]
    return all((later - day).days >= 14 for day, later in pairwise(days))


def _moved(moves: Sequence[_Move], stay: Sequence[Booking], about: About, context: Context) -> Reply:
    trainee_id = about.trainee.id or 0
    rows = plan.lay_each(trainee_id, [line for _, line in moves], context)
    for (booking, _), row in zip(moves, rows, strict=True):
        bookings.replace_by(context.session, booking, row, context.now)
    old, last = moves[0][0], rows[-1].on_date
    sessions.tell_other(old, context, to=rows[0].id, count=len(rows), last=last.isoformat())
    refresh(context.session, trainee_id, context.now, "booking")
    subject = f"booking:{rows[0].id}"
    context.note("booked", subject, on=rows[0].on_date.isoformat(), count=len(rows))
    text = ". ".join(_receipt(old, rows, stay, about, context))
    undo = context.button("undo", "unbook", rows[0].id or 0)
    return context.reply(text, "booked", buttons=[undo], facts={"subject": subject})


def _receipt(
    old: Booking, rows: Sequence[Booking], stay: Sequence[Booking], about: About, context: Context
) -> Iterator[str]:
    words = context.words
    what = describe.bookings(words, rows, context.person_id)
    key = plan.for_whom("receipt.moved", about, context)
    yield words.say(key, name=context.called(about.person), old=describe.moment(words, old), what=what)
    if stay:
        yield words.say(
            "booking.series_kept", days=words.listed([words.dated(each.on_date) for each in stay])
        )
