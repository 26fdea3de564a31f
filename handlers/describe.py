"""Saying what something is: an entry, a booking, a standing, in one short phrase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from handlers.words import Words
from schedules.calendar import DAY
from schedules.lives.life import Muted
from schedules.lives.shares import Average, Shares
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.timeline import Timeline
from storage.tables import Absence, Booking, Entry, Placement, Standing

SIGNS = ("overdue", "soon", "paused", "ok", "met", "not_applicable")
"""What needs doing comes first."""


PRIVATE = "privat:"
"""Where the part of a note begins that its author alone may read (behaviour.md, Who may)."""


def public_note(note: str | None) -> str | None:
    """What others than its author may read of a note: nothing from `privat:` on."""
    return (note or "").partition(PRIVATE)[0].strip() or None


def entry(words: Words, of: Entry, reader: int | None) -> str:
    """As in "handledning sön 22 nov (v 47), 1 h · etik · med Eva Ek", for a reader by person id."""
    name = words.name("instrument", of.instrument) if of.instrument else words.name("activity", of.activity)
    head = f"{name} {words.span(of.on_date, of.end_date)}"
    if of.start_time:
        head += f" {words.clock(of.start_time)}"
    if of.minutes:
        head += f", {words.length(of.minutes)}"
    return " · ".join([head, *_tail(words, of, reader)])


def origin(of: Entry) -> str:
    """The unit that an imported entry was written at; "" for one of this house."""
    return str((of.imported or {}).get("unit") or "")


def _tail(words: Words, of: Entry | Booking, reader: int | None) -> list[str]:
    parts = [words.names("topic", of.topics)] if of.topics else []
    if isinstance(of, Entry):
        parts += [", ".join(of.goals)] if of.goals else []
        names = ", ".join(name.title() for name in of.people)
        by = "by" if of.activity == "assessment" else "with"
        parts += [words.say(f"receipt.{by}", names=names)] if names else []
        parts += [words.name("level", of.level)] if of.level else []
        parts += [words.say("carry.from", unit=origin(of))] if of.imported else []
    note = of.note if reader == of.written_by else public_note(of.note)
    return parts + ([note] if note else [])


def absence(words: Words, of: Absence) -> str:
    """As in "semester mån 21 dec–sön 3 jan (v 53)"; with an open end it says so."""
    kind = words.name("absence", of.kind)
    if of.to_on is None:
        return words.say("receipt.open_ended", kind=kind, day=words.dated(of.from_on))
    return f"{kind} {words.span(of.from_on, of.to_on)}"


def planned_end(words: Words, of: Timeline) -> list[str]:
    """Where the planned end of a training has moved with absence; nothing while it has not."""
    if of.ends_on is None or of.planned_end == of.ends_on:
        return []
    moved = of.planned_end
    return [words.say("status.end_moved", day=words.dated(moved)) if moved else words.say("status.end_open")]


def is_over(of: Timeline, today: date) -> bool:
    """Whether a training has ended, absence counted."""
    return of.planned_end is not None and of.planned_end < today


def end_of_training(words: Words, of: Timeline, today: date) -> str:
    """When a training ends or ended, and whether absence has moved it."""
    if of.ends_on is None:
        return words.say("status.end_unknown")
    if of.planned_end and is_over(of, today):
        return words.say("status.ended", day=words.dated(of.planned_end))
    return "\n".join([words.say("status.ends", day=words.dated(of.ends_on)), *planned_end(words, of)])


def booking(words: Words, of: Booking, reader: int | None) -> str:
    """As in "handledning tors 26 nov (v 48) 13:00, 1 h · etik", for a reader by person id."""
    return " · ".join([bare_booking(words, of), *_tail(words, of, reader)])


def bare_booking(words: Words, of: Booking) -> str:
    """The same without what was written of it, for who sees no notes."""
    head = f"{words.name('activity', of.activity)} {moment(words, of)}"
    return f"{head}, {words.length(of.minutes)}" if of.minutes else head


def bookings(words: Words, of: Sequence[Booking], reader: int | None) -> str:
    """One booking, or the first of a series and how far it goes; in the order of their days."""
    first = booking(words, of[0], reader)
    if len(of) == 1:
        return first
    return words.say("booking.series", what=first, last=words.dated(of[-1].on_date), count=len(of))


def moment(words: Words, of: Booking) -> str:
    """As in "tors 26 nov (v 48) 13:00", "tis 8 dec–tors 10 dec (v 50)"."""
    clock = f" {words.clock(of.start_time)}" if of.start_time else ""
    return words.span(of.on_date, of.end_date) + clock


def title(words: Words, of: Requirement, place: str | None = None) -> str:
    """The requirement's title in the reader's language, with what the unit asks for instead of what it
    says, and with the placement it is about.
    """
    name = of.title.get(words.locale) or of.title["sv"]
    name += words.say("own.here", what=", ".join(_own(words, of))) if of.own else ""
    return f"{name} ({place})" if place else name


def _own(words: Words, of: Requirement) -> Iterator[str]:
    """A unit's own parameters, as in "var 9:e månad"."""
    for parameter in of.own:
        value = getattr(of, parameter)
        if parameter == "minutes":
            yield words.length(value)
        elif parameter == "every":
            yield every(words, value)
        elif parameter == "within":
            key = "own.before" if of.anchor == "training_end" else "own.within"
            yield words.say(key, length=_length(words, value))
        else:
            yield words.say(f"own.{parameter}", count=value)


def _length(words: Words, of: Span) -> str:
    parts = [words.say("own.months", count=of.months)] if of.months or not of.days else []
    return " + ".join([*parts, *([words.say("own.days", count=of.days)] if of.days else [])])


def topic(words: Words, of: Requirement) -> str:
    """A topic of the rota inside a sentence: "kommunikation", but "ST-läkarens egna frågor"."""
    name = title(words, of)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def placement(words: Words, of: Placement, supervisor: str | None) -> str:
    """As in "psykiatri tis 1 sep–tors 31 dec (v 53) · handledare Eva Ek"."""
    head = f"{of.place} {words.span(of.from_on, of.to_on)}"
    return f"{head} · {words.say('placement.supervisor', name=supervisor)}" if supervisor else head


def how(words: Words, requirement: Requirement, row: Standing, today: date) -> str:
    """How a requirement stands, in a few words that blame nobody."""
    if row.state == "overdue":
        return _waiting(words, requirement, row, today)
    if row.state == "soon" and row.due_on and requirement.kind is Kind.WEEKLY and row.due_on < today:
        return words.say("standing.soon_weekend", week=words.week(row.due_on))
    if row.state in ("soon", "ok") and row.due_on:
        key = "standing.soon" if row.state == "soon" else "standing.ok_due"
        day = words.dated(last_in_time(requirement, row.due_on))
        return words.say(key, day=day) + _count(words, requirement, row)
    served = _count(words, requirement, row) if requirement.service_months else ""
    return words.say(f"standing.{row.state}") + served


def last_in_time(requirement: Requirement, due: date) -> date:
    """The last day on which it is not late: the due date, but for a rate, whose due date is the first day
    that is short (`schedules.kinds.rate`).
    """
    return due - DAY if requirement.kind is Kind.RATE else due


def _waiting(words: Words, requirement: Requirement, row: Standing, today: date) -> str:
    since = row.due_on or row.overdue_from or today
    if requirement.kind is not Kind.WEEKLY:
        so_far = _gap(words, requirement, row) or _count(words, requirement, row)
        return words.say("standing.overdue", day=words.dated(since)) + so_far
    if row.missed > 1:
        return words.say("standing.overdue_weeks", count=row.missed, since=words.week(since))
    return words.say("standing.overdue_week", week=words.week(since))


def muted(words: Words, of: Muted | None, *, notes: bool = True) -> str:
    """Since when nobody is reminded, and why, for those who may read notes; "" while they are."""
    if of is None:
        return ""
    key = "mute.shown" if notes else "mute.shown_bare"
    return f" {words.say(key, day=words.day(of.until), reason=of.reason)}"


def _gap(words: Words, requirement: Requirement, row: Standing) -> str:
    """The latest one, where there are enough of them and too long has passed since; else ""."""
    if requirement.kind is not Kind.RATE or row.done < row.required or row.last_on is None:
        return ""
    return f", {words.say('standing.latest', day=words.dated(row.last_on))}"


def _count(words: Words, requirement: Requirement, row: Standing) -> str:
    if requirement.service_months:
        return f", {words.say('standing.months', done=row.done, required=row.required)}"
    if requirement.kind not in (Kind.RATE, Kind.TOTAL):
        return ""
    return f", {words.say('standing.count', done=row.done, required=requirement.count)}"


def shares(words: Words, of: Shares) -> str:
    """As in "bedömningar senaste året: 4 · av annan än huvudhandledaren: 1 · på sidotjänstgöring: 2"."""
    return words.say("standing.shares", count=of.count, others=of.by_others, placements=of.on_placements)


def average(words: Words, of: Average) -> str:
    """As in "i snitt 55 min en vecka med handledning"."""
    return words.say("standing.average", length=words.length(of.minutes))


def every(words: Words, span: Span) -> str:
    """As in "var 3:e månad"; a span of nothing is every time."""
    if span == Span():
        return words.say("every.time")
    parts = [words.say("every.months", count=span.months)] if span.months else []
    parts += [words.say("every.days", count=span.days)] if span.days else []
    return " + ".join(parts)
