"""What a line tells: a session to log or book, an absence, a placement, or one open question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from handlers.language.command import Command
from handlers.language.days import add_months
from handlers.language.findings import Findings, last_of
from handlers.language.matches import ASSESSMENT, SUPERVISION, Match, Subject, subject_of
from handlers.language.minutes import Length, settle_minutes, take_loose_day
from handlers.language.notes import leftover, marked
from handlers.language.settle import When, run, settle, settle_repeat

LOG_BACK, BOOK_AHEAD = 24, 18  # months (behaviour.md, "Past or future decides")
PERIOD_BACK, PERIOD_AHEAD = 120, 60  # months: absences and placements of a whole training
NIGHT_ENDS = 4  # o'clock
_AT_ONCE = ("sick", "child_care")  # said on the day itself: `sjuk`
# What may last for days; the others happen on one.
LASTING = frozenset({
    "course", "introduction", "st_introduction", "self_study", "scientific_work", "quality_work", "handover",
    "st_meeting",
})  # fmt: skip


def state(found: Findings) -> Command:
    """Decide what a line without a command tells."""
    period = _period_of(found)
    if period is not None:
        return _period(found, period)
    subject = subject_of(found.line, found.matches, found.words)
    if found.negated and found.has_length:
        _give_back_negation(found)
    if subject.activity is None:
        return _without_activity(found, subject)
    if subject.unclear or (found.negated and not found.has_length):
        reason = _equals(found) or None
        return replace(_session(found, subject), intent="ask", question="activity", reason=reason)
    return _session(found, subject)


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


def asked_date(command: Command, candidates: Iterable[date], begun: date | None = None) -> Command:
    """Ask which day, keeping all else; the candidates travel in `reason`: ISO dates, or `start/end`."""
    before = f"{begun.isoformat()}/" if begun else ""
    days = " ".join(before + day.isoformat() for day in list(candidates)[:3])
    return replace(command, intent="ask", question="date", date=None, end_date=None, reason=days or None)


def asked_minutes(command: Command, candidates: Iterable[int]) -> Command:
    """Ask how long, keeping all else; the candidates travel in `reason`."""
    lengths = " ".join(str(minutes) for minutes in candidates)
    return replace(command, intent="ask", question="minutes", minutes=None, reason=lengths or None)


def _told(found: Findings, subject: Subject, when: When, length: Length, note: str | None) -> Command:
    """A session with all that was said, as if it could be logged."""
    placed = list(subject.topics)
    if found.goals and found.goal_at is not None:
        placed.append((found.goal_at, "goal"))
    return Command(
        intent="log",
        activity=subject.activity,
        date=when.date,
        end_date=when.end,
        time=length.time,
        minutes=length.minutes,
        repeat=found.repeat.every if found.repeat and found.repeat.every != "other" else None,
        topics=tuple(dict.fromkeys(topic for _, topic in sorted(placed))),
        instrument=subject.instrument,
        goals=found.goals,
        people=found.people,
        note=note,
    )


class _Limits(NamedTuple):
    earliest: date
    latest: date


def _session(found: Findings, subject: Subject) -> Command:
    when = _session_days(found, subject.activity or "")
    length = settle_minutes(found)
    if length.asked:
        _drop_numbers(found)
    elif not found.spans and not found.repeat:
        found.vague = found.vague or take_loose_day(found)
    told = _told(found, subject, when, length, leftover(found.line, found.words))
    decided = _dated(found, told, when)
    if decided.intent == "ask" or not length.asked:
        return decided
    return asked_minutes(decided, length.candidates)


def _drop_numbers(found: Findings) -> None:
    for index in range(len(found.line.tokens)):
        if found.line.number(index, 3) is not None:
            found.line.take(index, index + 1, "asked")


def _session_days(found: Findings, activity: str) -> When:
    if found.repeat:
        return settle_repeat(found.repeat, found.spans, found.today)
    when = settle(found.spans, found.today, "booking" if found.book or found.booked else "session")
    if activity in LASTING and found.lasts and when.date and when.end is None:
        return When(when.date, last_of(found, when.date), named=True)
    if activity in LASTING and when.asked:
        return run(when)
    if when.end and activity not in LASTING:
        return When(asked=True, candidates=(when.date, when.end) if when.date else (), named=True)
    if when.end and _whole_weeks(found):
        return When(when.date, when.end - timedelta(days=2), named=True)
    return when


def _whole_weeks(found: Findings) -> bool:
    return any(span.kind == "range" and span.last and span.last.is_week for span in found.spans)


def _dated(found: Findings, told: Command, when: When) -> Command:
    """Past and present log, the future books; a day that cannot be is asked about."""
    books = found.book or found.repeat is not None
    if when.asked or found.vague:
        return asked_date(told, when.candidates, when.begun)
    if when.date is None:
        if books or found.booked:
            return asked_date(told, (found.today + timedelta(days=1), found.today + timedelta(days=7)))
        return undated(told, found.now)
    return placed_in_time(told, found.today, books)


def undated(told: Command, now: datetime) -> Command:
    """A session without a date was held today; written of at night, the day before (behaviour.md, Dates)."""
    night = now.hour < NIGHT_ENDS
    return replace(told, date=now.date() - timedelta(days=night), by_night=night)


def placed_in_time(told: Command, today: date, books: bool = False) -> Command:
    """Set the intent log or book by the date, or ask when it lies outside what may be logged or booked."""
    day = told.date or today
    if day > today or books:
        allowed = _Limits(today, add_months(today, BOOK_AHEAD))
    else:
        allowed = _Limits(add_months(today, -LOG_BACK), today)
    if allowed.earliest <= day <= allowed.latest:
        intent = "book" if day > today or books else "log"
        return told if told.intent == intent else replace(told, intent=intent)
    return asked_date(told, _likely(day, today, allowed))


def _likely(day: date, today: date, allowed: _Limits) -> list[date]:
    """The same day of the years nearby that is allowed; a day just past may be logged after all."""
    if day < today == allowed.earliest and day >= add_months(today, -LOG_BACK):
        return [day]
    years = [add_months(day, 12 * (year - day.year)) for year in (today.year, today.year - 1, today.year + 1)]
    return [found for found in years if allowed.earliest <= found <= allowed.latest]


def _without_activity(found: Findings, subject: Subject) -> Command:
    """A date, length, topic or goal asks for the activity; words alone are not understood."""
    note = leftover(found.line, found.words)
    length = settle_minutes(found)
    said = bool(subject.topics or found.goals or found.has_length or found.of("iup"))
    bare = note is None and bool(
        found.spans or found.clocks or found.repeat or found.people or found.book or found.booked
    )
    if not said and not bare:
        return Command(intent="unknown")
    when = _session_days(found, "")
    dated = _dated(found, _told(found, subject, when, length, note), when)
    return replace(dated, intent="ask", question="activity", reason=None)


def _period_of(found: Findings) -> Match | None:
    """The absence or placement the line is about, unless it is about a session."""
    periods = [match for match in found.matches if match.section in ("absences", "placements")]
    if not periods:
        return None
    acts = [match for match in found.matches if match.section in ("activities", "instruments")]
    if not acts or (periods[0].start < acts[0].start and not found.has_length):
        return periods[0] if not acts or periods[0].section == "absences" or _has_range(found) else None
    ranged_course = periods[0].section == "placements" and _has_range(found) and acts[0].key != SUPERVISION
    return periods[0] if ranged_course and periods[0].start < acts[0].start else None


def _has_range(found: Findings) -> bool:
    return any(span.kind == "range" for span in found.spans)


def _period(found: Findings, period: Match) -> Command:
    """An absence or a placement; all words but the dates and people are its note."""
    for match in found.matches:
        if match != period and match.section not in ("commands", "absences"):
            found.line.release(match.start, match.end)
    for start, name in enumerate(found.line.taken):
        if name == "goal":
            found.line.release(start, start + 1)
    absence = period.key if period.section == "absences" else None
    when = _period_days(found, absence)
    told = Command(
        "absence" if absence else "placement",
        absence=absence,
        people=found.people,
        note=leftover(found.line, found.words),
    )
    if when.asked or when.date is None:
        return asked_date(told, when.candidates or (found.today,), when.begun)
    earliest, latest = add_months(found.today, -PERIOD_BACK), add_months(found.today, PERIOD_AHEAD)
    told = replace(told, date=when.date, end_date=when.end)
    if not earliest <= when.date <= latest:
        return asked_date(told, _likely(when.date, found.today, _Limits(earliest, latest)))
    return told


def _period_days(found: Findings, absence: str | None) -> When:
    when = settle(found.spans, found.today, "period")
    if when.asked or found.vague:
        return When(asked=True, candidates=when.candidates, named=True, begun=when.begun)
    if absence and marked(found.line, found.words, "open_ended"):
        return When(when.date or found.today, named=True)
    if found.lasts and when.date and when.end is None:
        return When(when.date, last_of(found, when.date), named=True)
    if when.date is None:
        at_once = absence in _AT_ONCE and not found.lasts and not found.repeat
        return When(found.today, found.today, named=True) if at_once else When(asked=True)
    since = any(span.kind == "since" for span in found.spans)
    return when if when.end or since or not absence else When(when.date, when.date, named=True)
