"""`ta med mig`: one's history as a signed file; and the answer when a history comes from another unit."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context, Press
from handlers.language.command import Command
from handlers.message import Reply
from handlers.papers.attach import HISTORY
from handlers.portable import signing
from handlers.portable.taking import accept, decline, subject_of
from storage.tables import Transfer


def run(_command: Command, context: Context) -> Reply:
    """The file, drawn and signed at the sending, to the trainee alone."""
    trainee = context.training
    if trainee is None:
        return context.say("carry.not_trainee", "refused")
    if not context.incoming.private:
        return context.say("carry.in_private", "refused")
    try:
        key = signing.public_key()
    except signing.NoKeyError:
        return context.say("carry.not_set_up", "refused")
    context.note("history_given", f"trainee:{trainee.id}")
    reply = context.say("carry.here", "carried", public=key)
    return replace(reply, message=replace(reply.message, papers=(HISTORY,)))


def taken(press: Press, context: Context) -> Reply:
    """Ta emot: written, marked with where it comes from, and never to be changed here."""
    row = _waiting(press, context)
    if row is None:
        return context.say("ask.expired", "stale_button", replace=True)
    try:
        count = accept(context.session, row, context.now)
    except signing.NoKeyError:
        return context.say("carry.not_set_up", "refused")
    context.note("history_taken", subject_of(row), count=count)
    return context.say("carry.taken", "carried", replace=True, count=count, unit=row.from_unit)


def left(press: Press, context: Context) -> Reply:
    """Nej tack: nothing of it is kept."""
    row = _waiting(press, context)
    if row is None:
        return context.say("ask.expired", "stale_button", replace=True)
    decline(context.session, row, context.now)
    context.note("history_left", subject_of(row))
    return context.say("carry.left", "carried", replace=True)


def _waiting(press: Press, context: Context) -> Transfer | None:
    row = context.session.get(Transfer, press.about[0]) if press.about else None
    trainee = context.training
    if row is None or row.answer is not None or row.history is None:
        return None
    return row if trainee is not None and trainee.id == row.trainee_id else None
