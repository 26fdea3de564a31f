"""Days away of somebody who is in no training: nobody speaks to them then, and no clock stands still.

Which kind of absence it is is not kept, and nobody else is told (decision 0024).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlmodel import col, or_

from handlers import describe, returns
from handlers.context import Context
from handlers.language.command import Command
from handlers.language.lexicon.normalise import clean
from handlers.message import Reply
from handlers.people import person_of_trainee, trainees_in, trainees_of, units_of
from handlers.whose import LEADERS, ONESELF, is_noted
from handlers.words import Words
from schedules.bookings import ALONE, planned
from schedules.calendar import DAY
from schedules.outbox.own_absence import look_again
from storage.tables import Away, Booking
from storage.trainees import spells_of

_OWN: Final = re.compile(
    r"\bjag\b|\bsjälv\b|\bmyself\b|\bi(?: a|')?m\b|\bi(?: wi|')ll\b|"
    r"\b(?:min|my) (?:egen |own )?(?:semester|frånvaro|ledighet|föräldraledighet|tjänstledighet|"
    r"sjukskrivning|vacation|holiday|leave|absence)\b"
)
"""Words by which people say that it is themselves who are away."""


def is_own(command: Command, context: Context, chosen: int | None) -> bool:
    """Whether an absence is that of who writes it, who is in no training; else a trainee's, or asked."""
    if chosen == ONESELF:
        return True
    if chosen is not None or context.training is not None or command.people:
        return False
    if not trainees_of(context.session, context.person, context.today):
        return not _names_a_trainee(command, context)
    return not command.note and bool(_OWN.search(clean(context.incoming.text).casefold()))


def _names_a_trainee(command: Command, context: Context) -> bool:
    """`anna sjuk idag` from who leads her unit: a name in small letters is a note to the reader."""
    if not command.note:
        return False
    units = units_of(context.session, context.person, tuple(LEADERS))
    return is_noted(trainees_in(context.session, units), command.note)


def save(command: Command, context: Context) -> Reply:
    """Keep the days, and say that nobody will be reminded on them."""
    if command.date is None:
        return context.say("ask.away", "asked")
    if command.end_date is not None and command.end_date < context.today:
        return context.say("away.over", "asked")
    return _saved(begin(command.date, command.end_date, context, context.inbox_id), context)


def until(row: Away, last: date, context: Context) -> Reply:
    """Another last day, told right after the days were."""
    row.to_on = last
    context.note("away", f"away:{row.id}", on=row.from_on.isoformat(), until=last.isoformat())
    _keep(row, context)
    return _saved(row, context)


def _saved(row: Away, context: Context) -> Reply:
    booked = _booked(row, context)
    buttons = [context.button("undo", "unleave", row.id or 0)]
    if len(booked) == 1:
        buttons += [context.button(verb, verb, booked[0].id or 0) for verb in ("move", "cancel")]
    text, facts = "\n".join(lines_of(row, context)), {"subject": f"away:{row.id}"}
    return context.reply(text, "absent", buttons=buttons, facts=facts)


def begin(first: date, last: date | None, context: Context, inbox_id: int | None) -> Away:
    """Keep the days, and note it in the trail."""
    row = Away(
        person_id=context.person_id,
        from_on=first,
        to_on=last,
        written_at=context.now,
        inbox_id=inbox_id,
    )
    context.session.add(row)
    context.session.flush()
    context.note("away", f"away:{row.id}", on=row.from_on.isoformat())
    return row


def lines_of(row: Away, context: Context) -> list[str]:
    """What a receipt tells of it, and of what is booked then."""
    text = context.words.say(_key("saved", row), when=when(context.words, row))
    booked = _booked(row, context)
    return [text, *([_still_booked(booked, context)] if booked else [])]


def _booked(row: Away, context: Context) -> Sequence[Booking]:
    """The sessions with one's trainees that are planned on days away: they stand, for nobody is told."""
    theirs = [trainee.id or 0 for trainee, _ in trainees_of(context.session, context.person, context.today)]
    booked = planned(context.session, theirs, max(row.from_on, context.today), row.to_on)
    return [each for each in booked if each.activity not in ALONE]


def _still_booked(booked: Sequence[Booking], context: Context) -> str:
    first = booked[0]
    name = person_of_trainee(context.session, first.trainee_id).name
    what = describe.booking(context.words, first, context.person_id)
    key = "away.booked" if len(booked) > 1 else "away.booked_1"
    week = context.words.week(first.on_date)
    return context.words.say(key, count=len(booked), what=what, name=name, week=week)


def undo(number: int, context: Context) -> Reply | None:
    """They were not away: what waited for their return is said when it may be."""
    row = own(number, context)
    if row is None:
        return None
    row.voided_at = context.now
    context.note("undone", f"away:{number}")
    _keep(row, context)
    text = context.words.say("receipt.undone", what=what(context.words, row))
    return context.reply(text, "undone", replace=bool(context.incoming.press))


def back(command: Command, context: Context, chosen: int | None) -> Reply | None:
    """`tillbaka idag` from who is away themselves; None where it is about a trainee, or is to be asked."""
    if chosen is not None or context.training is not None or command.people:
        return None
    first = command.date or context.today
    row = _lasting(first, context)
    if row is None:
        theirs = trainees_of(context.session, context.person, context.today)
        return None if theirs else context.say("back.none", "nothing")
    subject = f"return:{row.id}"
    returns.end(row, subject, first, context)
    _keep(row, context)
    key = "back.saved" if first <= context.today else "back.saved_ahead"
    text = context.words.say(key, day=context.words.dated(first))
    buttons = [context.button("undo", "unreturn", row.id or 0)]
    return context.reply(text, "back", buttons=buttons, facts={"subject": subject})


def undo_return(number: int, context: Context) -> Reply | None:
    """They are away as they were before; None when that was undone already."""
    row = context.session.get(Away, number)
    if row is None or not returns.last_again(row, f"return:{number}", context):
        return None
    _keep(row, context)
    text = context.words.say(_key("status", row), when=when(context.words, row))
    return context.reply(text, "undone", replace=bool(context.incoming.press))


def status_lines(context: Context) -> list[str]:
    """The days away that last or are to come, for their own status."""
    coming = spells_of(context.person_id).where(
        or_(col(Away.to_on).is_(None), col(Away.to_on) >= context.today)
    )
    rows = context.session.exec(coming.order_by(col(Away.from_on))).all()
    return [context.words.say(_key("status", row), when=when(context.words, row)) for row in rows]


def own(number: int, context: Context) -> Away | None:
    """Days away that stand, by whose they are."""
    row = context.session.get(Away, number)
    return row if row and row.voided_at is None and row.person_id == context.person_id else None


def what(words: Words, row: Away) -> str:
    """As in "frånvaro mån 21 dec–sön 3 jan (v 53)"."""
    return words.say(_key("name", row), when=when(words, row))


def when(words: Words, row: Away) -> str:
    """The first and the last day; only the first where the end is unknown."""
    return words.span(row.from_on, row.to_on)


def _key(text: str, row: Away) -> str:
    return f"away.{text}" if row.to_on else f"away.{text}_open"


def _lasting(first: date, context: Context) -> Away | None:
    """The days away that a first day back ends, or that end the day before it as it is."""
    lasting = spells_of(context.person_id).where(
        Away.from_on <= first, or_(col(Away.to_on).is_(None), col(Away.to_on) >= first - DAY)
    )
    return context.session.exec(lasting.order_by(col(Away.from_on).desc(), col(Away.id).desc())).first()


def _keep(row: Away, context: Context) -> None:
    context.session.add(row)
    look_again(context.session, context.person_id, context.now, context.zone)
