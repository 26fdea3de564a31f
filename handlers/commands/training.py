"""A supervisor's own training: `handledarutbildning 12/3` from somebody who is not in training."""

from __future__ import annotations

from sqlmodel import select

from handlers.context import Context
from handlers.language.command import Command
from handlers.language.lexicon.normalise import clean
from handlers.message import Reply
from handlers.people import roles_of
from schedules.refreshers import refreshers
from storage.tables import RoleName, SupervisorTraining, Unit

BEGINNINGS = ("handledarutbildning", "handledarkurs", "supervisor course", "supervisor training")
"""A course like any other for a trainee, and in the reader."""


def is_own(command: Command, context: Context) -> bool:
    """Whether a course that is logged is the supervisor's own."""
    said = clean(context.incoming.text).strip().lstrip("/!").casefold()
    if command.activity != "course" or command.people or not said.startswith(BEGINNINGS):
        return False
    is_supervisor = RoleName.SUPERVISOR in roles_of(context.session, context.person)
    return is_supervisor and context.training is None


def run(command: Command, context: Context) -> Reply:
    """Save it, with by when it is to be refreshed where a rulebook says so."""
    day = command.end_date or command.date or context.today
    row = SupervisorTraining(
        person_id=context.person_id, done_on=day, written_at=context.now, inbox_id=context.inbox_id
    )
    context.session.add(row)
    context.session.flush()
    subject = f"training:{row.id}"
    context.note("supervisor_training", subject, on=day.isoformat())
    lines = [context.words.say("training.saved", what=_what(row, context)), *standing_lines(context)]
    buttons = [context.button("undo", "untraining", row.id or 0)]
    return context.reply("\n".join(lines), "training", buttons=buttons, facts={"subject": subject})


def standing_lines(context: Context) -> list[str]:
    """By when the supervisor's training is to be refreshed; nothing where no rulebook asks."""
    units = context.session.exec(select(Unit)).all()
    found = refreshers(context.session, units, context.today, context.person)
    if not found:
        return []
    due = min(each.due_on for each in found)
    key = "training.overdue" if due < context.today else "training.due"
    return [context.words.say(key, day=context.words.dated(due))]


def undo(number: int, context: Context) -> Reply | None:
    """The record is void, by whose it is."""
    row = context.session.get(SupervisorTraining, number)
    if row is None or row.voided_at is not None or row.person_id != context.person_id:
        return None
    row.voided_at = context.now
    context.session.add(row)
    context.note("undone", f"training:{number}")
    text = context.words.say("receipt.undone", what=_what(row, context))
    return context.reply(text, "undone", replace=bool(context.incoming.press))


def _what(row: SupervisorTraining, context: Context) -> str:
    return f"{context.words.say('training.name')} {context.words.dated(row.done_on)}"
