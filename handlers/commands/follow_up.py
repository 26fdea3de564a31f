"""`45 min`, `igår`, `till 23/12` right after something was saved: a line that does not say what it is of.

What was left open is filled in. What would say otherwise is asked about: it may as well begin something new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from typing import Final

from handlers import describe, journal
from handlers.access import may_change
from handlers.commands import absences, away, change, change_other, plan, undo
from handlers.commands.voiding import own_spell
from handlers.context import Context
from handlers.drafts import ANSWERED_WITHIN, Choice, ask_choices
from handlers.earlier import before_this
from handlers.language.choices import choices
from handlers.language.command import Command
from handlers.language.continuing import amend
from handlers.language.finders.matches import SUPERVISION
from handlers.language.reader import read
from handlers.message import Reply
from handlers.wording import label, whole
from schedules import bookings
from storage.tables import Absence, Booking, Entry, EntryState

_SAVED: Final = ("logged", "amended", "absent", "booked")
"""Outcomes of a message after which the next one may complete what it said."""
_LISTS: Final = ("topics", "goals", "people")


def read_answer(command: Command, context: Context) -> Reply | None:
    """The answer to a line that may be about what was saved by the one before it; None for any other."""
    asks = command.intent == "ask" and command.question == "activity"
    if not asks or command.activity or command.absence or command.reason or command.repeat:
        return None
    if command.books and not command.date:
        return None
    noun, _, number = _just_saved(context).partition(":")
    taken = _TAKEN.get(noun)
    return taken(int(number), command, context) if taken else None


def _just_saved(context: Context) -> str:
    """What this person's message before this one saved, if that was just now; else nothing."""
    last = before_this(context)
    if last is None or last.outcome not in _SAVED:
        return ""
    since = context.incoming.at - (last.said_at or last.received_at)
    return last.subject if timedelta() <= since <= ANSWERED_WITHIN else ""


def _of_entry(number: int, command: Command, context: Context) -> Reply | None:
    """A length, topics and the like that the log had none of are filled in, or are added to those it had."""
    entry = journal.live(context.session, number)
    if entry is None or not may_change(context, entry) or (command.people and context.training is None):
        return None
    before = journal.as_command(entry, context.person_id)
    after = _with_what_was(before, amend(before, context.incoming.text, context.said_at))
    met = _met_next(entry, command, context)
    may_be = after.intent == "log" and not command.books
    if met and not may_be:
        return plan.book(met, context, entry.trainee_id)
    if may_be and after == before:
        return change.as_it_stands("kept.stands", entry, context)
    if may_be and _only_fills(before, after) and not command.note:
        return change.new_version(entry, after, context)
    offered = []
    if may_be:
        offered.append(Choice(_to(after, context), after, entry.trainee_id, changes=f"entry:{entry.id}"))
    if met:
        offered.append(Choice(_booked(met, context), met, entry.trainee_id))
    return _ask(offered, describe.entry(context.words, entry, context.person_id), command, context)


def _with_what_was(before: Command, after: Command) -> Command:
    """Topics, goals and people are more of them."""
    return replace(
        after,
        topics=tuple(dict.fromkeys((*before.topics, *after.topics))),
        goals=tuple(dict.fromkeys((*before.goals, *after.goals))),
        people=tuple(dict.fromkeys((*before.people, *after.people))),
    )


def _only_fills(before: Command, after: Command) -> bool:
    """Whether nothing that was said is said otherwise."""
    names = (each.name for each in fields(Command))
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    return all(name in _LISTS or not getattr(before, name) for name in changed)


def _met_next(entry: Entry, command: Command, context: Context) -> Command | None:
    """The line as the answer to `När ses ni nästa gång?`, where the receipt asked that."""
    booked = bookings.planned(context.session, [entry.trainee_id], context.today, None)
    if entry.activity != SUPERVISION or any(row.activity == SUPERVISION for row in booked):
        return None
    told = replace(command, intent="book", activity=SUPERVISION, question=None)
    if not command.books:
        told = read(f"boka handledning {context.incoming.text}", context.said_at)
    return told if told.intent == "book" and told.date and told.date > context.today else None


def _of_absence(number: int, command: Command, context: Context) -> Reply | None:
    """Another last day is one; other days may be more of the same."""
    absence = None if _is_of_a_session(command) else own_spell(Absence, number, context)
    told = change_other.as_changed(absence, context) if absence else None
    if absence is None or told is None:
        return None
    if told.date == absence.from_on:
        return absences.instead(absence, told, context)
    offered = [
        Choice(_to(told, context), told, absence.trainee_id, changes=f"absence:{number}"),
        Choice(_more(told, context), told, absence.trainee_id),
    ]
    return _ask(offered, describe.absence(context.words, absence), command, context)


def _of_away(number: int, command: Command, context: Context) -> Reply | None:
    """Another last day of one's own days away."""
    row = None if _is_of_a_session(command) else away.own(number, context)
    if row is None:
        return None
    before = Command("absence", absence=_ANY_KIND, date=row.from_on, end_date=row.to_on)
    told = amend(before, context.incoming.text, context.said_at)
    if told.date != row.from_on or told.end_date is None or told.end_date < row.from_on:
        return None
    return away.until(row, told.end_date, context)


_ANY_KIND: Final = "leave"
"""Which it is is not kept, and bears on no day."""


def _is_of_a_session(command: Command) -> bool:
    return bool(command.books or command.minutes or command.time or command.topics or command.people)


def _of_booking(number: int, command: Command, context: Context) -> Reply | None:
    """An hour and a length that were not said are filled in; a series is moved by its own words."""
    rows = () if command.books else undo.own_bookings(number, context)
    there = change_other.as_moved(rows[0], context) if len(rows) == 1 else None
    if there is None:
        return None
    trainee, moved = rows[0].trainee_id, rows[0]
    said = replace(there, date=moved.on_date, time=moved.start_time, minutes=moved.minutes)
    if _only_fills(said, there):
        return plan.book(there, context, trainee, moves=moved.id)
    offered = [Choice(_to(there, context), there, trainee, changes=f"booking:{moved.id}")]
    return _ask(offered, describe.booking(context.words, moved, context.person_id), command, context)


def _ask(offered: Sequence[Choice], what: str, command: Command, context: Context) -> Reply | None:
    """Whether it is of what was just saved, or of something new; of which activity then."""
    if not offered:
        return None
    new = [Choice(label(context.words, each), each.command) for each in choices(command, context.said_at)]
    return ask_choices(context, context.words.say("ask.of_that", what=what), [*offered, *new], asked=command)


def _to(told: Command, context: Context) -> str:
    return context.words.say("button.change_to", what=_what(told, context))


def _booked(told: Command, context: Context) -> str:
    return context.words.say("button.book_this", what=_what(told, context))


def _more(told: Command, context: Context) -> str:
    return context.words.say("button.also", what=_what(told, context))


def _what(told: Command, context: Context) -> str:
    text = whole(context.words, told)
    return text[:1].lower() + text[1:] if not text[1:2].isupper() else text


def change_to(choice: Choice, context: Context) -> Reply:
    """The press: what was saved is as the choice says, if it still stands as it was."""
    noun, _, key = choice.changes.partition(":")
    done = _CHANGED[noun](int(key), choice.command, context)
    return done or context.say("ask.change_gone", "nothing")


def _entry_to(version: int, told: Command, context: Context) -> Reply | None:
    entry = context.session.get(Entry, version)
    if entry is None or entry.state != EntryState.LIVE or not may_change(context, entry):
        return None
    return change.new_version(entry, told, context)


def _absence_to(number: int, told: Command, context: Context) -> Reply | None:
    absence = own_spell(Absence, number, context)
    return absences.instead(absence, told, context) if absence else None


def _booking_to(number: int, told: Command, context: Context) -> Reply | None:
    row = context.session.get(Booking, number)
    if row is None or row.state != "planned":
        return None
    return plan.book(told, context, row.trainee_id, moves=number)


_CHANGED: Final[Mapping[str, Callable[[int, Command, Context], Reply | None]]] = {
    "entry": _entry_to,
    "absence": _absence_to,
    "booking": _booking_to,
}


_TAKEN: Final[Mapping[str, Callable[[int, Command, Context], Reply | None]]] = {
    "entry": _of_entry,
    "absence": _of_absence,
    "booking": _of_booking,
    "away": _of_away,
}
