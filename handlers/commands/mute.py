"""`tysta kollegium till 1 mars: väntar på ny chef`: no reminders about it until then. No date moves by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import col, select

from handlers import describe
from handlers.access import is_half_of_pair
from handlers.context import Context
from handlers.language.command import Command
from handlers.message import IncomingKind, Reply
from handlers.whose import About, about_whom
from schedules.lives.asked import watched
from schedules.lives.reading import load
from schedules.rules.requirement import Requirement
from schedules.standings import refresh
from storage.tables import Mute

LONGEST = timedelta(days=366)
"""Longer than a year is no pause but another rule: that is the studierektor's to set."""


def run(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """Silence what a line names, or let it be spoken of again."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    found = _requirements(about, context)
    if command.activity and not found:
        return context.say("mute.unknown", "asked")
    if command.reason == "off":
        return _off(about, found, context)
    if command.activity is None:
        return context.say("mute.ask_what", "asked")
    if about.command.date is None or not context.today < about.command.date <= context.today + LONGEST:
        return context.say("mute.ask_date", "asked")
    if describe.public_note(about.command.note) is None:
        return context.say("mute.ask_reason", "asked")
    return _save(about, found, context)


def _requirements(about: About, context: Context) -> list[Requirement]:
    life = load(context.session, about.trainee.id or 0, context.now)
    asked = watched(life.rulebook.requirements.values())
    return [each for each in asked if about.command.activity in each.activities]


def _save(about: About, found: Sequence[Requirement], context: Context) -> Reply:
    command, words = about.command, context.words
    until, reason = command.date or context.today, describe.public_note(command.note) or ""
    _lift(_standing(about.trainee.id or 0, found, context), context)
    rows = [_mute(about.trainee.id or 0, each.key, until, reason, context) for each in found]
    context.session.add_all(rows)
    context.session.flush()
    refresh(context.session, about.trainee.id or 0, context.now, "mute")
    subject = f"mute:{rows[0].id}"
    context.note("muted", subject, requirement=rows[0].requirement, until=until.isoformat())
    titles = ", ".join(describe.topic(words, each) for each in found)
    text = words.say("mute.saved", title=titles, day=words.dated(until), reason=reason)
    button = context.button("undo", "unmute", rows[0].id or 0)
    return context.reply(text, "muted", buttons=[button], facts={"subject": subject})


def _mute(trainee_id: int, requirement: str, until: date, reason: str, context: Context) -> Mute:
    return Mute(
        trainee_id=trainee_id,
        requirement=requirement,
        until=until,
        reason=reason[:500],
        written_by=context.person_id,
        written_at=context.now,
    )


def _off(about: About, found: Sequence[Requirement], context: Context) -> Reply:
    rows = _standing(about.trainee.id or 0, found if about.command.activity else None, context)
    if not rows:
        return context.say("mute.none", "nothing")
    _lift(rows, context)
    refresh(context.session, about.trainee.id or 0, context.now, "mute")
    return context.say("mute.off", "unmuted")


def undo(number: int, context: Context) -> Reply | None:
    """Everything that was silenced in the same line is spoken of again, by either half of the pair.

    None where it is by now.
    """
    row = context.session.get(Mute, number)
    if row is None or row.lifted_at is not None:
        return None
    if not is_half_of_pair(context.session, context.person, row.trainee_id, context.today):
        return None
    rows = [each for each in _standing(row.trainee_id, None, context) if each.written_at == row.written_at]
    if not rows:
        return None
    _lift(rows, context)
    refresh(context.session, row.trainee_id, context.now, "mute")
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.say("mute.off", "undone", replace=is_press)


def _standing(trainee: int, found: Sequence[Requirement] | None, context: Context) -> Sequence[Mute]:
    """What is silenced now: of some requirements, or of all."""
    wanted = select(Mute).where(Mute.trainee_id == trainee, col(Mute.lifted_at).is_(None))
    wanted = wanted.where(Mute.until > context.today)
    if found is not None:
        wanted = wanted.where(col(Mute.requirement).in_([each.key for each in found]))
    return context.session.exec(wanted).all()


def _lift(rows: Sequence[Mute], context: Context) -> None:
    for row in rows:
        row.lifted_at = context.now
        context.session.add(row)
        context.note("unmuted", f"mute:{row.id}", requirement=row.requirement)
    context.session.flush()
