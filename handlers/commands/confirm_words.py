"""Confirming in words: `stämmer`, `bekräfta alla`, and `nej det var 30 min` about another's entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import col, func, select

from handlers.commands import confirm, remark
from handlers.context import Context
from handlers.drafts import ANSWERED_WITHIN
from handlers.earlier import before_this
from handlers.journal import asked_about
from handlers.language.all_of_them import says_all
from handlers.language.command import Command
from handlers.language.sentences.confirming import ALL
from handlers.message import IncomingKind, Reply
from handlers.people import people_named, person_of_trainee
from storage.tables import Entry, Inbox, Outbox, OutboxState

ASKED_WITHIN: Final = timedelta(days=30)
"""What was asked longer ago is confirmed by its button alone."""
MOST: Final = 20
_LISTED: Final = "asked_which"
"""The outcome of a line that was answered with all that wait."""


class _Asked(NamedTuple):
    """A version that waits, when it was asked about, and in which message."""

    entry: Entry
    at: datetime
    message: int


def run(command: Command, context: Context) -> Reply:
    """Confirm the one that waits for this person's word, or all of them where the line says so.

    Those that were asked about in one question, right before it, are one.
    """
    found = [each.entry for each in _waiting(context) if _is_meant(each.entry, command, context)]
    if found and (command.reason == ALL or len(found) == 1 or _is_one_question(found, context)):
        return confirm.confirm_all(found, context)
    return _which(found, context)


def _is_one_question(found: list[Entry], context: Context) -> bool:
    asked = {entry.id for entry in just_asked(context)}
    return {entry.id for entry in found} <= asked


def objected(_command: Command, context: Context) -> Reply:
    """`stämmer inte`: of the one that waits; where there are several, their buttons tell which."""
    found = [each.entry for each in _waiting(context)]
    if len(found) == 1:
        return confirm.dispute(found[0], context)
    if not found and (told := remark.objected_anew(context)):
        return told
    return which_not(context) if found and _is_one_question(found, context) else _which(found, context)


def yes(context: Context) -> Reply | None:
    """A bare yes to the question that came last: `ja` after "Stämmer det?" or "Vill du lägga till något?"."""
    if not remark.is_yes(context.incoming.text):
        return None
    entries = just_asked(context)
    return confirm.confirm_all(entries, context) if entries else remark.go_on(context)


def no(context: Context) -> Reply | None:
    """A bare no to the question that came last: `nej` after "Stämmer det?"."""
    entries = just_asked(context)
    if len(entries) > 1:
        return which_not(context)
    return confirm.dispute(entries[0], context) if entries else None


def every(context: Context) -> Reply | None:
    """`båda`, `alla` after they were listed: all that wait."""
    found = [each.entry for each in _waiting(context)]
    if not found or not says_all(context.incoming.text, len(found)) or not _were_listed(context):
        return None
    return confirm.confirm_all(found, context)


def _were_listed(context: Context) -> bool:
    last = before_this(context)
    if last is None or last.received_at < context.now - ANSWERED_WITHIN:
        return False
    return last.outcome == _LISTED


def listed(context: Context) -> Reply:
    """What waits for this person's word, of which a line did not say that it is right."""
    return _which([each.entry for each in _waiting(context)], context)


def which_not(context: Context) -> Reply:
    """Of several that were just asked about: a button for each that may be the wrong one."""
    asked = _asked_last(context)
    buttons = [
        replace(
            context.button("dispute", "not", each.message, each.entry.id or 0),
            label=context.words.say("button.dispute_one", day=context.words.day(each.entry.on_date)),
        )
        for each in asked
    ]
    return context.reply(context.words.say("confirm.which_not"), "asked", buttons=buttons)


def just_asked(context: Context) -> list[Entry]:
    """What this person was asked about last, in one message, if they have written nothing since."""
    return [each.entry for each in _asked_last(context)]


def _asked_last(context: Context) -> list[_Asked]:
    found = _waiting(context)
    last = [each for each in found if each.message == found[0].message]
    written_at = written_last(context) if last else None
    return last if not last or written_at is None or written_at <= last[0].at else []


def written_last(context: Context) -> datetime | None:
    """When this person wrote or pressed something before this."""
    last = select(func.max(func.coalesce(Inbox.said_at, Inbox.received_at))).where(
        Inbox.person_id == context.person.id,
        Inbox.id != context.inbox_id,
        Inbox.kind != IncomingKind.HOME,  # looking at how one stands is no answer
    )
    return context.session.exec(last).one()


def _waiting(context: Context) -> list[_Asked]:
    """What this person was asked to confirm and has said nothing of, the latest asked first."""
    sent = select(Outbox).where(
        Outbox.person_id == context.person.id,
        Outbox.kind == "confirm",
        Outbox.state == OutboxState.SENT,
        col(Outbox.created_at) >= context.now - ASKED_WITHIN,
    )
    rows = context.session.exec(sent.order_by(col(Outbox.id).desc()).limit(MOST)).all()
    when = {key: row for row in reversed(rows) for key in reversed(asked_about(row.facts))}
    found = ((context.session.get(Entry, key), row) for key, row in reversed(when.items()))
    return [
        _Asked(entry, row.ended_at or row.created_at, row.id or 0)
        for entry, row in found
        if entry is not None and confirm.waits(entry, context)
    ]


def _is_meant(entry: Entry, command: Command, context: Context) -> bool:
    if command.activity not in (None, entry.activity) or command.date not in (None, entry.on_date):
        return False
    who = [person_of_trainee(context.session, entry.trainee_id)]
    return not command.people or any(people_named(who, name) for name in command.people)


def _which(found: list[Entry], context: Context) -> Reply:
    if not found:
        return context.say("confirm.none_waiting", "nothing")
    return context.say("confirm.several", _LISTED, count=len(found), what=_listed(found, context))


def _listed(found: list[Entry], context: Context) -> str:
    return "\n".join(f"• {confirm.line(entry, context)}" for entry in found)
