"""What a line tells that names no activity: `idag 1h etik`, `ledig på fredag`, `boka nästa`."""

from __future__ import annotations

from dataclasses import replace

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import name_alone
from handlers.language.finders.matches import COURSE, SUPERVISION, Subject
from handlers.language.lexicon.notes import leftover, marked
from handlers.language.lexicon.phrases import NUMBER
from handlers.language.sentences.called_off import cannot_on_a_day, instead
from handlers.language.sentences.putting_right import is_slip, put_right
from handlers.language.sentences.session import dated, session, told_of
from handlers.language.sentences.stays import stays
from handlers.language.sentences.to_come import to_come
from handlers.language.settling.minutes import settle_minutes
from handlers.language.settling.questions import and_then, asked_minutes
from handlers.language.settling.session_days import session_days
from handlers.language.settling.settle import settle


def without_activity(found: Findings, subject: Subject) -> Command:
    """A date, length, topic or goal asks for the activity; words alone are not understood."""
    if other := _of_something_else(found):
        return other
    if found.book and _is_the_next(found):
        return session(found, subject._replace(activity=SUPERVISION))
    return _asks_what(found, subject)


def _of_something_else(found: Findings) -> Command | None:
    """What needs no activity: what is put right, a day off, a stay, another time for a session."""
    if found.line.said & found.words.marks["take_it"].bit and (moved := instead(found)):
        return moved  # `vi tar fredag istället` is of a session to come, `fredag istället` of the last
    if not found.book and is_slip(found) and (right := put_right(found)):
        return right
    return _off_duty(found) or stays(found) or cannot_on_a_day(found) or instead(found)


def _asks_what(found: Findings, subject: Subject) -> Command:
    line = found.line
    if found.book:  # `boka anna torsdag 13`
        found.people = found.people or name_alone(line, found.words)
    timed = found.clocks or (found.spans and found.line.where(NUMBER))  # `vi ses torsdag 13`
    meets = bool(timed) and marked(found.line, found.words, "meet")
    found.booked = found.booked or meets
    length = settle_minutes(found, books=bool(timed) and (found.booked or found.book))
    note = leftover(found.line, found.words)
    perhaps = _may_be(found)
    said = bool(perhaps or subject.topics or found.goals or found.has_length or found.of("iup"))
    bare = note is None and bool(
        found.spans or found.clocks or found.repeat or found.people or found.book or found.booked
    )
    bare = bare or (found.spans != [] and (note or "").isdecimal())  # `13-14 nov 19`
    if not said and not bare and not meets:
        return Command(intent="unknown")
    when = session_days(found, perhaps or "")
    told = dated(found, told_of(found, subject, when, length, note), when)
    if told.intent != "ask" and length.asked:
        told = asked_minutes(told, length.candidates)
    told = replace(told, intent="ask", question="activity", reason=and_then(perhaps, told))
    return replace(told, books=True) if found.book else told


def _off_duty(found: Findings) -> Command | None:
    """`ledig på fredag` does not say which absence."""
    told = found.has_length or found.of("topics") or found.goals or found.people
    if told or not marked(found.line, found.words, "off_duty"):
        return None
    when = settle(to_come(found), found.today, "period")
    asked = Command("ask", question="activity", reason="vacation leave parental")
    return asked if when.asked else replace(asked, date=when.date, end_date=when.end or when.date)


def _is_the_next(found: Findings) -> bool:
    """`boka nästa`, as the button says: it is of supervision."""
    named = found.spans or found.clocks or found.repeat or found.has_length or found.of("topics")
    said = {token.word for token in found.line.tokens if token.is_word}
    coming, booked = (found.words.marks[role].entries.keys() for role in ("next_one", "book"))
    return not named and not said.isdisjoint(coming) and said - found.words.filler <= coming | booked


def _may_be(found: Findings) -> str | None:
    """What is offered first for `konferens 3 dec`, `grupphandledning igår`; None without a day."""
    if not found.spans:
        return None
    if found.line.said & found.words.marks["learning"].bit:
        return COURSE
    doubtful = any(token.word.endswith(found.words.ends.doubtful) for token in found.line.tokens)
    return SUPERVISION if doubtful else None
