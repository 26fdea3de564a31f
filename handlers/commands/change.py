"""Taking back and changing: undo voids, change adds a version, the other half may object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlmodel import col, func, select

from handlers import describe, journal, stays
from handlers.access import IMPORTED, may_change, may_confirm
from handlers.commands import (
    agree,
    back,
    concern,
    duty,
    kollegier,
    latest,
    log,
    mute,
    remark,
    request,
    sessions,
    settle,
    training,
)
from handlers.context import Context, Press
from handlers.drafts import drop_question
from handlers.earlier import brought_about
from handlers.language.command import Command
from handlers.language.reader import amend
from handlers.message import IncomingKind, Reply
from handlers.whose import About
from schedules import bookings
from schedules.outgoing import Notice, tell
from schedules.standings import refresh
from storage.tables import Absence, Booking, Entry, EntryState, Inbox, Person, Placement, Trainee

RECENT = 20
"""How many of one's own messages back `ångra` looks for something to take back."""


def undo_latest(_command: Command, context: Context) -> Reply:
    """Take back the latest thing this person wrote that still stands; an open question is only closed."""
    if drop_question(context):
        return context.say("receipt.question_dropped", "question_dropped")
    for subject in _own_subjects(context):
        if (done := _undo(subject, context)) is not None:
            return done
    return context.say("receipt.undone_none", "undone_none")


_NOUNS: Final = {
    "undo": "entry",
    "unbook": "booking",
    "unaway": "absence",
    "unplace": "placement",
    "unagree": "pairing",
    "unhistory": "history",
    "unduty": "duty",
    "untraining": "training",
    "unback": "back",
    "unmute": "mute",
    "unask": "request",
    "unremark": "remark",
    "unconcern": "concern",
    "unstep": "step",
    "unarrange": "bookings",
}


def undo_pressed(press: Press, context: Context) -> Reply:
    """Ångra under a receipt, whatever it was of."""
    subject = f"{_NOUNS[press.verb]}:{press.about[0]}" if press.about else ""
    done = _undo(subject, context)
    return done or context.say("receipt.undone_already", "nothing", replace=True)


def _own_subjects(context: Context) -> list[str]:
    """What this person's messages have touched, the latest said first; nothing that they said afterwards."""
    said = func.coalesce(Inbox.said_at, Inbox.received_at)
    rows = context.session.exec(
        select(Inbox.subject)
        .where(Inbox.person_id == context.person.id, Inbox.subject != "", Inbox.id != context.inbox_id)
        .where(said <= context.incoming.at)
        .order_by(said.desc(), col(Inbox.id).desc())
        .limit(RECENT)
    )
    return list(dict.fromkeys(rows.all()))


def _undo(subject: str, context: Context) -> Reply | None:
    """Void what a subject names, if it still stands and is this person's to take back."""
    noun, _, number = subject.partition(":")
    undo = _UNDO.get(noun)
    return undo(int(number), context) if undo and number.isdigit() else None


def _undo_entry(chain: int, context: Context) -> Reply | None:
    entry = journal.live(context.session, chain)
    if entry is not None and entry.origin == IMPORTED:
        return context.say("carry.fixed", "refused", unit=describe.origin(entry))
    if entry is None or not may_change(context, entry):
        return None
    journal.void(context.session, entry, context.now)
    sessions.unsettled(entry, context)
    if entry.disputed_at:
        settle.settled(entry, "undone", context)
    elif entry.confirmed_by and entry.level is None:
        settle.unconfirmed(entry, entry.confirmed_by, context)
    return _undone(describe.entry(context.words, entry, context.person_id), f"entry:{chain}", context)


def _undo_absence(number: int, context: Context) -> Reply | None:
    absence = context.session.get(Absence, number)
    if absence is None or absence.voided_at is not None or absence.imported_as:
        return None
    if absence.written_by != context.person.id:
        return None
    absence.voided_at = context.now
    context.session.add(absence)
    context.session.flush()
    sessions.take_up(absence.trainee_id, context)
    refresh(context.session, absence.trainee_id, context.now, "undo")
    what = describe.absence(context.words, absence)
    return _undone(what, f"absence:{number}", context)


def _undo_booking(number: int, context: Context) -> Reply | None:
    rows = context.session.exec(
        select(Booking)
        .where(Booking.series_id == number, Booking.state == "planned")
        .order_by(col(Booking.on_date))
    ).all()
    if not rows or rows[0].written_by != context.person.id:
        return None
    for row in rows:
        bookings.settle(context.session, row, "cancelled", context.now)
        sessions.tell_of_undoing(row, context)
    bookings.restore(context.session, rows[0], context.now, context.zone)
    context.session.flush()
    refresh(context.session, rows[0].trainee_id, context.now, "undo")
    return _undone(describe.booking(context.words, rows[0], context.person_id), f"booking:{number}", context)


def _undo_placement(number: int, context: Context) -> Reply | None:
    """The placement is void, and its supervisor's rights and duties with it."""
    placement = context.session.get(Placement, number)
    if placement is None or placement.voided_at is not None or placement.imported_as:
        return None
    if placement.written_by != context.person.id:
        return None
    what = describe.placement(context.words, placement, None)
    stays.void(context.session, placement, context.now)
    return _undone(what, f"placement:{number}", context)


_UNDO: Final[dict[str, Callable[[int, Context], Reply | None]]] = {
    "entry": _undo_entry,
    "absence": _undo_absence,
    "booking": _undo_booking,
    "placement": _undo_placement,
    "pairing": agree.undo,
    "history": latest.undo,
    "duty": duty.undo,
    "training": training.undo,
    "back": back.undo,
    "mute": mute.undo,
    "request": request.withdraw,
    "remark": remark.undo,
    "mended": duty.reopen,
    "concern": concern.undo,
    "step": concern.undo_step,
    "bookings": kollegier.undo,
}


def _undone(what: str, subject: str, context: Context) -> Reply:
    context.note("undone", subject)
    text = context.words.say("receipt.undone", what=what)
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.reply(text, "undone", replace=is_press)


def change_latest(_command: Command, context: Context) -> Reply:
    """`ändra till 45 min`: only what is named changes in the latest entry; `ändra` alone says how."""
    for subject in _own_subjects(context):
        noun, _, number = subject.partition(":")
        entry = journal.live(context.session, int(number)) if noun == "entry" else None
        if entry is not None and may_change(context, entry):
            return _amend_with(entry, context)
    return context.say("receipt.undone_none", "nothing")


def _amend_with(entry: Entry, context: Context) -> Reply:
    before = journal.as_command(entry, context.person_id)
    after = amend(before, context.incoming.text, context.said_at)
    if after.intent != "log" or after == before:
        return context.say("ask.change", "asked")
    return new_version(entry, after, context)


def message_edited(command: Command, context: Context, run: Callable[[Command, Context], Reply]) -> Reply:
    """The chat message was edited: what it logged follows; one that logged nothing is read anew.

    What it booked or said of an absence or a placement is taken back for what it says now.
    """
    entry = _entry_of_message(context)
    if entry is None or not may_change(context, entry):
        if command.intent in _IN_PLACE:
            _take_back(context)
        return run(command, context)
    if command.intent == "refused":
        return run(command, context)
    if command.intent != "log" or command.date is None:
        return context.say("ask.change", "asked")
    return new_version(entry, command, context)


_IN_PLACE: Final = frozenset({"log", "book", "move", "absence", "placement"})
"""What an edited line may say instead of what it said before."""


def _take_back(context: Context) -> None:
    for noun in ("booking", "absence", "placement"):
        if number := brought_about(noun, context):
            _undo(f"{noun}:{number}", context)


def message_deleted(context: Context) -> Reply:
    """The chat message was deleted: ask whether what it logged should go too."""
    entry = _entry_of_message(context)
    if entry is None or not may_change(context, entry):
        return concern.message_deleted(context) or context.say("kept.nothing", "nothing")
    what = describe.entry(context.words, entry, context.person_id)
    chain = entry.chain_id or 0
    buttons = [context.button("remove", "undo", chain), context.button("keep", "keep", chain)]
    return context.reply(context.words.say("ask.deleted", what=what), "asked", buttons=buttons)


def kept(_press: Press, context: Context) -> Reply:
    """Behåll: nothing changes."""
    return context.say("kept.nothing", "kept", replace=True)


def _entry_of_message(context: Context) -> Entry | None:
    """The live entry that an earlier version of this chat message made."""
    number = brought_about("entry", context)
    return journal.live(context.session, number) if number else None


def new_version(entry: Entry, after: Command, context: Context, *, replace: bool = False) -> Reply:
    """Put `after` in the place of the live version and receipt it; `replace` where the old receipt stood."""
    trainee = context.session.get_one(Trainee, entry.trainee_id)
    person = context.session.get_one(Person, trainee.person_id)
    written = journal.amend(context.session, entry, after, context.person, context.inbox_id, context.now)
    version = written.entry
    sessions.unsettled(entry, context)
    context.note("amended", f"entry:{version.chain_id}", version=version.id)
    if entry.disputed_at:
        settle.settled(entry, "amended", context)
    log.ask_other_half(written, person, context)
    about = About(trainee, person, after)
    return log.receipt("receipt.amended", written, about, context, "amended", replace=replace)


def confirmed(press: Press, context: Context) -> Reply:
    """Stämmer: the version that was shown is confirmed, and only that one."""
    entry = _shown(press, context)
    if entry is None:
        return context.say("confirm.gone", "stale_button", replace=True)
    if entry.disputed_at:
        settle.settled(entry, "withdrawn", context)
    entry.confirmed_by, entry.confirmed_at, entry.disputed_at = context.person.id, context.now, None
    context.session.add(entry)
    context.note("confirmed", f"entry:{entry.chain_id}", version=entry.id)
    what = describe.entry(context.words, entry, context.person_id)
    text = context.words.say("receipt.confirmed", what=what[:1].upper() + what[1:])
    return remark.offer(entry, text, (), context)


def disputed(press: Press, context: Context) -> Reply:
    """Stämmer inte: the author is told, the entry stays unconfirmed, the trace remains."""
    entry = _shown(press, context)
    if entry is None or entry.written_by is None:
        return context.say("confirm.gone", "stale_button", replace=True)
    entry.disputed_at, entry.confirmed_at, entry.confirmed_by = context.now, None, None
    context.session.add(entry)
    context.note("disputed", f"entry:{entry.chain_id}", version=entry.id)
    author = context.session.get_one(Person, entry.written_by)
    tell(context.session, _objection(entry, author, context), context.now)
    text = context.words.say("receipt.disputed", name=author.name)
    button = context.button("retract", "ok", entry.id or 0)
    return context.reply(text, "disputed", buttons=[button], replace=True)


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
