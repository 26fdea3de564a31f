"""`mina uppgifter` and `glöm mig`: what is kept about oneself, and being forgotten as far as it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from handlers import private_calendar
from handlers.commands.links import forget_account
from handlers.context import Context, Press
from handlers.language.command import Command
from handlers.message import Reply
from handlers.papers.attach import MY_DATA
from handlers.reach import carers_of
from schedules.outbox.outgoing import Notice, tell
from storage.people import forget_wishes
from storage.tables import Draft, Identity, RoleName


def my_data(_command: Command, context: Context) -> Reply:
    """All that is kept about the writer, as files drawn at the sending; only where nobody reads along."""
    if not context.incoming.private:
        return context.say("mine.not_here", "refused")
    context.note("my_data", f"person:{context.person_id}")
    reply = context.say("mine.told", "my_data")
    return replace(reply, message=replace(reply.message, papers=(MY_DATA,)))


def forget_me(_command: Command, context: Context) -> Reply:
    """The first question: what goes at once, what stays and why."""
    training = context.training
    kept = context.words.say("forget.training" if training else "forget.others")
    text = context.words.say("forget.first", kept=kept)
    return context.reply(text, "asked", buttons=[context.button("forget", "forget", 1)])


def forget_pressed(press: Press, context: Context) -> Reply:
    """The second question, and after its yes the deed; the studierektor is told."""
    if press.about == (1,):
        button = context.button("forget_surely", "forget", 2)
        return context.reply(context.words.say("forget.second"), "asked", buttons=[button], replace=True)
    if press.about != (2,):
        return context.say("ask.expired", "stale_button")
    _forget(context)
    context.note("forget_me", f"person:{context.person_id}")
    return context.say("forget.done", "forgotten", replace=True)


def _forget(context: Context) -> None:
    """Calendars, wishes, open questions and accounts; and the studierektor is told."""
    session, person = context.session, context.person
    for carer in carers_of(session, context.person_id, (RoleName.STUDIEREKTOR,)):
        tell(session, _notice(carer, context.person_id, context.now), context.now)
    private_calendar.close_addresses(session, person, context.now)
    for draft in session.exec(select(Draft).where(Draft.person_id == person.id)).all():
        session.delete(draft)
    forget_wishes(person)
    session.add(person)
    mine = select(Identity).where(Identity.person_id == person.id).order_by(col(Identity.id))
    for identity in session.exec(mine).all():
        forget_account(identity, context)


def _notice(carer: int, person: int, now: datetime) -> Notice:
    return Notice(
        person_id=carer,
        kind="notice",
        subject=f"person:{person}",
        period=now.date().isoformat(),
        due_at=now,
        facts={"notice": "forget", "person": person},
    )
