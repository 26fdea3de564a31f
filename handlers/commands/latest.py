"""The answer to what was done last: `iup 12/5, kollegium 3/2, bedömning 1/10`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel import select

from handlers import describe, golive, journal
from handlers.context import Context, Press
from handlers.language.command import Command
from handlers.language.reader import read
from handlers.message import IncomingKind, Reply
from schedules.calendar import add_months
from storage.states import IS_LIVE
from storage.tables import Entry, Trainee

ACTIVITIES: Final = ("iup_revision", "kollegium", "assessment", "development_talk")
_PARTS: Final = re.compile(r"\s*(?:[,;\n]|\boch\b)\s*")
LONGEST: Final = 200
"""Characters: a longer line is no list of dates."""


def read_answer(whole: Command, context: Context) -> tuple[Command, ...] | None:
    """The dates a line tells, if it answers the question; None for any other line.

    `whole` is the line as it was read: several activities in one line read as a question which is meant.

    Each part must be one of ACTIVITIES with a day before the bot watched and no length: what is done
    now is a log like any other.
    """
    text = context.incoming.text.strip()
    if len(text) > LONGEST or whole.intent not in ("ask", "log", "book"):
        return None
    parts = _PARTS.split(text)
    if len(parts) == 1:
        told = _one(whole, text, context.said_at)
        return (told,) if told and _is_answer((told,), context) else None
    return _several(parts, context) if len(parts) <= len(ACTIVITIES) else None


def _several(parts: list[str], context: Context) -> tuple[Command, ...] | None:
    found: list[Command] = []
    for part in parts:
        told = _one(read(part, context.said_at), part, context.said_at)
        if told is None:
            return None
        found.append(told)
    return tuple(found) if _is_answer(tuple(found), context) else None


def _one(command: Command, part: str, now: datetime) -> Command | None:
    """One activity and a past day: a day and month that would be a booking is last year's."""
    if command.intent not in ("log", "book") or command.activity not in ACTIVITIES or command.minutes:
        return None
    if command.date is None or not any(char.isdigit() for char in part):
        return None
    if command.date > now.date():
        command = replace(command, intent="log", date=add_months(command.date, -12))
    return command


def _is_answer(told: tuple[Command, ...], context: Context) -> bool:
    trainee = context.training
    if trainee is None or trainee.watched_from is None:
        return False
    watched, starts = trainee.watched_from, trainee.starts_on
    before = all(command.date and starts <= command.date < watched for command in told)
    return before and golive.is_open(context.session, context.person, trainee.id or 0)


def save(told: tuple[Command, ...], context: Context) -> Reply:
    """Write each as history. The first carries the message's id, so that it has one effect."""
    trainee = context.training
    if trainee is None:
        msg = "the answer was read as a trainee's"
        raise AssertionError(msg)
    ids = [context.inbox_id] + [None] * (len(told) - 1)
    entries = [_add(trainee, each, inbox_id, context) for each, inbox_id in zip(told, ids, strict=True)]
    subject = f"history:{entries[0].chain_id}"
    context.note("history_told", subject, count=len(entries))
    what = ", ".join(describe.entry(context.words, entry, context.person_id) for entry in entries)
    buttons = [context.button("undo", "unhistory", entries[0].chain_id or 0)]
    text = context.words.say("latest.saved", what=what)
    return context.reply(text, "logged", buttons=buttons, facts={"subject": subject})


def _add(trainee: Trainee, command: Command, inbox_id: int | None, context: Context) -> Entry:
    session, person, now = context.session, context.person, context.now
    return journal.add(session, trainee, command, person, inbox_id, now, origin="history").entry


def undo(chain: int, context: Context) -> Reply | None:
    """Take back all that one answer told."""
    first = journal.live(context.session, chain)
    if first is None or first.origin != "history" or first.written_by != context.person.id:
        return None
    together = context.session.exec(
        select(Entry).where(
            Entry.trainee_id == first.trainee_id,
            Entry.origin == "history",
            IS_LIVE,
            Entry.written_at == first.written_at,
        )
    ).all()
    for entry in together:
        journal.void(context.session, entry, context.now)
    context.note("undone", f"history:{chain}", count=len(together))
    what = ", ".join(describe.entry(context.words, entry, context.person_id) for entry in together)
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.reply(context.words.say("receipt.undone", what=what), "undone", replace=is_press)


def skipped(_press: Press, context: Context) -> Reply:
    """Hoppa över: nothing is saved and nothing is asked again."""
    context.note("history_skipped", f"person:{context.person_id}")
    return context.say("latest.skipped", "skipped", replace=True)
