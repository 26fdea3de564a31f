"""`ändra till fredag`, `nej, vab` after a booking or an absence: what was said last is put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlmodel import col, or_, select

from handlers import describe
from handlers.commands import absences, rebook, undo
from handlers.commands.voiding import own_spell
from handlers.context import Context
from handlers.drafts import unanswered
from handlers.language.command import INSTEAD, Command
from handlers.language.continuing import amend
from handlers.language.sentences.changed_booking import as_move
from handlers.language.sentences.moves import EARLIER, LATER
from handlers.language.sentences.putting_right import is_put_right
from handlers.message import Reply
from handlers.people import named as named_among
from handlers.people import person_of_trainee, trainees_of
from handlers.whose import About
from schedules.zone import to_local
from storage.tables import Absence, Booking, Trainee


def latest(context: Context, subjects: Sequence[str]) -> Reply | None:
    """Change what this person said last, where that is a booking or an absence and the line changes it."""
    for noun, _, number in (subject.partition(":") for subject in subjects):
        if noun in _CHANGED and undo.standing(noun, int(number), context) is not None:
            return _change(noun, int(number), context)
        if noun not in _CHANGED and noun in (*undo.VERBS, CHOSEN):
            return None
    return None


def named(command: Command, context: Context) -> Reply | None:
    """`ändra föräldraledigheten till 31/8`: the one of its kind that is not over, whatever was told since."""
    absence = _of_kind(command.absence, command.people, context) if command.absence else None
    if absence is None:
        return None
    if changed := _absence(absence, context):
        return changed
    kind = context.words.name("absence", absence.kind)
    return context.say(
        "ask.change_absence", "asked", what=describe.absence(context.words, absence), kind=kind
    )


def _of_kind(kind: str, names: Sequence[str], context: Context) -> Absence | None:
    """What this person told of it that goes on or is to come, the next first; None where it may be of several
    trainees.
    """
    lasts = or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= context.today)
    told = (Absence.written_by == context.person_id, col(Absence.imported_as).is_(None))
    of_it = (Absence.kind == kind, col(Absence.trainee_id).in_(_trainees(names, context)))
    stands = select(Absence).where(*of_it, col(Absence.voided_at).is_(None), lasts, *told)
    found = context.session.exec(stands.order_by(col(Absence.from_on))).all()
    return found[0] if len({row.trainee_id for row in found}) == 1 else None


def _trainees(names: Sequence[str], context: Context) -> list[int]:
    """Oneself, else those of one's own whom the line names, or all of them."""
    if context.training is not None:
        return [context.training.id or 0]
    theirs = trainees_of(context.session, context.person, context.today)
    said = [pair for name in names for pair in named_among(theirs, name)]
    return [trainee.id or 0 for trainee, _ in (said if names else theirs)]


def put_right(command: Command, context: Context) -> Reply | None:
    """`nej, på fredag`, `nej, från 21/12`: the booking or the absence that was told last, on the same day.

    Of a log no day to come can be right, so that such a line says by itself only what it is not.
    """
    asks = command.intent == "ask" and command.question == "activity" and command.activity is None
    if not (asks or command.intent == "unknown") or unanswered(context) or not _told_today(context):
        return None
    if not is_put_right(context.incoming.text, context.said_at):
        return None
    return latest(context, undo.own_subjects(context)) or (_as_it_stands(context) if asks else None)


def _as_it_stands(context: Context) -> Reply | None:
    """What cannot be so (`nej, från 21/12` of days before it): what it is now, and what to write."""
    noun, _, number = undo.own_subjects(context)[0].partition(":")
    return context.say("ask.change_other", "asked", what=undo.standing(noun, int(number), context))


def _told_today(context: Context) -> bool:
    """Whether the last that was told is a booking or an absence, and of today."""
    noun, _, number = next(iter(undo.own_subjects(context)), "").partition(":")
    if noun not in _CHANGED or not undo.standing(noun, int(number), context):
        return False
    session, key = context.session, int(number)
    row = session.get(Booking, key) if noun == "booking" else session.get(Absence, key)
    return row is not None and to_local(row.written_at, context.zone).date() == context.today


_CHANGED: Final = ("booking", "absence")
CHOSEN: Final = "change"
"""What a press of Ändra is about; `ångra` passes it by, since nothing was written."""


def _change(noun: str, number: int, context: Context) -> Reply | None:
    if noun == "booking":
        return _bookings(undo.own_bookings(number, context), context)
    absence = own_spell(Absence, number, context) if noun == "absence" else None
    return _absence(absence, context) if absence else None


def be_away(command: Command, context: Context) -> Reply:
    """Save an absence; `nej, vab` puts right the one that was told last, on the same day and of its days."""
    changed = _instead(command, context) if command.reason == INSTEAD else None
    return changed or absences.be_away(command, context)


def _instead(command: Command, context: Context) -> Reply | None:
    noun, _, number = next(iter(undo.own_subjects(context)), "").partition(":")
    if noun == "away" and command.date == context.today and undo.standing(noun, int(number), context):
        return context.say("kept.same", "kept")  # why somebody is away who is in no training is not kept
    absence = own_spell(Absence, int(number), context) if noun == "absence" else None
    if absence is None or to_local(absence.written_at, context.zone).date() != context.today:
        return None
    meant = command.absence == absence.kind or _is_of_its_days(command, absence)
    return _absence(absence, context) if meant or _says_no_day(absence, context) else None


def _is_of_its_days(command: Command, absence: Absence) -> bool:
    first, last = command.date, command.end_date
    if first is None:
        return True
    return absence.from_on <= (last or first) and (absence.to_on is None or first <= absence.to_on)


def _says_no_day(absence: Absence, context: Context) -> bool:
    """`nej, sjuk` after `vab imorgon`: what nobody plans is read as of today, where no day is said; so is
    `det var vab` after yesterday's leave, but a leave that is to come may stand beside what is of today.
    """
    before = _as_told(absence)
    if absence.kind not in absences.UNPLANNED and absence.from_on > context.today:
        return False
    after = amend(before, context.incoming.text, context.said_at)
    return (after.date, after.end_date) == (before.date, before.end_date)


def _as_told(absence: Absence) -> Command:
    return Command("absence", absence=absence.kind, date=absence.from_on, end_date=absence.to_on)


def _absence(absence: Absence, context: Context) -> Reply | None:
    told = as_changed(absence, context)
    return absences.instead(absence, told, context) if told else None


def as_changed(absence: Absence, context: Context) -> Command | None:
    """An absence as the line changes it; None where it does not, or may tell of another."""
    before = _as_told(absence)
    after = amend(before, context.incoming.text, context.said_at)
    told = Command("absence", absence=after.absence, date=after.date, end_date=after.end_date)
    if after.intent != "absence" or told == before or _may_be_another(told, before, context):
        return None
    return told


def _may_be_another(told: Command, before: Command, context: Context) -> bool:
    """Days that run backwards; and `ändra till 1/3` of what has no end, which may be its first day."""
    if told.date and told.end_date and told.end_date < told.date:
        return True
    ordered = context.incoming.text.casefold().startswith(("ändra", "change"))
    return ordered and before.end_date is None and told.end_date is not None and told.date == before.date


def _bookings(rows: Sequence[Booking], context: Context) -> Reply | None:
    """To another day, hour or length; of more than that it is said how."""
    told = as_move(context.incoming.text, context.said_at)
    if not rows or not _moves(told, context):
        return None
    trainee = context.session.get_one(Trainee, rows[0].trainee_id)
    about = About(trainee, person_of_trainee(context.session, trainee.id or 0), told)
    return rebook.these(rows, told, about, context)


def _moves(told: Command, context: Context) -> bool:
    if told.end_date and told.end_date < context.today:
        return False
    timed = told.end_date or told.time or told.minutes
    return bool(timed) or (told.reason or "").startswith((LATER, EARLIER))


def as_moved(booking: Booking, context: Context) -> Command | None:
    """A session as the line moves it; None where it does not."""
    told = as_move(context.incoming.text, context.said_at)
    return rebook.as_moved(booking, told, context) if _moves(told, context) else None
