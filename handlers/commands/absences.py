"""Absences: they pause every clock, and let go what is booked in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlmodel import col, or_, select

from handlers import describe
from handlers.commands import away, plan, sessions
from handlers.commands.voiding import own_spell, undone
from handlers.context import Context
from handlers.language.command import PART_TIME, Command
from handlers.message import Reply
from handlers.slips import over_too_early
from handlers.whose import About, about_whom, of_a_colleague, say_of
from schedules.outbox.outgoing import Notice, tell
from schedules.standings import refresh
from storage.columns import Facts
from storage.tables import Absence, Audit, Outbox, OutboxState, Trainee

UNPLANNED: Final = ("sick", "child_care")
"""Kinds that nobody plans."""


def be_away(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """Save an absence: it pauses every clock and moves what is due. Outside training it only silences."""
    if away.is_own(command, context, chosen):
        return away.save(command, context)
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    if asked := not_so(about, context):
        return asked
    if known := known_as(about, context):
        what, undo = describe.absence(context.words, known), context.button("undo", "unaway", known.id or 0)
        return context.reply(context.words.say("kept.absent", what=what), "kept", buttons=[undo])
    absence = begin(about, context, context.inbox_id)
    refresh(context.session, absence.trainee_id, context.now, "absence")
    return _absent(absence, line_of(absence, about, context), context)


def not_so(about: About, context: Context, lines: Sequence[Command] = ()) -> Reply | None:
    """What is to be known before an absence is saved; None where all is. `lines` as in whose.about_whom."""
    if about.command.date is None or about.command.absence is None:
        return context.say("ask.away", "asked")
    return of_a_colleague(about, context, "absence", lines) or over_too_early(about, context, lines)


def begin(about: About, context: Context, inbox_id: int | None) -> Absence:
    """Save it, and let go what is booked in it; the standings are the caller's to refresh."""
    absence = _away(about.trainee.id or 0, about.command, inbox_id, context)
    sessions.let_go(absence, context)
    return absence


def line_of(absence: Absence, about: About, context: Context) -> str:
    """What a receipt tells of it."""
    key = plan.for_whom("receipt.absent" if absence.to_on else "receipt.absent_open", about, context)
    what = describe.absence(context.words, absence)
    text = context.words.say(key, name=context.called(about.person), what=what)
    if about.command.reason == PART_TIME:
        text = f"{text} {context.words.say('receipt.part_time')}"
    return text


def instead(old: Absence, command: Command, context: Context) -> Reply:
    """Another kind of absence, or other days, in the place of one."""
    old.voided_at = context.now
    context.session.add(old)
    whole = replace(command, absence=command.absence or old.kind, date=command.date or old.from_on)
    absence = _away(old.trainee_id, whole, context.inbox_id, context)
    sessions.take_up(old.trainee_id, context)
    sessions.let_go(absence, context)
    refresh(context.session, old.trainee_id, context.now, "absence")
    what = describe.absence(context.words, absence)
    text = say_of("receipt.amended", old.trainee_id, context, what=what)
    return _absent(absence, text, context, instead_of=old.id)


def before(absence: Absence, context: Context) -> Absence | None:
    """The one that this absence was put in the place of, by the trail; None where it was told anew."""
    told = select(Audit).where(Audit.act == "absent", Audit.subject == f"absence:{absence.id}")
    found = context.session.exec(told).first()
    number = found.facts.get("instead_of") if found else None
    return context.session.get(Absence, number) if number else None


def noted(absence: Absence, context: Context, **more: int | None) -> str:
    """Its line in the trail; the subject it stands under."""
    subject = f"absence:{absence.id}"
    context.note("absent", subject, kind=absence.kind, on=absence.from_on.isoformat(), **more)
    return subject


def tell_trainee(rows: Sequence[Absence], context: Context, *, instead_of: int | None = None) -> None:
    """Who is said to be away hears of it, once, from whoever else said so: they alone know if it is right."""
    facts = {"absences": [each.id for each in rows], "instead_of": instead_of}
    _tell("absent", rows[0], facts, context)


def _tell_undone(absence: Absence, context: Context) -> None:
    """Only who has been told of it."""
    told = select(Outbox.id).where(
        Outbox.subject == f"absence:{absence.id}", Outbox.step == "absent", Outbox.state == OutboxState.SENT
    )
    if context.session.exec(told).first() is not None:
        _tell("absent_undone", absence, {"absence": absence.id}, context)


def _tell(what: str, absence: Absence, facts: Facts, context: Context) -> None:
    trainee = context.session.get_one(Trainee, absence.trainee_id)
    if trainee.person_id == context.person_id:
        return
    notice = Notice(
        person_id=trainee.person_id,
        kind="notice",
        subject=f"absence:{absence.id}",
        period=str(facts.get("instead_of") or ""),  # it may hold again
        step=what,
        due_at=context.now,
        facts={"notice": what, "by": context.person_id, "trainee": trainee.id, **facts},
    )
    tell(context.session, notice, context.now)


def _absent(absence: Absence, text: str, context: Context, **more: int | None) -> Reply:
    subject = noted(absence, context, **more)
    tell_trainee([absence], context, **more)
    buttons = [context.button("undo", "unaway", absence.id or 0)]
    return context.reply(text, "absent", buttons=buttons, facts={"subject": subject})


def known_as(about: About, context: Context) -> Absence | None:
    """One of the same kind that has all of the days already: `sjuk`, said again at noon."""
    line = about.command
    last = line.end_date
    lasts = [col(Absence.to_on).is_(None), *([col(Absence.to_on) >= last] if last else [])]
    return context.session.exec(
        select(Absence).where(
            Absence.trainee_id == about.trainee.id,
            Absence.kind == line.absence,
            col(Absence.voided_at).is_(None),
            col(Absence.from_on) <= line.date,
            or_(*lasts),
        )
    ).first()


def _away(trainee_id: int, line: Command, inbox_id: int | None, context: Context) -> Absence:
    if line.absence is None or line.date is None:
        msg = "an absence needs its kind and its first day"
        raise ValueError(msg)
    absence = Absence(
        trainee_id=trainee_id,
        kind=line.absence,
        from_on=line.date,
        to_on=line.end_date,
        written_by=context.person_id,
        written_at=context.now,
        inbox_id=inbox_id,
    )
    context.session.add(absence)
    context.session.flush()
    return absence


def _said_of_oneself(number: int, context: Context) -> Absence | None:
    """Somebody else said in the chat that this trainee is away, and it stands."""
    row, own = context.session.get(Absence, number), context.training
    said = row is not None and row.voided_at is None and not row.imported_as
    return row if row and said and own is not None and row.trainee_id == own.id else None


def undo(number: int, context: Context, *, whole: bool = False) -> Reply | None:
    """Taken back, so that what it was put in the place of holds again; not where it goes as a `whole`."""
    absence = own_spell(Absence, number, context) or _said_of_oneself(number, context)
    if absence is None:
        return None
    absence.voided_at = context.now
    whole = whole or absence.written_by != context.person_id
    earlier = None if whole else before(absence, context)
    if earlier:
        earlier.voided_at = None
    context.session.flush()
    sessions.take_up(absence.trainee_id, context)
    if earlier:
        sessions.let_go(earlier, context)
    refresh(context.session, absence.trainee_id, context.now, "undo")
    what, subject = describe.absence(context.words, absence), f"absence:{number}"
    if earlier is None:
        _tell_undone(absence, context)
        return undone(what, subject, absence.trainee_id, context)
    tell_trainee([earlier], context, instead_of=absence.id)
    old = describe.absence(context.words, earlier)
    return undone(what, subject, absence.trainee_id, context, "receipt.absent_again", old=old)
