"""For those who answer for units: how it stands, and the digest now."""

from __future__ import annotations

from handlers.access import may_see_notes
from handlers.commands.tell import standing_text
from handlers.context import Context
from handlers.digest import digest_of, digest_text
from handlers.language.command import Command
from handlers.message import Reply
from handlers.people import named, trainees_in, trainees_of, units_of
from schedules.agenda import READERS
from storage.tables import Person, RoleName, Trainee


def overview(command: Command, context: Context) -> Reply:
    """`översikt`: for now the same minute's reading as the digest."""
    return digest_now(command, context)


def show(command: Command, context: Context) -> Reply:
    """`visa Anna`: one trainee's standing, for those who supervise or answer for them. Heads see no notes."""
    wanted = " ".join(command.people) or command.note or ""
    found = named(_within_reach(context), wanted) if wanted else []
    if not found:
        return context.say("show.none", "nothing")
    if len(found) > 1:
        return context.say("show.several", "asked", names=", ".join(person.name for _, person in found))
    trainee, person = found[0]
    notes = may_see_notes(context.session, context.person, trainee.id or 0, context.today)
    context.note("shown", f"trainee:{trainee.id}")
    return context.reply(standing_text(trainee, person, context, notes=notes), "show")


def _within_reach(context: Context) -> list[tuple[Trainee, Person]]:
    """Own trainees, and those of the units one answers for as studierektor or head."""
    units = units_of(context.session, context.person, SEES_TRAINEES)
    theirs = trainees_of(context.session, context.person, context.today)
    ids = {trainee.id for trainee, _ in theirs}
    return theirs + [pair for pair in trainees_in(context.session, units) if pair[0].id not in ids]


SEES_TRAINEES = (RoleName.STUDIEREKTOR, RoleName.HEAD)


def digest_now(_command: Command, context: Context) -> Reply:
    """`digest`: what Monday's would say if it came now. Only for those who get one."""
    if not units_of(context.session, context.person, READERS):
        return context.say("refused.may_not", "refused")
    found = digest_of(context.session, context.person, context.now, context.today)
    return context.reply(digest_text(context.words, found, context.today), "digest")
