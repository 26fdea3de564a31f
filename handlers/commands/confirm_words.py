"""Confirming in words: `stämmer`, `bekräfta alla`, and `nej det var 30 min` about another's entry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, func, select

from handlers import describe
from handlers.access import may_confirm
from handlers.commands import confirm, remark
from handlers.context import Context
from handlers.language.command import Command
from handlers.language.confirming import ALL
from handlers.message import IncomingKind, Reply
from handlers.people import people_named, person_of_trainee
from storage.tables import Entry, EntryState, Inbox, Outbox, OutboxState, Person

ASKED_WITHIN: Final = timedelta(days=30)
"""What was asked longer ago is confirmed by its button alone."""
MOST: Final = 20


def run(command: Command, context: Context) -> Reply:
    """Confirm the one that waits for this person's word, or all of them where the line says so."""
    found = [entry for entry, _ in _waiting(context) if _is_meant(entry, command, context)]
    if len(found) == 1:
        return confirm.confirm(found[0], context)
    if not found or command.reason != ALL:
        return _which(found, context)
    for entry in found:
        confirm.keep(entry, context)
    return context.say("confirm.all", "confirmed", count=len(found), what=_listed(found, context))


def objected(_command: Command, context: Context) -> Reply:
    """`stämmer inte`: of the one that waits; where there are several, their buttons tell which."""
    found = [entry for entry, _ in _waiting(context)]
    return confirm.dispute(found[0], context) if len(found) == 1 else _which(found, context)


def yes(context: Context) -> Reply | None:
    """A bare yes to the question that came last: `ja` after "Stämmer det?" or "Vill du lägga till något?"."""
    if not remark.is_yes(context.incoming.text):
        return None
    entry = just_asked(context)
    return confirm.confirm(entry, context) if entry else remark.go_on(context)


def no(context: Context) -> Reply | None:
    """A bare no to the question that came last: `nej` after "Stämmer det?"."""
    entry = just_asked(context)
    return confirm.dispute(entry, context) if entry else None


def just_asked(context: Context) -> Entry | None:
    """The entry this person was asked about last, if they have written nothing since."""
    found = _waiting(context)
    if not found:
        return None
    entry, asked_at = found[0]
    written_at = written_last(context)
    return entry if written_at is None or written_at <= asked_at else None


def written_last(context: Context) -> datetime | None:
    """When this person wrote or pressed something before this."""
    last = select(func.max(func.coalesce(Inbox.said_at, Inbox.received_at))).where(
        Inbox.person_id == context.person.id,
        Inbox.id != context.inbox_id,
        Inbox.kind != IncomingKind.HOME,  # looking at how one stands is no answer
    )
    return context.session.exec(last).one()


def _waiting(context: Context) -> list[tuple[Entry, datetime]]:
    """The entries that this person was asked to confirm and has said nothing of, the latest asked first."""
    asked = select(Outbox).where(
        Outbox.person_id == context.person.id,
        Outbox.kind == "confirm",
        Outbox.state == OutboxState.SENT,
        col(Outbox.created_at) >= context.now - ASKED_WITHIN,
    )
    rows = context.session.exec(asked.order_by(col(Outbox.id).desc()).limit(MOST)).all()
    when = {int(row.facts["entry"]): row.ended_at or row.created_at for row in reversed(rows)}
    entries = ((context.session.get(Entry, key), at) for key, at in reversed(when.items()))
    return [(entry, at) for entry, at in entries if entry is not None and _waits(entry, context)]


def _waits(entry: Entry, context: Context) -> bool:
    answered = entry.confirmed_at or entry.disputed_at or entry.written_by is None
    return entry.state == EntryState.LIVE and not answered and may_confirm(context, entry)


def _is_meant(entry: Entry, command: Command, context: Context) -> bool:
    if command.activity not in (None, entry.activity) or command.date not in (None, entry.on_date):
        return False
    who = [person_of_trainee(context.session, entry.trainee_id)]
    return not command.people or any(people_named(who, name) for name in command.people)


def _which(found: list[Entry], context: Context) -> Reply:
    if not found:
        return context.say("confirm.none_waiting", "nothing")
    return context.say("confirm.several", "asked", count=len(found), what=_listed(found, context))


def _listed(found: list[Entry], context: Context) -> str:
    return "\n".join(f"• {_line(entry, context)}" for entry in found)


def _line(entry: Entry, context: Context) -> str:
    author = context.session.get_one(Person, entry.written_by)
    return f"{author.name}: {describe.entry(context.words, entry, context.person_id)}"
