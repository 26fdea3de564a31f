"""How one stands with one activity: what asks for it, how often it was done, when the latest was and the next
is booked. The answer to `när är nästa iup`, which the whole standing would bury.
"""

from __future__ import annotations

from handlers import describe, journal
from handlers.context import Context
from handlers.language.command import Command
from handlers.ruling import facts
from handlers.standing import heading, line, next_booking
from schedules.lives.life import Life
from schedules.lives.reading import load
from schedules.standings import rows_of
from storage.tables import Person, Standing, Trainee


def duty_text(
    trainee: Trainee, person: Person, asked: Command, context: Context, *, notes: bool = True
) -> str:
    """Of one trainee; `asked` names the activity, perhaps an instrument, `notes` as in `standing_text`."""
    life, words = load(context.session, trainee.id or 0, context.now), context.words
    rows = _rows(life, asked, context)
    lines = [heading(life, person, context)]
    lines += [_line(life, row, context, notes) for row in rows] or [_none(asked, context)]
    lines += [_this_year(life, asked, context), *_latest(trainee, asked, context, notes)]
    lines += next_booking(life, context, notes, asked.activity)
    whole = "status.whole" if person.id == context.person_id else "status.whole_of"
    return "\n".join([*lines, words.say(whole, name=person.name)])


def duty_line(trainee: Trainee, person: Person, asked: Command, context: Context) -> str:
    """A supervisor's view of one trainee of several."""
    life = load(context.session, trainee.id or 0, context.now)
    lines = [line(life, row, context) for row in _rows(life, asked, context)] or [_none(asked, context)]
    return "\n".join([person.name, *lines])


def _rows(life: Life, asked: Command, context: Context) -> list[Standing]:
    """What applies and counts the activity, the most pressing first."""
    requirements = life.rulebook.requirements
    known = {key for key, each in requirements.items() if asked.activity in each.counted}
    rows = rows_of(context.session, life.trainee.id or 0)
    apply = [row for row in rows if row.requirement in known and row.state != "not_applicable"]
    return sorted(apply, key=lambda row: (describe.SIGNS.index(row.state), row.requirement, row.occasion))


def _line(life: Life, row: Standing, context: Context, notes: bool) -> str:
    more = facts(life, life.rulebook.requirements[row.requirement], context)
    return "; ".join([line(life, row, context, notes=notes), *more])


def _none(asked: Command, context: Context) -> str:
    return context.words.say("status.of_none", activity=context.words.name("activity", asked.activity or ""))


def _this_year(life: Life, asked: Command, context: Context) -> str:
    words, year = context.words, context.today.year
    done = (each for each in life.of([asked.activity or ""]) if each.done_on.year == year)
    count = sum(asked.instrument in (None, each.instrument) for each in done)
    kind, key = ("instrument", asked.instrument) if asked.instrument else ("activity", asked.activity)
    what = words.name(kind, key or "")
    return words.say("status.this_year", what=f"{what[:1].upper()}{what[1:]}", count=count)


def _latest(trainee: Trainee, asked: Command, context: Context, notes: bool) -> list[str]:
    """What was written is told to who may read notes, else the day alone."""
    words = context.words
    found = journal.latest(context.session, trainee.id or 0, 1, asked.activity, asked.instrument)
    told = [
        describe.entry(words, each, context.person_id) if notes else words.dated(each.on_date)
        for each in found
    ]
    return [words.say("status.latest", what=what) for what in told]
