"""What those addressed decide about a concern: its outcome, or a day on which to look again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import col, select

from handlers import describe
from handlers.commands.concern_reach import LONGEST, addressed_to, may_be_about, not_theirs, those_about
from handlers.context import Context, Press
from handlers.language.command import Command
from handlers.language.sentences.concerns import CLOSED
from handlers.message import IncomingKind, Reply
from handlers.people import person_of_trainee, units_of
from schedules import concerns
from schedules.concerns import ADDRESSED, OpenConcern, is_addressed, is_open
from storage.tables import Concern, ConcernStep

LATEST = timedelta(days=366)
LATER = timedelta(days=14)
"""What the button under a concern puts it off by."""


def decide(command: Command, context: Context) -> Reply:
    """`oro Anna klar: …` and `följ upp oro Anna 10/12`: all that is open about one trainee."""
    if not units_of(context.session, context.person, ADDRESSED):
        return context.say("concern.not_yours", "refused") if may_be_about(context) else not_theirs(context)
    found = those_about(addressed_to(context), command.people, context)
    people = {each.concern.trainee_id: each.trainee.name for each in found}
    if not found:
        return context.say("concern.none", "nothing")
    if len(people) > 1:
        return context.say("show.several", "asked", names=", ".join(sorted(people.values())))
    if command.reason == CLOSED:
        return _close(found, command, context)
    if command.date is None or not context.today < command.date <= context.today + LATEST:
        return context.say("concern.ask_date", "asked", name=found[0].trainee.name)
    return _follow_up(found, command, context)


def _close(found: list[OpenConcern], command: Command, context: Context) -> Reply:
    name, text = found[0].trainee.name, describe.public_note(command.note)
    if text is None:
        return context.say("concern.ask_outcome", "asked", name=name)
    first = _step(found, concerns.OUTCOME, context.today, text[:LONGEST], context)
    context.note("concern_closed", f"concern:{first.concern_id}")
    return _receipt(context.words.say("concern.closed", name=name), first, context)


def _follow_up(found: list[OpenConcern], command: Command, context: Context) -> Reply:
    name, day = found[0].trainee.name, command.date or context.today
    text = (describe.public_note(command.note) or "")[:LONGEST] or None
    first = _step(found, concerns.FOLLOW_UP, day, text, context)
    context.note("concern_follow_up", f"concern:{first.concern_id}", on=day.isoformat())
    return _receipt(
        context.words.say("concern.followed", name=name, day=context.words.dated(day)), first, context
    )


def _step(
    found: list[OpenConcern], kind: str, on_date: date, text: str | None, context: Context
) -> ConcernStep:
    """One step on each concern, said in one line; returns the first."""
    rows = [
        ConcernStep(
            concern_id=each.concern.id or 0,
            kind=kind,
            on_date=on_date,
            text=text,
            written_by=context.person_id,
            written_at=context.now,
            inbox_id=None if at else context.inbox_id,
        )
        for at, each in enumerate(found)
    ]
    context.session.add_all(rows)
    for each in found:
        concerns.settle(context.session, each.concern, context.now)
    return rows[0]


def _receipt(text: str, first: ConcernStep, context: Context) -> Reply:
    buttons = [context.button("undo", "unstep", first.id or 0)]
    facts: dict[str, str | int | None] = {"subject": f"step:{first.id}"}
    return context.reply(text, "concern", buttons=buttons, facts=facts)


def undo_step(number: int, context: Context) -> Reply | None:
    """What one line decided is void, by who wrote it, while it is still theirs to read."""
    row = context.session.get(ConcernStep, number)
    if row is None or row.voided_at is not None or row.written_by != context.person.id:
        return None
    of = context.session.get_one(Concern, row.concern_id)
    if not is_addressed(context.session, of, context.person):
        return None
    for each in _said_with(row, context):
        each.voided_at = context.now
        context.session.add(each)
        concern = context.session.get_one(Concern, each.concern_id)
        concerns.settle(context.session, concern, context.now)
        context.note("undone", f"step:{each.id}")
    is_press = context.incoming.kind is IncomingKind.PRESS
    name = person_of_trainee(context.session, of.trainee_id).name
    return context.say("concern.undone_step", "undone", replace=is_press, name=name)


def _said_with(row: ConcernStep, context: Context) -> Sequence[ConcernStep]:
    same = select(ConcernStep).where(
        ConcernStep.written_by == row.written_by,
        ConcernStep.written_at == row.written_at,
        col(ConcernStep.voided_at).is_(None),
    )
    return context.session.exec(same).all()


def later(press: Press, context: Context) -> Reply:
    """Följ upp om två veckor, under a concern."""
    row = context.session.get(Concern, press.about[0]) if press.about else None
    if row is None or not is_open(row) or not is_addressed(context.session, row, context.person):
        return context.say("ask.expired", "stale_button")
    found = [each for each in addressed_to(context) if each.concern.id == row.id]
    return _follow_up(found, Command("concern", date=context.today + LATER), context)
