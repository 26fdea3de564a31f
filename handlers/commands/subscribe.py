"""`kalender`, `kalender ny`, `kalender av`: one's bookings in one's own calendar."""

from __future__ import annotations

from handlers import private_calendar
from handlers.context import Context
from handlers.language.command import Command
from handlers.message import Reply


def run(command: Command, context: Context) -> Reply:
    """Give the person a private address, a new one instead of all before, or none any more."""
    if command.reason == "off":
        return _off(context)
    if not context.public_url:
        return context.say("calendar.not_set_up", "unsupported")
    if not context.incoming.private:
        return context.say("calendar.not_here", "refused")
    if command.reason == "new":
        _close(context)
    token = private_calendar.open_address(context.session, context.person, context.now)
    if token is None:
        return context.say("calendar.enough", "nothing", count=private_calendar.MOST_ADDRESSES)
    context.note("calendar_opened", f"person:{context.person_id}")
    key = "calendar.new" if command.reason == "new" else "calendar.yours"
    address = f"{context.public_url.rstrip('/')}/calendar/{token}.ics"
    return context.reply(context.words.say(key, address=address), "calendar", secret=True)


def _off(context: Context) -> Reply:
    return context.say("calendar.off" if _close(context) else "calendar.none", "calendar")


def _close(context: Context) -> int:
    closed = private_calendar.close_addresses(context.session, context.person, context.now)
    if closed:
        context.note("calendar_closed", f"person:{context.person_id}", count=closed)
    return closed
