"""`kollegium planera`: who is due until the coming term has ended, a day for each, booked with one press."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from handlers import describe
from handlers.commands import plan, sessions
from handlers.context import Context, Press
from handlers.drafts import Choice, pack_choice, unpack_choice
from handlers.language.command import Command
from handlers.message import Button, IncomingKind, Reply
from handlers.people import labels, trainees_in, units_of
from schedules import bookings, kollegier
from schedules.kollegier import ACTIVITY, Plan, Proposal
from schedules.standings import refresh
from storage.tables import Booking, Draft, RoleName

ARRANGES = (RoleName.STUDIEREKTOR,)
"""Who leads them, and so plans them (002 and 003, the studierektor's responsibilities)."""
MOST_BUTTONS = 6
MOST_LINES = 40
MINUTES = 60


def run(_command: Command, context: Context) -> Reply:
    """The proposals, with a button for all and one for each of the first."""
    units = units_of(context.session, context.person, ARRANGES)
    if not units:
        return context.say("refused.may_not", "refused")
    found = kollegier.plan(context.session, units, context.now, context.today)
    context.note("list_seen", f"person:{context.person_id}", list="kollegier")
    words = context.words
    until = words.dated(found.until)
    if not found.proposals:
        return context.say("kollegier.none", "kollegier", until=until, count=found.booked)
    head = words.say("kollegier.head", until=until, count=len(found.proposals), booked=found.booked)
    lines = [_line(each, context) for each in found.proposals[:MOST_LINES]]
    rest = len(found.proposals) - MOST_LINES
    more = [words.say("remit.more", count=rest)] if rest > 0 else []
    return context.reply("\n".join([head, *lines, *more]), "kollegier", buttons=_buttons(found, context))


def _line(each: Proposal, context: Context) -> str:
    words = context.words
    key = "kollegier.line_late" if each.late else "kollegier.line"
    return words.say(
        key,
        day=words.dated(each.on),
        name=each.person.name,
        unit=each.unit.name,
        due=words.day(each.due_on),
    )


def _buttons(found: Plan, context: Context) -> list[Button]:
    """They name the proposals as they were shown: days that change meanwhile are not booked unseen."""
    draft = Draft(
        person_id=context.person_id,
        inbox_id=context.inbox_id,
        choices=[pack_choice(_choice(each)) for each in found.proposals],
        written_at=context.now,
    )
    context.session.add(draft)
    context.session.flush()
    every = context.button("arrange_all", "arrange", draft.id or 0, primary=True)
    names = labels([each.person for each in found.proposals])
    single = [
        Button(
            context.words.say("kollegier.button", name=names[at], day=context.words.day(each.on)),
            context.button("arrange_all", "arrange", draft.id or 0, at).press,
        )
        for at, each in enumerate(found.proposals[:MOST_BUTTONS])
    ]
    return [every, *single] if len(single) > 1 else single


def _choice(each: Proposal) -> Choice:
    line = Command("book", activity=ACTIVITY, date=each.on, minutes=MINUTES)
    return Choice(each.person.name, line, trainee=each.trainee_id)


def arranged(press: Press, context: Context) -> Reply:
    """All, or the one that was pressed; what is booked already, past or no longer theirs is left out."""
    draft = context.session.get(Draft, press.about[0]) if press.about else None
    if draft is None or draft.person_id != context.person_id:
        return context.say("ask.expired", "stale_button")
    kept = draft.choices if len(press.about) == 1 else draft.choices[press.about[1] : press.about[1] + 1]
    wanted = [unpack_choice(each) for each in kept]
    rows = [row for choice in wanted if _is_possible(choice, context) for row in _book(choice, context)]
    if not rows:
        return context.say("kollegier.nothing", "nothing")
    context.note("kollegier_booked", f"bookings:{context.inbox_id}", count=len(rows))
    words = context.words
    what = describe.booking(words, rows[0], context.person_id)
    name = wanted[0].label if len(rows) == 1 else ""
    text = (
        words.say("kollegier.booked_one", what=what, name=name)
        if len(rows) == 1
        else words.say("kollegier.booked", count=len(rows))
    )
    button = context.button("undo", "unarrange", context.inbox_id)
    return context.reply(text, "booked", buttons=[button], facts={"subject": f"bookings:{context.inbox_id}"})


def _is_possible(choice: Choice, context: Context) -> bool:
    units = units_of(context.session, context.person, ARRANGES)
    theirs = {trainee.id for trainee, _ in trainees_in(context.session, units)}
    day = choice.command.date
    if choice.trainee not in theirs or choice.command.activity != ACTIVITY or day is None:
        return False
    return day >= context.today and not _is_booked(choice.trainee or 0, context)


def _is_booked(trainee_id: int, context: Context) -> bool:
    planned = select(Booking.id).where(
        Booking.trainee_id == trainee_id,
        Booking.activity == ACTIVITY,
        Booking.state == "planned",
        col(Booking.on_date) >= context.today,
    )
    return context.session.exec(planned.limit(1)).first() is not None


def _book(choice: Choice, context: Context) -> list[Booking]:
    """As if the pair had booked it; the pair is told."""
    trainee_id = choice.trainee or 0
    rows = plan.lay(trainee_id, choice.command, context)
    context.note("booked", f"booking:{rows[0].id}", on=rows[0].on_date.isoformat(), count=len(rows))
    sessions.tell_other(rows[0], context, step="planned")
    refresh(context.session, trainee_id, context.now, "booking")
    return rows


def undo(number: int, context: Context) -> Reply | None:
    """All that one press booked and that still stands is cancelled, and the pairs hear of it."""
    rows = _booked_by(number, context)
    if not rows:
        return None
    for row in rows:
        bookings.settle(context.session, row, "cancelled", context.now)
        sessions.tell_other(row, context)
        context.session.flush()
        refresh(context.session, row.trainee_id, context.now, "undo")
    context.note("undone", f"bookings:{number}", count=len(rows))
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.say("kollegier.undone", "undone", replace=is_press, count=len(rows))


def _booked_by(inbox: int, context: Context) -> Sequence[Booking]:
    found = select(Booking).where(
        Booking.inbox_id == inbox,
        Booking.activity == ACTIVITY,
        Booking.written_by == context.person.id,
        Booking.state == "planned",
    )
    return context.session.exec(found).all()
