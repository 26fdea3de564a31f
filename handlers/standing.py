"""How somebody stands, short enough for a phone: what needs doing, what comes next, and how much is well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, or_, select

from handlers import describe, journal
from handlers.context import Context
from handlers.desk import Desk
from handlers.notices import requests
from handlers.people import supervisors_of
from handlers.ruling import facts
from handlers.stays import place_of, placement_lines
from schedules.bookings import planned
from schedules.lives.life import Life
from schedules.lives.reading import load
from schedules.lives.shares import weekly_average
from schedules.requests import open_requests
from schedules.standings import rows_of
from storage.tables import Absence, Person, Standing, Trainee

AHEAD = timedelta(days=90)
"""What falls due later than this is only counted."""
RECENT = timedelta(days=14)
"""So long an assessment that was asked for is shown after its end."""
MOST_PRESSING, MOST_AHEAD, MOST_IN_LINE, MOST_AWAY = 8, 6, 3, 4
"""So many lines of each fit a phone's screen; what is left out is counted."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A trainee's rows that apply, the most pressing first, by what the reader is to do about them."""

    todo: tuple[Standing, ...]
    ahead: tuple[Standing, ...]
    paused: tuple[Standing, ...]
    rest: tuple[Standing, ...]


def ranked(life: Life, context: Context) -> Ranked:
    """Sort the rows that the rulebook knows; what does not apply is left out."""
    known = life.rulebook.requirements
    rows = [row for row in rows_of(context.session, life.trainee.id or 0) if row.requirement in known]
    rows.sort(key=lambda row: (describe.SIGNS.index(row.state), row.due_on or date.max))
    until = context.today + AHEAD
    well = [row for row in rows if row.state in ("ok", "met")]
    ahead = [row for row in well if row.state == "ok" and row.due_on and row.due_on <= until]
    return Ranked(
        todo=tuple(row for row in rows if row.state in ("overdue", "soon")),
        ahead=tuple(ahead),
        paused=tuple(row for row in rows if row.state == "paused"),
        rest=tuple(row for row in well if row not in ahead),
    )


def standing_text(trainee: Trainee, person: Person, context: Context, *, notes: bool = True) -> str:
    """How one trainee stands, what needs doing first; with `notes` also what was written: the latest entry,
    the assessments that were asked for, and what a booking is about.
    """
    life = load(context.session, trainee.id or 0, context.now)
    words, rows = context.words, ranked(life, context)
    lines = [heading(life, person, context)]
    lines += _todo(life, rows, context, notes) + _ahead(life, rows, context, notes) + _counted(rows, context)
    lines += _worth_knowing(life, context)
    if not describe.is_over(life.timeline, context.today):
        lines += describe.planned_end(words, life.timeline)
    lines += placement_lines(context.session, words, life)
    lines += next_booking(life, context, notes)
    lines += away_lines(context, context.today) if person.id == context.person_id else []
    return "\n".join([*lines, *(_requests(trainee, context) + _latest(trainee, context) if notes else [])])


def heading(life: Life, person: Person, context: Context) -> str:
    """Who it is about, at which unit, and who else than the reader supervises them."""
    of = {"name": context.called(person), "unit": life.unit.name}
    if person.id == context.person_id:
        return context.words.say("status.head", **of)
    found = supervisors_of(context.session, life.trainee.id or 0, context.today)
    if not found:
        return context.words.say("status.head_alone", **of)
    others = [each.name for each in found if each.id != context.person_id]
    if not others:
        return context.words.say("status.head", **of)
    return context.words.say("status.head_of", **of, supervisors=context.words.listed(others))


def one_line(trainee: Trainee, person: Person, context: Context) -> str:
    """A supervisor's view of one trainee: what needs doing, or that all is well."""
    life, words = load(context.session, trainee.id or 0, context.now), context.words
    rows = ranked(life, context)
    told = [_short(life, row, context) for row in rows.todo[:MOST_IN_LINE]]
    if len(rows.todo) > MOST_IN_LINE:
        told.append(words.say("status.more_short", count=len(rows.todo) - MOST_IN_LINE))
    how = "; ".join(told) or words.say("status.unit_paused" if rows.paused else "status.unit_well")
    state = rows.todo[0].state if rows.todo else "paused" if rows.paused else "ok"
    sign = words.say(f"sign.{state}")
    return words.say("status.unit_line", sign=sign, name=context.called(person), how=how)


def line(life: Life, row: Standing, context: Context, *, notes: bool = True) -> str:
    """One requirement: sign, title, how it stands, the unit's own reason, and whether it is silenced."""
    requirement = life.rulebook.requirements[row.requirement]
    words = context.words
    told = words.say(
        "standing.line",
        sign=words.say(f"sign.{row.state}"),
        title=describe.title(words, requirement, place_of(context.session, row.occasion)),
        how=describe.how(words, requirement, row, context.today),
    )
    told = f"{told} ({requirement.reason})" if requirement.reason else told
    return told + describe.muted(words, life.muted.get(requirement.key), notes=notes)


def _short(life: Life, row: Standing, context: Context) -> str:
    requirement = life.rulebook.requirements[row.requirement]
    title = describe.title(context.words, requirement)
    return f"{title} – {describe.how(context.words, requirement, row, context.today)}"


def _todo(life: Life, rows: Ranked, context: Context, notes: bool) -> list[str]:
    words = context.words
    if not rows.todo and describe.is_over(life.timeline, context.today):
        return [describe.end_of_training(words, life.timeline, context.today)]
    if not rows.todo:
        return [words.say(_nothing_to_do(rows), title=_rulebook(life, context))]
    lines = [
        words.say("status.todo"),
        *(line(life, row, context, notes=notes) for row in rows.todo[:MOST_PRESSING]),
    ]
    return lines + _more("status.more_todo", rows.todo[MOST_PRESSING:], context)


def _nothing_to_do(rows: Ranked) -> str:
    """Nothing may mean that all is well, that everything rests, or that no rule is meant for this kind."""
    if rows.paused:
        return "status.all_paused"
    return "status.all_well" if rows.ahead or rows.rest else "status.no_rules"


def _ahead(life: Life, rows: Ranked, context: Context, notes: bool) -> list[str]:
    if not rows.ahead:
        return []
    lines = [line(life, row, context, notes=notes) for row in rows.ahead[:MOST_AHEAD]]
    return [context.words.say("status.ahead"), *lines]


def _counted(rows: Ranked, context: Context) -> list[str]:
    """What is not shown one by one."""
    uncounted = (*rows.ahead[MOST_AHEAD:], *rows.rest)
    shown = bool(rows.ahead or rows.todo)
    return _more("status.more_well" if shown else "status.only_well", uncounted, context)


def _worth_knowing(life: Life, context: Context) -> list[str]:
    """Sessions that are shorter than the rule asks for on average; who assessed, where, if it matters."""
    found = []
    for requirement in life.rulebook.requirements.values():
        average = weekly_average(life, requirement.activities) if requirement.minutes else None
        if requirement.shows_shares or (average and average.minutes < (requirement.minutes or 0)):
            found += facts(life, requirement, context)
    return [line[:1].upper() + line[1:] for line in found]


def _more(key: str, rows: Sequence[Standing], context: Context) -> list[str]:
    return [context.words.say(key, count=len(rows))] if rows else []


def _rulebook(life: Life, context: Context) -> str:
    return life.rulebook.title[context.words.locale]


def next_booking(life: Life, context: Context, notes: bool, activity: str | None = None) -> list[str]:
    """The next one that will be, of one activity if it is named; not what lies in an absence."""
    upcoming = planned(context.session, [life.trainee.id or 0], context.today)
    wanted = (each for each in upcoming if activity in (None, each.activity))
    booking = next((each for each in wanted if not life.timeline.is_absent(each.on_date)), None)
    if booking is None:
        return []
    words = context.words
    whole = notes and describe.booking(words, booking, context.person_id)
    return [words.say("status.booked", what=whole or describe.bare_booking(words, booking))]


def away_lines(context: Context, since: date) -> list[str]:
    """One's own absences that were not over on a day, the first first; why one is away is nobody else's."""
    own = context.training
    if own is None:
        return []
    stands = select(Absence).where(
        Absence.trainee_id == own.id,
        col(Absence.voided_at).is_(None),
        or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= since),
    )
    rows = context.session.exec(stands.order_by(col(Absence.from_on)).limit(MOST_AWAY)).all()
    return [context.words.say("status.away", what=describe.absence(context.words, row)) for row in rows]


def _requests(trainee: Trainee, context: Context) -> list[str]:
    """The assessments that were asked for: those that wait, and what became of the last ones."""
    desk = Desk(context.session, context.person, context.words, context.now, context.today, context.zone)
    found = open_requests(context.session, trainee.id or 0, context.now - RECENT)
    return [requests.status_line(desk, each) for each in found]


def _latest(trainee: Trainee, context: Context) -> list[str]:
    found = journal.latest(context.session, trainee.id or 0, 1)
    words = context.words
    told = [(describe.entry(words, entry, context.person_id), entry.disputed_at) for entry in found]
    mark = words.say("history.disputed")
    return [words.say("status.latest", what=what + (mark if disputed else "")) for what, disputed in told]
