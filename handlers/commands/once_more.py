"""`samma tid nästa vecka`: supervision on the weekday and at the hour of the latest one, a week on."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlmodel import col, select

from handlers.commands import plan
from handlers.context import Context
from handlers.language.command import Command
from handlers.language.matches import SUPERVISION
from handlers.message import Reply
from handlers.whose import about_whom
from schedules.calendar import DAY, WEEK, monday_of
from storage.tables import Booking, Entry, EntryState

_Latest = tuple[date, time, int | None]


def run(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """Book it; where no session of the pair has had an hour, it is asked when they meet."""
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
