"""The other half's word on a log: it was so, or it was not, and then its author hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import describe
from handlers.access import may_confirm
from handlers.commands import remark, settle
from handlers.context import Context, Press
from handlers.journal import asked_about
from handlers.message import IncomingKind, Reply
from handlers.whose import say_of
from schedules.outbox.outgoing import Notice, tell
from storage.tables import Entry, EntryState, Outbox, Person


def confirmed(press: Press, context: Context) -> Reply:
    """Stämmer: the version that was shown is confirmed, and only that one."""
    entry = _shown(press, context)
    if entry is None:
        return context.say("confirm.gone", "stale_button", replace=True)
    return confirm(entry, context)


def confirm(entry: Entry, context: Context) -> Reply:
    """The answer, after which a line may be added."""
    keep(entry, context)
    what = describe.entry(context.words, entry, context.person_id)
    text = say_of("receipt.confirmed", entry.trainee_id, context, what=what)
    return remark.offer(entry, text, (), context)


def keep(entry: Entry, context: Context) -> None:
    """Confirm this version."""
    if entry.disputed_at:
        settle.settled(entry, "withdrawn", context)
    entry.confirmed_by, entry.confirmed_at, entry.disputed_at = context.person.id, context.now, None
    context.session.add(entry)
    context.note("confirmed", f"entry:{entry.chain_id}", version=entry.id)


def every(press: Press, context: Context) -> Reply:
    """Alla stämmer: all that one question showed and that still waits."""
    if entries := _asked_together(press, context):
        return confirm_all(entries, context)
    return context.say("confirm.gone", "stale_button", replace=True)


def confirm_all(entries: Sequence[Entry], context: Context) -> Reply:
    """One answer for several; after that of one a line may be added."""
    if len(entries) == 1:
        return confirm(entries[0], context)
    for entry in entries:
        keep(entry, context)
    pressed = context.incoming.kind is IncomingKind.PRESS
    what = "\n".join(f"• {line(entry, context)}" for entry in entries)
    return context.say("confirm.all", "confirmed", replace=pressed, count=len(entries), what=what)


def line(entry: Entry, context: Context) -> str:
    """As in "Anna Berg: handledning tors 19 nov (v 47), 1 h"."""
    author = context.session.get_one(Person, entry.written_by)
    return f"{context.called(author)}: {describe.entry(context.words, entry, context.person_id)}"


def not_one(press: Press, context: Context) -> Reply:
    """Inte tors 19 nov: that one is objected to, and a button confirms the others."""
    others = _asked_together(press, context)
    entry = next((each for each in others if press.about[1:] == (each.id,)), None)
    if entry is None:
        return context.say("confirm.gone", "stale_button", replace=True)
    reply = dispute(entry, context)
    if len(others) == 1:
        return reply
    rest = context.button("confirm_rest", "every", press.about[0], primary=True)
    return replace(reply, message=replace(reply.message, buttons=(rest, *reply.message.buttons)))


def _asked_together(press: Press, context: Context) -> list[Entry]:
    """What one question is about and still waits for this person's word."""
    row = context.session.get(Outbox, press.about[0]) if press.about else None
    if row is None or row.kind != "confirm" or row.person_id != context.person_id or not row.facts:
        return []
    found = (context.session.get(Entry, key) for key in asked_about(row.facts))
    return [entry for entry in found if entry is not None and waits(entry, context)]


def waits(entry: Entry, context: Context) -> bool:
    """Whether a version is still to be confirmed or objected to by this person."""
    answered = entry.confirmed_at or entry.disputed_at or entry.written_by is None
    return entry.state == EntryState.LIVE and not answered and may_confirm(context, entry)


def disputed(press: Press, context: Context) -> Reply:
    """Stämmer inte: the author is told, the entry stays unconfirmed, the trace remains."""
    entry = _shown(press, context)
    if entry is None or entry.written_by is None:
        return context.say("confirm.gone", "stale_button", replace=True)
    return dispute(entry, context)


def dispute(entry: Entry, context: Context) -> Reply:
    """The author is told of the objection to this version."""
    entry.disputed_at, entry.confirmed_at, entry.confirmed_by = context.now, None, None
    context.session.add(entry)
    context.note("disputed", f"entry:{entry.chain_id}", version=entry.id)
    author = context.session.get_one(Person, entry.written_by)
    tell(context.session, _objection(entry, author, context), context.now)
    return remark.ask_why(entry, author, context.button("retract", "ok", entry.id or 0), context)


def _objection(entry: Entry, author: Person, context: Context) -> Notice:
    return Notice(
        person_id=author.id or 0,
        kind="notice",
        subject=f"entry:{entry.chain_id}",
        period=f"{entry.id}@{context.now:%Y%m%dT%H%M%S}",
        step="disputed",
        due_at=context.now,
        facts={"notice": "disputed", "entry": entry.id, "by": context.person_id, "trainee": entry.trainee_id},
    )


def _shown(press: Press, context: Context) -> Entry | None:
    """The version a confirmation showed, if it is still the live one and this person may confirm it."""
    entry = context.session.get(Entry, press.about[0]) if press.about else None
    if entry is None or entry.state != EntryState.LIVE or not may_confirm(context, entry):
        return None
    return entry
