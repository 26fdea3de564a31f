"""Looking ahead: bookings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from handlers import describe, journal
from handlers.access import may_change
from handlers.commands import sessions
from handlers.context import Context, Press
from handlers.drafts import Choice, ask_choices
from handlers.language.command import Command
from handlers.language.settling.exceptions import EXCEPT, leaves_out
from handlers.message import Reply
from handlers.people import person_of_trainee
from handlers.whose import About, about_whom, say_of
from handlers.wording import whole
from handlers.words import Words
from schedules import bookings
from schedules.calendar import SWEDEN
from schedules.standings import refresh
from storage.tables import Booking, Entry

SERIES = timedelta(weeks=26)
"""How far ahead a series is laid out at once."""


def book(
    command: Command,
    context: Context,
    chosen: int | None = None,
    *,
    moves: int | None = None,
    anyway: bool = False,
) -> Reply:
    """Book one session, or a series with a row for each date; `moves` is the booking it replaces."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    moved = context.session.get(Booking, moves) if moves else None
    moved = moved if moved is not None and moved.state == "planned" else None
    if not moved and not anyway and (asked := _twice(about, context)):
        return asked
    if next(_dates(about.command), None) is None:
        return context.say("booking.all_left_out", "asked")
    trainee_id = about.trainee.id or 0
    rows = lay(trainee_id, about.command, context)
    if moved:
        bookings.replace_by(context.session, moved, rows[0], context.now)
        sessions.tell_other(moved, context, to=rows[0].id)
    else:
        sessions.tell_of_booking(rows[0], context)
    refresh(context.session, trainee_id, context.now, "booking")
    subject = f"booking:{rows[0].id}"
    context.note("booked", subject, on=rows[0].on_date.isoformat(), count=len(rows))
    return context.reply(
        _booked_text(rows, about, context, moved),
        "booked",
        buttons=[context.button("undo", "unbook", rows[0].id or 0)],
        facts={"subject": subject},
    )


def _twice(about: About, context: Context) -> Reply | None:
    """The same pair, kind and day again: perhaps both halves booked it. Ask before it stands twice."""
    there = planned_on(about, context)
    if there is None:
        return None
    what = describe.booking(context.words, there, context.person_id)
    question = say_of("ask.booked_again", there.trainee_id, context, what=what)
    label = context.words.say("button.book_again")
    return ask_choices(context, question, [Choice(label, about.command, about.trainee.id, anyway=True)])


def planned_on(about: About, context: Context) -> Booking | None:
    """What is booked of the same kind on the same day."""
    activity, day = about.command.activity or "supervision", about.command.date
    if day is None:
        return None
    return bookings.planned_on(context.session, about.trainee.id or 0, activity, day)


def lay(trainee_id: int, command: Command, context: Context) -> list[Booking]:
    """The rows of a booking or a series, each planned; the standings are the caller's to refresh."""
    return lay_each(trainee_id, [replace(command, date=day) for day in _dates(command)], context)


def lay_each(trainee_id: int, lines: Sequence[Command], context: Context) -> list[Booking]:
    """A row for each line, all of one series."""
    rows = [_booking(trainee_id, line.date, line, context) for line in lines if line.date]
    context.session.add_all(rows)
    context.session.flush()
    for row in rows:
        row.series_id = rows[0].id
        bookings.plan(row, context.now, context.zone)
        context.session.add(row)
    context.session.flush()
    return rows


def _dates(command: Command) -> Iterator[date]:
    """The days of a booking or a series, less those that it leaves out."""
    return (day for day in _in_step(command) if not leaves_out(command.reason, day))


def _in_step(command: Command) -> Iterator[date]:
    if command.date is None:
        msg = "a booking needs a date"
        raise ValueError(msg)
    # Odd weeks go by their numbers: after week 53 comes week 1. Every other week stays every other one.
    every = 1 if command.repeat == "weekly" or command.parity is not None else 2
    day, last = command.date, command.end_date or command.date + SERIES
    if not _is_named(day, command.parity):  # the day was told apart, in answer to a question
        day += timedelta(weeks=1)
    yield day
    while command.repeat and (day := day + timedelta(weeks=every)) <= last:
        if SWEDEN.is_working_day(day) and _is_named(day, command.parity):  # a series pauses on holidays
            yield day


def _is_named(day: date, parity: int | None) -> bool:
    return parity is None or day.isocalendar().week % 2 == parity


def _booking(trainee_id: int, day: date, command: Command, context: Context) -> Booking:
    return Booking(
        trainee_id=trainee_id,
        activity=command.activity or "supervision",
        on_date=day,
        end_date=None if command.repeat else command.end_date,
        start_time=command.time,
        minutes=command.minutes,
        topics=list(command.topics),
        note=command.note,
        written_by=context.person_id,
        written_at=context.now,
        inbox_id=context.inbox_id,
    )


def _booked_text(rows: list[Booking], about: About, context: Context, moved: Booking | None) -> str:
    words = context.words
    what = describe.booking(words, rows[0], context.person_id)
    if moved:
        old = describe.moment(words, moved)
        return words.say(
            for_whom("receipt.moved", about, context), name=context.called(about.person), old=old, what=what
        )
    said = {"name": context.called(about.person), "count": len(rows), "last": words.dated(rows[-1].on_date)}
    text = words.say(for_whom(f"receipt.{_kept(about.command)}", about, context), what=what, **said)
    return "\n".join([text, *_left_out(about.command, words)])


def _left_out(command: Command, words: Words) -> list[str]:
    """The sessions that a series leaves out, by their days; or that it has none there to leave out."""
    if not (command.reason or "").startswith(EXCEPT):
        return []
    days = [words.day(day) for day in _in_step(command) if leaves_out(command.reason, day)]
    key = "receipt.left_out" if days else "receipt.left_out_none"
    return [words.say(key, days=", ".join(days))]


def line(row: Booking, about: About, context: Context) -> str:
    """What a receipt tells of one session that was booked."""
    what = describe.booking(context.words, row, context.person_id)
    return context.words.say(
        for_whom("receipt.booked", about, context), what=what, name=context.called(about.person)
    )


def _kept(command: Command) -> str:
    """Which receipt tells how often."""
    if command.parity is not None:
        return ("booked_even", "booked_odd")[command.parity]
    return {None: "booked", "weekly": "booked_series"}.get(command.repeat, "booked_biweekly")


def for_whom(key: str, about: About, context: Context) -> str:
    """A receipt's text, or the one that says whose it is, where somebody else wrote it."""
    return key if about.person.id == context.person_id else f"{key}_for"


def next_pressed(press: Press, context: Context) -> Reply:
    """Boka nästa: the same weekday and time in one and two weeks, to be pressed."""
    entry = journal.live(context.session, press.about[0]) if press.about else None
    if entry is None or not may_change(context, entry):
        return context.say("ask.expired", "stale_button")
    base = replace(
        journal.as_command(entry, context.person_id), intent="book", topics=(), goals=(), note=None, people=()
    )
    choices = [
        Choice(whole(context.words, line), line, trainee=entry.trainee_id)
        for line in (replace(base, date=day) for day in _coming(entry.on_date, context.today))
    ]
    return ask_choices(context, context.words.say("ask.next"), choices, asked=_asks_when(entry, context))


def _asks_when(entry: Entry, context: Context) -> Command:
    """The same, to be answered in words: of whose session it is, too."""
    person = person_of_trainee(context.session, entry.trainee_id)
    people = () if person.id == context.person_id else (person.name.casefold(),)
    ahead = " ".join(day.isoformat() for day in _coming(entry.on_date, context.today))
    return Command("ask", activity=entry.activity, people=people, question="date", reason=ahead)


def _coming(on: date, today: date) -> list[date]:
    """The next two dates after today on the same weekday."""
    ahead = (on.weekday() - today.weekday() - 1) % 7 + 1
    return [today + timedelta(days=ahead), today + timedelta(days=ahead + 7)]
