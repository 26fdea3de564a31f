"""Ångra after a session was called off, or said not to have taken place: it stands again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from handlers import describe
from handlers.access import may_answer
from handlers.commands import sessions
from handlers.context import Context
from handlers.message import IncomingKind, Reply
from handlers.whose import say_of
from schedules import bookings
from schedules.standings import refresh
from storage.tables import Audit, Booking

OFF = ("cancelled", "not_held")
AGAIN = "reinstated"


def undo(number: int, context: Context) -> Reply | None:
    """What this person took off the calendar by a press or a line, named by its first booking.

    None when it stands again already, is over, or was taken off by somebody else.
    """
    act = _latest_act(number, context)
    if act is None or act.act == AGAIN or act.actor_id != context.person_id:
        return None
    ids = [int(part) for part in str(act.facts.get("bookings", number)).split(",")]
    if not _may(ids, context) or not (back := _back(ids, context)):
        return None
    context.note(AGAIN, f"booking:{number}", count=len(back))
    context.note("undone", f"off:{number}")
    what = describe.bookings(context.words, back, context.person_id)
    key = "booking.asked_again" if act.act == "not_held" else "booking.back"
    text = say_of(key, back[0].trainee_id, context, what=what)
    return context.reply(text, "undone", replace=context.incoming.kind is IncomingKind.PRESS)


def _latest_act(number: int, context: Context) -> Audit | None:
    return context.session.exec(
        select(Audit)
        .where(Audit.subject == f"booking:{number}", col(Audit.act).in_([*OFF, AGAIN]))
        .order_by(col(Audit.id).desc())
        .limit(1)
    ).first()


def _may(ids: Sequence[int], context: Context) -> bool:
    booking = context.session.get(Booking, ids[0])
    return booking is not None and may_answer(context.session, context.person, booking, context.today)


def _back(ids: Sequence[int], context: Context) -> Sequence[Booking]:
    """Planned again, and the other half told; whether it took place is asked anew instead."""
    asked = {id_ for id_ in ids if context.session.get_one(Booking, id_).state == "not_held"}
    back = bookings.reinstate(context.session, ids, context.now, context.zone)
    if not back:
        return back
    refresh(context.session, back[0].trainee_id, context.now, "undo")
    if asked:
        bookings.ask_again(context.session, back[0], context.now)
    else:
        sessions.tell_back(back, context)
    return back
