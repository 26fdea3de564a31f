"""A session as a line tells of it: past and present are logged, the future is booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.language.command import Command
from handlers.language.days.spans import add_months
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import name_alone
from handlers.language.finders.matches import Subject
from handlers.language.lexicon.notes import leftover
from handlers.language.sentences.periods import half_said
from handlers.language.settling.minutes import Length, settle_minutes, take_loose_day
from handlers.language.settling.own_lengths import as_pieces, lengths_of_days
from handlers.language.settling.questions import (
    LOG_BACK,
    Limits,
    asked_date,
    asked_each,
    asked_minutes,
    asked_pieces,
    likely,
)
from handlers.language.settling.session_days import session_days
from handlers.language.settling.settle import When
from handlers.language.settling.several_days import listed
from handlers.language.settling.weekday_numbers import beside_a_number

BOOK_AHEAD = 18  # months (behaviour.md, "Past or future decides")
NIGHT_ENDS = 4  # o'clock


def session(found: Findings, subject: Subject) -> Command:
    when = beside_a_number(found, session_days(found, subject.activity or ""), timed=True)
    if when.asked and (each := lengths_of_days(found, _rule(found))):
        told = told_of(found, subject, When(), Length(), leftover(found.line, found.words))
        return asked_pieces(told, as_pieces(each))
    length = settle_minutes(found, books=_books(found, when))
    if length.asked:
        _drop_numbers(found)
    elif not found.spans and not found.repeat:
        when = half_said(found) or when
        found.vague = found.vague or take_loose_day(found)
    found.people = found.people or name_alone(found.line, found.words)
    told = told_of(found, subject, when, length, leftover(found.line, found.words))
    decided = dated(found, told, when)
    if decided.intent == "ask" or not length.asked:
        return decided
    return asked_minutes(decided, length.candidates)


def told_of(found: Findings, subject: Subject, when: When, length: Length, note: str | None) -> Command:
    """A session with all that was said, as if it could be logged or booked."""
    books = found.book or found.repeat is not None or (when.date is not None and when.date > found.today)
    placed = subject.topics
    if found.goals and found.goal_at is not None:
        placed = (*placed, (found.goal_at, "goal"))
    return Command(
        intent="book" if books else "log",
        activity=subject.activity,
        date=when.date,
        end_date=when.end,
        time=length.time,
        minutes=length.minutes,
        repeat=found.repeat.every if found.repeat and found.repeat.every != "other" else None,
        topics=tuple(dict.fromkeys(topic for _, topic in sorted(placed))) if placed else (),
        instrument=subject.instrument,
        goals=found.goals,
        people=found.people,
        note=note,
        parity=found.repeat.parity if found.repeat else None,
    )


def _books(found: Findings, when: When) -> bool:
    """Whether it is to come, so that a number alone may be its hour."""
    planned = found.book or found.booked or found.repeat is not None
    return bool(when.date and (when.date > found.today or (planned and found.spans)))


def _drop_numbers(found: Findings) -> None:
    for index in range(len(found.line.tokens)):
        if found.line.number(index, 3) is not None:
            found.line.take(index, index + 1, "asked")


def dated(found: Findings, told: Command, when: When) -> Command:
    """Past and present log, the future books; a day that cannot be is asked about."""
    books = found.book or found.repeat is not None
    if when.asked and (days := listed(found, when.candidates, _rule(found))):
        return asked_each(told, days)
    if when.asked or found.vague:
        return asked_date(told, when.candidates, when.begun)
    if when.date is None:
        if books or found.booked:
            return asked_date(told, (found.today + timedelta(days=1), found.today + timedelta(days=7)))
        return undated(told, found.now)
    return placed_in_time(told, found.today, books or (found.booked and _is_later_today(found, told)))


def _rule(found: Findings) -> str:
    """As in days.first_day."""
    return "booking" if found.book or found.booked else "session"


def _is_later_today(found: Findings, told: Command) -> bool:
    """`ska ha handledning idag kl 15`, written before three, is to come."""
    later = told.time is not None and told.time > found.now.time()
    return later and told.date == found.today


def undated(told: Command, now: datetime) -> Command:
    """A session without a date was held today; written of at night, the day before (behaviour.md, Dates)."""
    night = now.hour < NIGHT_ENDS
    return replace(told, date=now.date() - timedelta(days=night), by_night=night)


def placed_in_time(told: Command, today: date, books: bool = False) -> Command:
    """Set the intent log or book by the date, or ask when it lies outside what may be logged or booked."""
    day = told.date or today
    if day > today or books:
        earliest, latest = today, add_months(today, BOOK_AHEAD)
    else:
        earliest, latest = add_months(today, -LOG_BACK), today
    if earliest <= day <= latest:
        intent = "book" if day > today or books else "log"
        return told if told.intent == intent else replace(told, intent=intent)
    return asked_date(told, likely(day, today, Limits(earliest, latest)))
