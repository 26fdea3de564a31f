"""Who is who, and who reads what: `vem är min handledare`, `vem kan se det jag skriver`."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.context import Context
from handlers.language.command import Command
from handlers.message import Reply
from handlers.people import people_with, supervisors_of, trainees_of, units_of
from storage.tables import RoleName, Unit

_TOLD = (RoleName.STUDIEREKTOR, RoleName.HEAD)


def people(_command: Command, context: Context) -> Reply:
    """One's supervisors or trainees, and who answers for one's unit."""
    lines = [*_own(context), *_theirs(context), *_answering(context)]
    return context.reply("\n".join(lines or [context.words.say("who.nobody")]), "who")


def _own(context: Context) -> list[str]:
    mine = context.training
    if mine is None:
        return []
    names = [each.name for each in supervisors_of(context.session, mine.id or 0, context.today)]
    if not names:
        return [context.words.say("who.no_supervisor")]
    key = "who.supervisors" if len(names) > 1 else "who.supervisor"
    return [context.words.say(key, names=context.words.listed(names))]


def _theirs(context: Context) -> list[str]:
    found = trainees_of(context.session, context.person, context.today)
    if not found:
        return []
    return [context.words.say("who.trainees", names=context.words.listed([who.name for _, who in found]))]


def _answering(context: Context) -> Iterable[str]:
    """The studierektor and the head of each unit that one belongs to; nobody is told of themselves."""
    for unit in _units(context):
        for role in _TOLD:
            found = people_with(context.session, unit, role)
            names = [each.name for each in found if each.id != context.person.id]
            if names:
                listed = context.words.listed(names)
                yield context.words.say(f"who.{role}", unit=unit.name, names=listed)


def _units(context: Context) -> list[Unit]:
    mine = context.training
    if mine is not None:
        return [context.session.get_one(Unit, mine.unit_id)]
    return units_of(context.session, context.person, tuple(RoleName))


def reads(_command: Command, context: Context) -> Reply:
    """Who reads what is written here, as it is for the one who asks."""
    if context.training is not None:
        return context.say("reads.trainee", "reads")
    supervises = trainees_of(context.session, context.person, context.today)
    return context.say("reads.supervisor" if supervises else "reads.others", "reads")
