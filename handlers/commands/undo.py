"""Taking back: `ångra` and the button under a receipt. What is taken back is void; nothing is deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from sqlmodel import col, func, select

from handlers import describe, journal, stays
from handlers.access import IMPORTED, may_change
from handlers.commands import (
    absences,
    agree,
    away,
    back,
    concern,
    concern_outcome,
    duty,
    kollegier,
    latest,
    mute,
    reinstate,
    remark,
    request,
    sessions,
    settle,
    several,
    training,
)
from handlers.commands.named import is_named, names_something
from handlers.commands.voiding import own_spell, undone
from handlers.context import Context, Press
from handlers.drafts import drop_question
from handlers.language.command import Command
from handlers.message import Reply
from schedules import bookings
from schedules.standings import refresh
from storage.tables import Absence, Audit, Booking, Inbox, Placement

RECENT = 20
"""How many of one's own messages back `ångra` looks for something to take back."""


def run(command: Command, context: Context) -> Reply:
    """Take back the latest thing this person wrote that still stands; an open question is only closed.

    Where the line names what, it is the latest of that; where there is none such, or it cannot be told what
    is meant, nothing is taken back unasked.
    """
    if drop_question(context):
        return context.say("receipt.question_dropped", "question_dropped")
    names = names_something(command)
    subjects = own_subjects(context)
    for subject in several.apart(subjects, context) if names else subjects:
        if names and not is_named(subject, command, context):
            continue
        if (done := _taken(subject, context, whole=names)) is not None:
            return done
    return _asked(context) if names else context.say("receipt.undone_none", "undone_none")


def _taken(subject: str, context: Context, *, whole: bool) -> Reply | None:
    """An absence that is named goes whole, however often it was changed."""
    noun, _, number = subject.partition(":")
    if whole and noun == "absence":
        return absences.undo(int(number), context, whole=True)
    return take_back(subject, context)


def _asked(context: Context) -> Reply:
    """What was written last and still stands, and the button that takes it back."""
    for subject in own_subjects(context):
        noun, _, number = subject.partition(":")
        what = standing(noun, int(number), context) if noun in _TOLD else None
        if what:
            button = context.button("undo", VERBS[noun], int(number))
            return context.reply(
                context.words.say("receipt.undo_which", what=what), "asked", buttons=[button]
            )
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
    "unleave": "away",
    "unreturn": "return",
    "unmute": "mute",
    "unask": "request",
    "unremark": "remark",
    "unconcern": "concern",
    "unstep": "step",
    "unarrange": "bookings",
    "unoff": "off",
    "unmended": "mended",
    "unseveral": several.NOUN,
}
VERBS: Final = {noun: verb for verb, noun in _NOUNS.items()}
"""The press that takes a thing back, by its noun."""
_TOLD: Final = ("entry", "booking", "absence", "away", "placement", several.NOUN)
_TAKEN_BACK: Final = ("undone", "unagreed", "unmuted")
"""Acts of the audit trail after which nothing is left to take back."""


def pressed(press: Press, context: Context) -> Reply:
    """Ångra under a receipt, whatever it was of."""
    subject = f"{_NOUNS[press.verb]}:{press.about[0]}" if press.about else ""
    done = take_back(subject, context)
    return done or context.say("receipt.undone_already", "nothing", replace=True)


def own_subjects(context: Context) -> list[str]:
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


def take_back(subject: str, context: Context) -> Reply | None:
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
    what = describe.entry(context.words, entry, context.person_id)
    return undone(what, f"entry:{chain}", entry.trainee_id, context)


def _undo_booking(number: int, context: Context) -> Reply | None:
    rows = own_bookings(number, context)
    if not rows:
        return None
    what = describe.bookings(context.words, rows, context.person_id)
    for row in rows:
        bookings.settle(context.session, row, "cancelled", context.now)
        sessions.tell_of_undoing(row, context)
    again = bookings.restore(context.session, rows, context.now, context.zone)
    context.session.flush()
    whose, subject = rows[0].trainee_id, f"booking:{number}"
    refresh(context.session, whose, context.now, "undo")
    if again:
        sessions.tell_back(again, context)
        old = describe.moment(context.words, again[0])
        key = "receipt.moved_back" if len(again) == 1 else "receipt.moved_back_all"
        return undone(what, subject, whose, context, key, old=old)
    return undone(what, subject, whose, context)


def _undo_several(number: int, context: Context) -> Reply | None:
    """All that one line saved, and that still stands."""
    there = _each_standing(number, context)
    gone = [what for subject, what in there.items() if take_back(subject, context)]
    return undone(", ".join(gone), f"{several.NOUN}:{number}", None, context) if gone else None


def _each_standing(number: int, context: Context) -> dict[str, str]:
    """What was saved together and still stands: by its subject, in words, with whose it is."""
    found = several.each_of(number, context)
    told = [(noun, key, what) for noun, key in found if (what := standing(noun, key, context))]
    return {f"{noun}:{key}": f"{what}{several.whose(noun, key, context)}" for noun, key, what in told}


def _undo_placement(number: int, context: Context) -> Reply | None:
    """The placement is void, and its supervisor's rights and duties with it."""
    placement = own_spell(Placement, number, context)
    if placement is None:
        return None
    what = describe.placement(context.words, placement, None)
    stays.void(context.session, placement, context.now)
    return undone(what, f"placement:{number}", placement.trainee_id, context)


_UNDO: Final[dict[str, Callable[[int, Context], Reply | None]]] = {
    "entry": _undo_entry,
    "absence": absences.undo,
    "booking": _undo_booking,
    "placement": _undo_placement,
    "pairing": agree.undo,
    "history": latest.undo,
    "duty": duty.undo,
    "training": training.undo,
    "back": back.undo,
    "away": away.undo,
    "return": away.undo_return,
    "mute": mute.undo,
    "request": request.withdraw,
    "answer": request.take_answer_back,
    "remark": remark.undo,
    "mended": duty.reopen,
    "concern": concern.undo,
    "step": concern_outcome.undo_step,
    "bookings": kollegier.undo,
    "off": reinstate.undo,
    several.NOUN: lambda number, context: _undo_several(number, context),
}


def own_bookings(number: int, context: Context) -> Sequence[Booking]:
    """What is left to come of a booking or a series that this person made, the next first."""
    rows = context.session.exec(
        select(Booking)
        .where(Booking.series_id == number, Booking.state == "planned")
        .order_by(col(Booking.on_date))
    ).all()
    return rows if rows and rows[0].written_by == context.person.id else ()


def standing(noun: str, number: int, context: Context) -> str | None:
    """An entry, a booking, an absence or a placement in words, if this person may take it back now."""
    words, reader = context.words, context.person_id
    match noun:
        case "entry":
            entry = journal.live(context.session, number)
            return describe.entry(words, entry, reader) if entry and may_change(context, entry) else None
        case "booking":
            rows = own_bookings(number, context)
            return describe.bookings(words, rows, reader) if rows else None
        case "absence":
            absence = own_spell(Absence, number, context)
            return describe.absence(words, absence) if absence else None
        case "away":
            days = away.own(number, context)
            return away.what(words, days) if days else None
        case several.NOUN:
            return ", ".join(_each_standing(number, context).values()) or None
    placement = own_spell(Placement, number, context)
    return describe.placement(words, placement, None) if placement else None


def was_taken_back(subject: str, context: Context) -> bool:
    """Whether the trail says so of what a subject names."""
    of = select(Audit.id).where(Audit.subject == subject, col(Audit.act).in_(_TAKEN_BACK))
    return context.session.exec(of).first() is not None
