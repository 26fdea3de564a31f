"""In service again: `åter i tjänst 12/1` ends what the trainee is away for the day before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, or_, select

from handlers import describe, returns
from handlers.commands import away, sessions
from handlers.commands.absences import UNPLANNED
from handlers.context import Context
from handlers.language.command import Command
from handlers.message import IncomingKind, Reply
from handlers.whose import About, about_whom, of_a_colleague
from schedules.calendar import DAY, SWEDEN
from schedules.standings import refresh
from storage.tables import Absence


def run(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """End what lasts on the first day in service, or has no end; what goes on beside an illness is told."""
    if (own := away.back(command, context, chosen)) is not None:
        return own
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    if asked := of_a_colleague(about, context, "return"):
        return asked
    first = command.date or context.today
    lasting = _lasting(about.trainee.id or 0, first, context)
    if not lasting:
        return _nothing_lasts(about, first, context)
    over = _over(lasting)
    subject = _end(over, first, context)
    left = [each for each in lasting if each not in over]
    text = context.words.say(
        _said(about, first, left, context),
        name=context.called(about.person),
        day=context.words.dated(first),
        kind=context.words.name("absence", over[0].kind),
        what=", ".join(describe.absence(context.words, each) for each in left),
    )
    buttons = [context.button("undo", "unback", over[0].id or 0)]
    return context.reply(text, "back", buttons=buttons, facts={"subject": subject})


def _over(lasting: Sequence[Absence]) -> Sequence[Absence]:
    """All of it; but what nobody plans alone, where there is any: a leave does not end by `frisk igen`."""
    return [each for each in lasting if each.kind in UNPLANNED] or lasting


def _end(over: Sequence[Absence], first: date, context: Context) -> str:
    """The subject under which they end, and last again, together."""
    subject = f"back:{over[0].id}"
    for each in over[1:]:
        returns.end(each, f"back:{each.id}", first, context)
    others = [each.id for each in over[1:]]
    returns.end(over[0], subject, first, context, **({"others": others} if others else {}))
    _keep(over, context, "back")
    return subject


def _nothing_lasts(about: About, first: date, context: Context) -> Reply:
    """Who is back when it was said that they would be has nothing to tell."""
    latest = context.session.exec(
        select(Absence)
        .where(
            Absence.trainee_id == about.trainee.id,
            col(Absence.voided_at).is_(None),
            col(Absence.to_on) < first,
        )
        .order_by(col(Absence.to_on).desc())
    ).first()
    if latest is None or latest.to_on is None or SWEDEN.next_working_day(latest.to_on + DAY) < first:
        return context.say("back.none", "nothing")
    key = "back.over" if about.person.id == context.person_id else "back.over_for"
    return context.say(
        key, "nothing", name=context.called(about.person), day=context.words.dated(latest.to_on)
    )


def _said(about: About, first: date, left: Sequence[Absence], context: Context) -> str:
    """Welcome is said to who is back, and not before the day."""
    if left:  # which it is, only the trainee is told
        return "back.well" if about.person.id == context.person_id else "back.well_for"
    if about.person.id != context.person_id:
        return "back.saved_for"
    return "back.saved" if first <= context.today else "back.saved_ahead"


def undo(number: int, context: Context) -> Reply | None:
    """The absence lasts as it did before; None when that was undone already."""
    absence = context.session.get(Absence, number)
    subject = f"back:{number}"
    others = [context.session.get_one(Absence, key) for key in returns.ended_with(subject, context)]
    if absence is None or not returns.last_again(absence, subject, context):
        return None
    for each in others:
        returns.last_again(each, f"back:{each.id}", context)
    _keep([absence, *others], context, "undo")
    kind = context.words.name("absence", absence.kind)
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.say("back.undone", "undone", replace=is_press, kind=kind)


def _lasting(trainee_id: int, first: date, context: Context) -> Sequence[Absence]:
    """What lasts on a day, the one that began last first."""
    return context.session.exec(
        select(Absence)
        .where(
            Absence.trainee_id == trainee_id,
            col(Absence.voided_at).is_(None),
            Absence.from_on <= first,
            or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= first),
        )
        .order_by(col(Absence.from_on).desc(), col(Absence.id).desc())
    ).all()


def _keep(absences: Sequence[Absence], context: Context, reason: str) -> None:
    context.session.add_all(absences)
    context.session.flush()
    sessions.take_up(absences[0].trainee_id, context)
    refresh(context.session, absences[0].trainee_id, context.now, reason)
