"""What is booked: `när ses vi`, `mina bokningar`."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import describe
from handlers.context import Context
from handlers.language.command import Command
from handlers.message import Reply
from handlers.people import named, trainees_of
from schedules import bookings
from schedules.lives.reading import load
from storage.tables import Booking, Person, Trainee

MOST = 5
"""More than these are only counted."""
Whose = tuple[Trainee, Person]


def listed(command: Command, context: Context) -> Reply | None:
    """The sessions to come of one's own training, else of one's trainees; None for who has neither."""
    whose = _whose(command, context)
    if not whose:
        return None
    found = sorted(
        ((each, person) for trainee, person in whose for each in _coming(trainee, context)),
        key=lambda pair: (pair[0].on_date, str(pair[0].start_time), pair[0].id),
    )
    if not found:
        return context.say("booking.none", "status")
    lines = [context.words.say("booking.head"), *(_line(*pair, context) for pair in found[:MOST])]
    if more := len(found) - MOST:
        lines += [context.words.say("booking.more", count=more)] if more > 0 else []
    return context.reply("\n".join(lines), "status")


def _whose(command: Command, context: Context) -> Sequence[Whose]:
    if context.training is not None:
        return [(context.training, context.person)]
    theirs = trainees_of(context.session, context.person, context.today)
    return named(theirs, " ".join(command.people)) or theirs if command.people else theirs


def _coming(trainee: Trainee, context: Context) -> list[Booking]:
    """What is planned and not over: what lies in an absence is as good as off."""
    life = load(context.session, trainee.id or 0, context.now)
    rows = bookings.planned(context.session, [trainee.id or 0], context.today)
    return [
        row
        for row in rows
        if bookings.times(row).end > context.said_at and not life.timeline.is_absent(row.on_date)
    ]


def _line(booking: Booking, person: Person, context: Context) -> str:
    what = describe.booking(context.words, booking, context.person_id)
    key = "booking.line" if person.id == context.person_id else "booking.line_named"
    return context.words.say(key, what=what, name=person.name)
