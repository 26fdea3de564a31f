"""For those who answer for units: how it stands, and the digest now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from handlers.access import may_see_notes
from handlers.context import Context, Press
from handlers.digests.digest import digest_of, digest_text, hushed, pair_buttons
from handlers.drafts import ask_which
from handlers.language.command import Command
from handlers.message import Reply
from handlers.one_duty import duty_text
from handlers.papers.attach import PICTURE, WORKBOOK
from handlers.people import labels, named, trainees_in, trainees_of, units_of
from handlers.standing import standing_text
from schedules.agenda import READERS
from schedules.concerns import subject_of
from storage.tables import Person, RoleName, Trainee

Answer = Callable[[Trainee, Person, Context], Reply]


def overview(command: Command, context: Context) -> Reply:
    """`översikt`: the digest's reading with the picture, trainees × requirements."""
    reply = digest_now(command, context)
    return _with(reply, PICTURE) if reply.outcome == "digest" else reply


def _with(reply: Reply, *papers: str) -> Reply:
    return replace(reply, message=replace(reply.message, papers=papers))


def show(command: Command, context: Context) -> Reply:
    """`visa Anna`: one trainee's standing, for those who supervise or answer for them. Heads see no notes."""
    return of_one(command, context, partial(_one, asked=command if command.activity else None))


def see(press: Press, context: Context) -> Reply:
    """A trainee's own button: the same as `visa` with their name, for those who still may."""
    return pressed_for(press, context, _one)


def of_one(command: Command, context: Context, answer: Answer) -> Reply:
    """The answer for the trainee within reach whom a line names; says so where that is nobody, or several.

    Who names somebody out of reach is answered as about nobody, and it is a refusal in the trail.
    """
    wanted, reach = " ".join(command.people) or command.note or "", within_reach(context)
    found = named(reach, wanted) if wanted else []
    if not found and _is_a_unit(wanted, context):
        return overview(command, context)  # `visa Ekbacken`
    if not found:
        figures = not reach and units_of(context.session, context.person, READERS)
        return context.say("show.figures" if figures else "show.none", "refused" if wanted else "nothing")
    if len(found) > 1:
        people = [person for _, person in found]
        question = context.words.say("show.several", names=", ".join(labels(people)))
        return ask_which(context, question, people, command)
    return answer(*found[0], context)


def _is_a_unit(wanted: str, context: Context) -> bool:
    units = units_of(context.session, context.person, READERS)
    return any(unit.name.casefold() == wanted.casefold() for unit in units)


def pressed_for(press: Press, context: Context, answer: Answer) -> Reply:
    """The answer for the trainee whom a button is about, while they are still within reach."""
    found = [pair for pair in within_reach(context) if [pair[0].id] == list(press.about)]
    return answer(*found[0], context) if found else context.say("show.none", "nothing")


def _one(trainee: Trainee, person: Person, context: Context, asked: Command | None = None) -> Reply:
    notes = may_see_notes(context.session, context.person, trainee.id or 0, context.today)
    context.note("shown", f"trainee:{trainee.id}")
    if asked:
        return context.reply(duty_text(trainee, person, asked, context, notes=notes), "show")
    return context.reply(standing_text(trainee, person, context, notes=notes), "show")


def within_reach(context: Context) -> list[tuple[Trainee, Person]]:
    """Own trainees, and those of the units one answers for as studierektor or head."""
    units = units_of(context.session, context.person, SEES_TRAINEES)
    theirs = trainees_of(context.session, context.person, context.today)
    ids = {trainee.id for trainee, _ in theirs}
    return theirs + [pair for pair in trainees_in(context.session, units) if pair[0].id not in ids]


SEES_TRAINEES = (RoleName.STUDIEREKTOR, RoleName.HEAD)


def digest_now(_command: Command, context: Context) -> Reply:
    """`digest`: what Monday's would be if it came now, with both its papers. Only for those who get one."""
    if not units_of(context.session, context.person, READERS):
        return context.say("refused.may_not", "refused")
    found = digest_of(context.session, context.person, context.now, context.today)
    if not context.incoming.private:
        found = hushed(found)
    for each in found.concerns:
        context.note("concern_seen", subject_of(each.concern))
    context.note("digest_seen", f"person:{context.person_id}")
    text = digest_text(context.words, found, context.today)
    buttons = pair_buttons(context.words, found, context.person_id)
    reply = context.reply(text, "digest", buttons=buttons, secret=bool(found.concerns))
    return _with(reply, PICTURE, WORKBOOK)
