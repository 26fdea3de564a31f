"""For those who answer for units: how it stands, and the digest now."""

from __future__ import annotations

from handlers.context import Context
from handlers.digest import digest_of, digest_text
from handlers.language.command import Command
from handlers.message import Reply
from handlers.people import units_of
from schedules.agenda import READERS


def overview(command: Command, context: Context) -> Reply:
    """`översikt`: for now the same minute's reading as the digest."""
    return digest_now(command, context)


def digest_now(_command: Command, context: Context) -> Reply:
    """`digest`: what Monday's would say if it came now. Only for those who get one."""
    if not units_of(context.session, context.person, READERS):
        return context.say("refused.may_not", "refused")
    found = digest_of(context.session, context.person, context.now, context.today)
    return context.reply(digest_text(context.words, found, context.today), "digest")
