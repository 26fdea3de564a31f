"""What a line tells: a session to log or book, an absence, a placement, or one open question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.language.command import THEIRS, Command
from handlers.language.days.spans import add_months
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import name_alone
from handlers.language.finders.matches import ASSESSMENT, SUPERVISION, Subject, subject_of
from handlers.language.finders.of_another import had_by_another
from handlers.language.finders.took_place import only_speaks_of
from handlers.language.lexicon.notes import leftover, marked
from handlers.language.lexicon.phrases import NUMBER, STAR
from handlers.language.sentences.called_off import called_off, cannot_on_a_day, instead
from handlers.language.sentences.fallen_through import fell_through
from handlers.language.sentences.no_absence import called_off_period, doubted, is_no_absence, prolonged
from handlers.language.sentences.periods import (
    half_said,
    is_of_the_supervisor,
    names_a_period,
    period_of,
    told_of_a_period,
    which_absence,
)
from handlers.language.sentences.putting_right import another_absence, put_right, renamed
from handlers.language.sentences.questioned import questioned
from handlers.language.sentences.stays import stays
from handlers.language.sentences.to_come import to_come
from handlers.language.settling.counts import how_many
from handlers.language.settling.exceptions import without_exceptions
from handlers.language.settling.minutes import Length, settle_minutes, take_loose_day
from handlers.language.settling.own_lengths import as_pieces, lengths_of_days
from handlers.language.settling.questions import (
    LOG_BACK,
    Limits,
    and_then,
    asked_date,
    asked_each,
    asked_minutes,
    asked_pieces,
    likely,
)
from handlers.language.settling.session_days import session_days
from handlers.language.settling.settle import When, settle
from handlers.language.settling.several_days import listed
from handlers.language.settling.weekday_numbers import beside_a_number

BOOK_AHEAD = 18  # months (behaviour.md, "Past or future decides")
NIGHT_ENDS = 4  # o'clock
COURSE = "course"  # what `konferens 3-4 dec` may be, so that it is offered first
SEVERAL = "several"
"""Begins the reason of a question about a line that names more than one of the same: `tre mini-cex idag`."""


def state(found: Findings) -> Command:
    """Decide what a line without a command tells."""
    if found.repeat and (parted := without_exceptions(found)):
        return parted.left_out_of(state(parted.found))
    away = _away(found) if found.line.said & names_a_period(found.words) else None
    return away or _took_place(found)


def _away(found: Findings) -> Command | None:
    """What is told of a time away; None where there is none, or it is the supervisor's who cannot come."""
    period = period_of(found)
    if period is None:
        return None
    if _is_slip(found) and (right := another_absence(found)):
        return right
    if is_no_absence(found, period):
        return Command("unknown")
    if back := called_off_period(found, period) or prolonged(found, period):
        return back
    if not is_of_the_supervisor(found, period):
        told = which_absence(found, period) or told_of_a_period(found, period)
        if told.people and found.negated and fell_through(found):
            return None  # `Eva sjuk imorgon, handledningen ställs in`
        return doubted(found, period, told)
    return None if found.of("activities") or found.of("instruments") else Command("unknown")


def _took_place(found: Findings) -> Command:
    if _is_slip(found) and found.matches and (right := renamed(found)):
        return right
    subject = subject_of(found.line, found.matches, found.words)
    fallen = found.negated and fell_through(found)
    if found.negated and found.has_length and not fallen:
        _give_back_negation(found)
    if subject.activity is None:
        return _without_activity(found, subject)
    booking = instead(found) or (called_off(found) if fallen or not found.has_length else None)
    return booking or _told_or_asked(found, subject, fallen)


def _is_slip(found: Findings) -> bool:
    """Whether it may put right what was said last."""
    return found.slipped or (found.line.said & STAR != 0 and "*" in found.line.words)


def _told_or_asked(found: Findings, subject: Subject, fallen: bool) -> Command:
    """A session; asked about when it is one of several, or perhaps none."""
    several = how_many(found, subject.activity or "") > 1
    theirs = had_by_another(found)
    told = _session(found, subject)
    doubted = (found.negated or found.unsure) and (not found.has_length or told.intent == "book" or fallen)
    if (found.intended or found.wished) and told.intent == "log":
        doubted = doubted or _was_only_meant(found)
    if told.intent == "log" and told.note and not (found.spans or found.clocks or found.durations):
        doubted = doubted or only_speaks_of(found)
    if told.intent == "book" and not found.book:  # `årsrapporten ska in senast 15/12`
        doubted = doubted or found.line.said & found.words.marks["deadline"].bit != 0
    if not (subject.unclear or several or doubted):
        asked = questioned(found, told)
        return replace(asked, reason=THEIRS) if theirs and asked.reason is None else asked
    named = f"{SEVERAL} {subject.instrument or subject.activity}" if several else _equals(found)
    return replace(told, intent="ask", question="activity", reason=named or None)


def _was_only_meant(found: Findings) -> bool:
    """`skulle ha haft handledning igår`, `behöver mini-cex idag`; but `vill logga handledning igår`."""
    saves = found.line.said & found.words.marks["saves"].bit
    return found.intended or (found.wished and not found.has_length and not saves)


def _give_back_negation(found: Findings) -> None:
    """What lasted took place: `1h inget särskilt` keeps its words."""
    for index, name in enumerate(found.line.taken):
        if name == "negation":
            found.line.release(index, index + 1)


def _equals(found: Findings) -> str:
    """The activities named side by side, for the buttons."""
    acts = [match.key for match in found.matches if match.section == "activities"]
    tools = list(dict.fromkeys(match.key for match in found.of("instruments")))
    if len(tools) > 1 and set(acts) <= {ASSESSMENT}:
        return " ".join(tools)
    return " ".join(dict.fromkeys([*acts, *([ASSESSMENT] if tools else [])]))


def _told(found: Findings, subject: Subject, when: When, length: Length, note: str | None) -> Command:
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


def _session(found: Findings, subject: Subject) -> Command:
    when = beside_a_number(found, session_days(found, subject.activity or ""), timed=True)
    if when.asked and (each := lengths_of_days(found, _rule(found))):
        told = _told(found, subject, When(), Length(), leftover(found.line, found.words))
        return asked_pieces(told, as_pieces(each))
    length = settle_minutes(found, books=_books(found, when))
    if length.asked:
        _drop_numbers(found)
    elif not found.spans and not found.repeat:
        when = half_said(found) or when
        found.vague = found.vague or take_loose_day(found)
    found.people = found.people or name_alone(found.line, found.words)
    told = _told(found, subject, when, length, leftover(found.line, found.words))
    decided = _dated(found, told, when)
    if decided.intent == "ask" or not length.asked:
        return decided
    return asked_minutes(decided, length.candidates)


def _books(found: Findings, when: When) -> bool:
    """Whether it is to come, so that a number alone may be its hour."""
    planned = found.book or found.booked or found.repeat is not None
    return bool(when.date and (when.date > found.today or (planned and found.spans)))


def _drop_numbers(found: Findings) -> None:
    for index in range(len(found.line.tokens)):
        if found.line.number(index, 3) is not None:
            found.line.take(index, index + 1, "asked")


def _dated(found: Findings, told: Command, when: When) -> Command:
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


def _without_activity(found: Findings, subject: Subject) -> Command:
    """A date, length, topic or goal asks for the activity; words alone are not understood."""
    line = found.line
    if line.said & found.words.marks["take_it"].bit and (moved := instead(found)):
        return moved  # `vi tar fredag istället` is of a session to come, `fredag istället` of the last
    if not found.book and _is_slip(found) and (right := put_right(found)):
        return right
    if free := _off_duty(found) or stays(found) or cannot_on_a_day(found) or instead(found):
        return free
    if found.book and _is_the_next(found):
        return _session(found, subject._replace(activity=SUPERVISION))
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
    dated = _dated(found, _told(found, subject, when, length, note), when)
    if dated.intent != "ask" and length.asked:
        dated = asked_minutes(dated, length.candidates)
    told = replace(dated, intent="ask", question="activity", reason=and_then(perhaps, dated))
    return replace(told, books=True) if found.book else told
