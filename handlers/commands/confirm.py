"""The other half's word on a log: it was so, or it was not, and then its author hears of it."""

from __future__ import annotations

from handlers import describe
from handlers.access import may_confirm
from handlers.commands import remark, settle
from handlers.context import Context, Press
from handlers.message import Reply
from schedules.outbox.outgoing import Notice, tell
from storage.tables import Entry, EntryState, Person


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
    text = context.words.say("receipt.confirmed", what=what)
    return remark.offer(entry, text, (), context)


def keep(entry: Entry, context: Context) -> None:
    """Confirm this version."""
    if entry.disputed_at:
        settle.settled(entry, "withdrawn", context)
    entry.confirmed_by, entry.confirmed_at, entry.disputed_at = context.person.id, context.now, None
    context.session.add(entry)
    context.note("confirmed", f"entry:{entry.chain_id}", version=entry.id)


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
