"""Papers: `export`, `underlag årsrapport Anna`, `underlag spur Ekbacken anonymt`. Drawn at the sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.context import Context
from handlers.drafts import MOST, Choice, ask_choices, ask_which
from handlers.language.command import Command
from handlers.message import Reply
from handlers.papers.asked import PACK, PDF, XLSX, Asked, may_have
from handlers.people import labels, named, trainees_in, trainees_of, units_of
from storage.tables import Person, RoleName, Trainee, Unit

LEADS = (RoleName.STUDIEREKTOR, RoleName.HEAD, RoleName.CHIEF_DIRECTOR)


def export(command: Command, context: Context) -> Reply:
    """`export`: the documentation as PDF and as a workbook, and the coverage of goals."""
    found = _whose(command, context)
    if isinstance(found, Reply):
        return found
    trainee, person = found
    about = trainee.id or 0
    papers = (Asked("documentation", about), Asked("documentation", about, XLSX), Asked("coverage", about))
    return _with(context, "paper_reply.export", papers, person.name)


def run(command: Command, context: Context) -> Reply:
    """`underlag …`: draft facts about a trainee, or a unit's figures for a review."""
    if not command.reason:
        return context.say("paper_reply.which", "asked")
    kind, *more = command.reason.split()
    if kind == PACK:
        return _pack(command, context, anonymous="anonymous" in more)
    found = _whose(command, context)
    if isinstance(found, Reply):
        return found
    trainee, person = found
    papers = [Asked(kind, trainee.id or 0)]
    papers += [Asked(kind, trainee.id or 0, XLSX)] if kind == "documentation" else []
    return _with(context, f"paper_reply.{kind}", papers, person.name)


def _whose(command: Command, context: Context) -> tuple[Trainee, Person] | Reply:
    """One's own training when nobody is named, else somebody within reach: nobody else is known of."""
    wanted = " ".join(command.people)
    own = context.training
    if own is not None and not wanted:
        return own, context.person
    reach = _reach(context, own)
    if not reach:
        return _out_of_reach(wanted, context)
    found = named(reach, wanted) if wanted else reach
    if len(found) == 1:
        return found[0]
    if not found:
        return context.say("show.none", "refused")
    people = [person for _, person in found]
    key = (
        "show.several"
        if wanted
        else f"paper_reply.{'whose_export' if command.intent == 'export' else 'whose'}"
    )
    names = ", ".join(labels(people))
    return ask_which(context, context.words.say(key, names=names, name=people[0].name), people, command)


def _out_of_reach(wanted: str, context: Context) -> Reply:
    """A head and a chief director have no trainee's papers, whoever it is, but their units'."""
    if units_of(context.session, context.person, LEADS):
        return context.say("paper_reply.of_units", "refused")
    return context.say("show.none" if wanted else "refused.may_not", "refused")


def _reach(context: Context, own: Trainee | None) -> list[tuple[Trainee, Person]]:
    """Oneself, one's own trainees, and those of the units one is studierektor of; heads see no logs."""
    units = units_of(context.session, context.person, (RoleName.STUDIEREKTOR,))
    found = [
        *([(own, context.person)] if own else []),
        *trainees_of(context.session, context.person, context.today),
        *trainees_in(context.session, units),
    ]
    return list({trainee.id: (trainee, person) for trainee, person in found}.values())


def _pack(command: Command, context: Context, *, anonymous: bool) -> Reply:
    units = units_of(context.session, context.person, LEADS)
    if not units:
        return context.say("refused.may_not", "refused")
    wanted = (command.note or "").casefold()
    found = [unit for unit in units if wanted in unit.name.casefold()] if wanted else units
    exact = [unit for unit in found if unit.name.casefold() == wanted]
    found = exact or found
    if len(found) != 1:
        return _which_unit(found or units, command, context)
    return _of_unit(found[0], context, anonymous=anonymous)


def _which_unit(units: Sequence[Unit], command: Command, context: Context) -> Reply:
    names = ", ".join(unit.name for unit in units)
    shown = units if len(units) <= MOST else ()
    choices = [Choice(unit.name, replace(command, note=unit.name)) for unit in shown]
    question = context.words.say("paper_reply.which_unit", names=names, name=units[0].name)
    return ask_choices(context, question, choices)


def _of_unit(unit: Unit, context: Context, *, anonymous: bool) -> Reply:
    papers = [Asked(PACK, unit.id or 0, form, anonymous) for form in (PDF, XLSX)]
    if not may_have(context.session, context.person, papers[0], context.today):
        return context.say("paper_reply.only_anonymous", "refused", unit=unit.name)
    key = "paper_reply.pack_anonymous" if anonymous else "paper_reply.pack"
    return _with(context, key, papers, unit.name)


def _with(context: Context, key: str, papers: Sequence[Asked], name: str) -> Reply:
    """The answer with the names of its papers; the audit trail says which."""
    subject = f"{'unit' if papers[0].kind == PACK else 'trainee'}:{papers[0].number}"
    context.note("paper", subject, paper=papers[0].kind, anonymous=int(papers[0].anonymous))
    reply = context.say(key, "paper", name=name)
    return replace(reply, message=replace(reply.message, papers=tuple(map(str, papers))))
