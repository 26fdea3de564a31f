"""Whose a change is of: `ändra Annas handledning till 45 min` changes nothing of Bo's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import journal
from handlers.commands import several, undo
from handlers.context import Context
from handlers.language.command import THEIRS, Command
from handlers.people import named, people_named, supervisors_of, trainees_of
from storage.tables import Absence, Booking


def subjects(command: Command, context: Context) -> list[str] | None:
    """What this person's messages have touched, the latest first, of those alone whom the line names.

    None where it names somebody whose it cannot be.
    """
    every = undo.own_subjects(context)
    if not command.people or not (command.reason == THEIRS or command.absence):
        return every
    if context.training is not None:
        return None if command.reason == THEIRS and not _is_ones_own(command.people, context) else every
    theirs = trainees_of(context.session, context.person, context.today)
    meant = {trainee.id for name in command.people for trainee, _ in named(theirs, name)}
    if not meant:
        return None if command.reason == THEIRS else every
    return [subject for subject in several.apart(every, context) if _trainee_of(subject, context) in meant]


def _is_ones_own(names: Sequence[str], context: Context) -> bool:
    """`ändra Evas handledning` from Eva's trainee."""
    own = context.training
    pair = [*supervisors_of(context.session, own.id or 0, context.today), context.person] if own else []
    return any(people_named(pair, name) for name in names)


_ENTRIES: Final = ("entry", "change")


def _trainee_of(subject: str, context: Context) -> int | None:
    noun, _, number = subject.partition(":")
    session = context.session
    if noun in _ENTRIES:
        entry = journal.live(session, int(number))
        return entry.trainee_id if entry else None
    if noun == "booking":
        booking = session.get(Booking, int(number))
        return booking.trainee_id if booking else None
    absence = session.get(Absence, int(number)) if noun == "absence" else None
    return absence.trainee_id if absence else None
