"""Whether what was written is what a line that takes something back names: `ångra semestern`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from sqlmodel import select

from handlers import journal
from handlers.context import Context
from handlers.language.command import Command
from handlers.language.sentences.taking_back import UNCLEAR
from storage.tables import Absence, Away, Booking


def names_something(command: Command) -> bool:
    """Whether it is not simply the latest that is meant."""
    return bool(command.activity or command.absence or command.date or command.reason)


def is_named(subject: str, command: Command, context: Context) -> bool:
    """Whether `subject` (an entry, a booking, an absence or a placement) is what the line names."""
    noun, _, number = subject.partition(":")
    kind = command.reason or ("absence" if command.absence else None)
    said = "absence" if noun == "away" else noun
    if command.reason == UNCLEAR or (kind and kind != said) or noun not in _FITS:
        return False
    return bool(kind == "placement" or _FITS[noun](int(number), command, context))


def _entry(chain: int, command: Command, context: Context) -> bool:
    entry = journal.live(context.session, chain)
    if entry is None or not _is_what(entry.activity, command):
        return False
    tool = command.instrument in (None, entry.instrument)
    return tool and _is_within(command.date, entry.on_date, entry.end_date or entry.on_date)


def _booking(series: int, command: Command, context: Context) -> bool:
    planned = select(Booking).where(Booking.series_id == series, Booking.state == "planned")
    rows = context.session.exec(planned).all()
    return any(_is_what(row.activity, command) and command.date in (None, row.on_date) for row in rows)


def _absence(number: int, command: Command, context: Context) -> bool:
    row = context.session.get(Absence, number)
    if row is None or command.activity or command.absence not in (None, row.kind):
        return False
    return _is_within(command.date, row.from_on, row.to_on or date.max)


def _away(number: int, command: Command, context: Context) -> bool:
    row = context.session.get(Away, number)
    if row is None or command.activity:
        return False
    return _is_within(command.date, row.from_on, row.to_on or date.max)


_FITS: Final[dict[str, Callable[[int, Command, Context], bool]]] = {
    "entry": _entry,
    "booking": _booking,
    "absence": _absence,
    "away": _away,
    "placement": lambda *_: False,
}
"""By noun; a placement only where the line says so."""


def _is_what(activity: str, command: Command) -> bool:
    return command.absence is None and command.activity in (None, activity)


def _is_within(day: date | None, first: date, last: date) -> bool:
    return day is None or first <= day <= last
