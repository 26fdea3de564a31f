"""`samma tid nästa vecka`, `samma tid på torsdag`, `samma 12/11`: what was told last, on another day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from handlers import describe, journal
from handlers.access import may_change
from handlers.commands import log, plan, sessions, several, undo
from handlers.context import Context
from handlers.drafts import Choice, ask_choices
from handlers.language.command import SAME_HOUR, Command
from handlers.language.finders.matches import SUPERVISION
from handlers.message import Reply
from handlers.whose import about_whom
from schedules.calendar import DAY, WEEK, monday_of
from storage.tables import Booking, Entry, EntryState

_Latest = tuple[date, time, int | None]


def run(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """Supervision on the weekday and at the hour of the latest one, a week on; or what was told last, on the
    day that is named. Where no session of the pair has had an hour, it is asked when they meet.
    """
    if command.date is not None:
        return _on_a_day(command, command.date, context)
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    latest = _latest(about.trainee.id or 0, context)
    if latest is None:
        return context.say("ask.next", "asked")
    day, at, minutes = latest
    again = monday_of(context.today) + WEEK + timedelta(days=day.weekday())
    line = Command("book", activity=SUPERVISION, date=again, time=at, minutes=minutes)
    return plan.book(line, context, about.trainee.id)


def _on_a_day(command: Command, day: date, context: Context) -> Reply:
    """Logged again where the day has been, else booked; who has just booked one says whether to move it."""
    last = _told_last(context)
    if last is None or (day <= context.today and last.booking):
        example = context.words.say("ask.log_supervision")
        return context.say("ask.log", "asked", example=example)
    if day <= context.today:
        return log.run(replace(last.line, intent="log", date=day), context, last.trainee)
    line = replace(last.line, intent="book", date=day, topics=(), goals=(), people=())
    if command.reason == SAME_HOUR and line.time is None:
        return context.say("ask.next", "asked")
    if last.booking is None:
        return plan.book(line, context, last.trainee)
    what = describe.booking(context.words, last.booking, context.person_id)
    choices = [
        Choice(context.words.say("button.move_it"), line, last.trainee, moves=last.booking.id),
        Choice(context.words.say("button.book_one_more"), line, last.trainee),
    ]
    return ask_choices(context, context.words.say("ask.move_or_more", what=what), choices)


class _Told(NamedTuple):
    """What was logged or booked last, as a line of its trainee; and the booking, where it is one alone."""

    line: Command
    trainee: int
    booking: Booking | None = None


def _told_last(context: Context) -> _Told | None:
    """Of what who writes has told, less the note, which was of that time."""
    for subject in several.apart(undo.own_subjects(context), context):
        noun, _, number = subject.partition(":")
        entry = journal.live(context.session, int(number)) if noun == "entry" else None
        if entry is not None and may_change(context, entry):
            line = replace(journal.as_command(entry, context.person_id), end_date=None, note=None)
            return _Told(line, entry.trainee_id)
        rows = undo.own_bookings(int(number), context) if noun == "booking" else ()
        if rows:
            line = replace(sessions.line_of(rows[0], context.person_id), minutes=rows[0].minutes, note=None)
            return _Told(line, rows[0].trainee_id, rows[0] if len(rows) == 1 else None)
    return None


def _latest(trainee_id: int, context: Context) -> _Latest | None:
    """The last session with an hour up to the end of this week: booked or logged."""
    sunday = monday_of(context.today) + WEEK - DAY
    booked = select(Booking).where(
        Booking.trainee_id == trainee_id,
        Booking.activity == SUPERVISION,
        Booking.on_date <= sunday,
        col(Booking.state).not_in(("moved", "cancelled")),
        col(Booking.start_time).is_not(None),
    )
    logged = select(Entry).where(
        Entry.trainee_id == trainee_id,
        Entry.activity == SUPERVISION,
        Entry.state == EntryState.LIVE,
        Entry.on_date <= sunday,
        col(Entry.start_time).is_not(None),
    )
    newest = (
        context.session.exec(booked.order_by(col(Booking.on_date).desc(), col(Booking.id).desc())).first(),
        context.session.exec(logged.order_by(col(Entry.on_date).desc(), col(Entry.id).desc())).first(),
    )
    found = [(each.on_date, each.start_time, each.minutes) for each in newest if each and each.start_time]
    return max(found, key=lambda each: each[0], default=None)
