"""In service again: `åter i tjänst 12/1` ends the absence the day before."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, or_, select

from handlers import returns
from handlers.commands import away, sessions
from handlers.context import Context
from handlers.language.command import Command
from handlers.message import IncomingKind, Reply
from handlers.whose import About, about_whom, of_a_colleague
from schedules.calendar import DAY, SWEDEN
from schedules.standings import refresh
from storage.tables import Absence


def run(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """End the absence that lasts on the first day in service, or has no end."""
    if (own := away.back(command, context, chosen)) is not None:
        return own
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    if asked := of_a_colleague(about, context, "return"):
        return asked
    first = command.date or context.today
    absence = _lasting(about.trainee.id or 0, first, context)
    if absence is None:
        return _nothing_lasts(about, first, context)
    subject = f"back:{absence.id}"
    returns.end(absence, subject, first, context)
    _keep(absence, context, "back")
    text = context.words.say(
        _said(about, first, context), name=context.called(about.person), day=context.words.dated(first)
    )
    buttons = [context.button("undo", "unback", absence.id or 0)]
    return context.reply(text, "back", buttons=buttons, facts={"subject": subject})


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


def _said(about: About, first: date, context: Context) -> str:
    """Welcome is said to who is back, and not before the day."""
    if about.person.id != context.person_id:
        return "back.saved_for"
    return "back.saved" if first <= context.today else "back.saved_ahead"


def undo(number: int, context: Context) -> Reply | None:
    """The absence lasts as it did before; None when that was undone already."""
    absence = context.session.get(Absence, number)
    if absence is None or not returns.last_again(absence, f"back:{number}", context):
        return None
    _keep(absence, context, "undo")
    kind = context.words.name("absence", absence.kind)
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.say("back.undone", "undone", replace=is_press, kind=kind)


def _lasting(trainee_id: int, first: date, context: Context) -> Absence | None:
    return context.session.exec(
        select(Absence)
        .where(
            Absence.trainee_id == trainee_id,
            col(Absence.voided_at).is_(None),
            Absence.from_on <= first,
            or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= first),
        )
        .order_by(col(Absence.from_on).desc(), col(Absence.id).desc())
    ).first()


def _keep(absence: Absence, context: Context, reason: str) -> None:
    context.session.add(absence)
    context.session.flush()
    sessions.take_up(absence.trainee_id, context)
    refresh(context.session, absence.trainee_id, context.now, reason)
