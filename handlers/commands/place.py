"""Placements: `sidotjänstgöring psykiatri 1/9-31/12 handledare Eva Ek`."""

from __future__ import annotations

from dataclasses import replace

from handlers import describe, stays
from handlers.context import Context
from handlers.drafts import Choice, ask_choices
from handlers.language.command import Command
from handlers.message import Reply
from handlers.people import people_named
from handlers.slips import over_too_early
from handlers.whose import About, about_whom
from schedules.outgoing import Notice, tell
from schedules.standings import refresh
from storage.tables import Person, Placement

SOMEBODY_ELSE = "somebody_else"
"""`reason` of a line whose supervisor was asked about and is nobody in the roster."""


def run(command: Command, context: Context, chosen: int | None = None, *, anyway: bool = False) -> Reply:
    """Save a placement, or ask the one thing that is missing."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    if not about.command.note:
        return context.say("placement.ask_place", "asked")
    if about.command.date is None or about.command.end_date is None:
        return context.say("placement.ask_end", "asked", place=about.command.note)
    asked = over_too_early(about, context) or (None if anyway else _overlap(about, context))
    return asked or _which_supervisor(about, context, anyway=anyway) or _save(about, context)


def _overlap(about: About, context: Context) -> Reply | None:
    first, last = about.command.date, about.command.end_date
    there = first and last and stays.overlapping(context.session, about.trainee.id or 0, first, last)
    if not there:
        return None
    what = describe.placement(context.words, there, None)
    choice = Choice(context.words.say("button.again"), about.command, about.trainee.id, anyway=True)
    return ask_choices(context, context.words.say("placement.overlaps", what=what), [choice])


def _which_supervisor(about: About, context: Context, *, anyway: bool) -> Reply | None:
    """A name that is not wholly somebody's is asked about: it gives a right to see."""
    name = next(iter(about.command.people), None)
    if name is None or about.command.reason == SOMEBODY_ELSE or _exactly(name, context):
        return None
    hits = people_named(stays.supervisors(context.session), name)
    if not hits:
        return None
    lines = [(hit.name, replace(about.command, people=(hit.name.casefold(),))) for hit in hits]
    other = replace(about.command, reason=SOMEBODY_ELSE)
    lines.append((context.words.say("placement.somebody_else"), other))
    choices = [Choice(label, line, about.trainee.id, anyway=anyway) for label, line in lines]
    question = context.words.say("placement.ask_supervisor", name=name.title())
    return ask_choices(context, question, choices)


def _exactly(name: str, context: Context) -> Person | None:
    hits = [p for p in stays.supervisors(context.session) if p.name.casefold() == name.casefold()]
    return hits[0] if len(hits) == 1 else None


def _save(about: About, context: Context) -> Reply:
    placement, supervisor = _write(about, context)
    refresh(context.session, placement.trainee_id, context.now, "placement")
    subject = f"placement:{placement.id}"
    context.note("placed", subject, on=placement.from_on.isoformat(), until=placement.to_on.isoformat())
    if supervisor is not None and supervisor.id != context.person_id:
        tell(context.session, _told(placement, supervisor, context), context.now)
    name = stays.supervisor_name(context.session, placement)
    text = context.words.say("placement.saved", what=describe.placement(context.words, placement, name))
    lines = [text] if name else [text, context.words.say("placement.no_supervisor")]
    buttons = [context.button("undo", "unplace", placement.id or 0)]
    return context.reply("\n".join(lines), "placed", buttons=buttons, facts={"subject": subject})


def _write(about: About, context: Context) -> tuple[Placement, Person | None]:
    command, name = about.command, next(iter(about.command.people), None)
    if command.date is None or command.end_date is None:
        msg = "a placement needs both its days"
        raise ValueError(msg)
    known = name and command.reason != SOMEBODY_ELSE
    supervisor = _exactly(name, context) if name and known else None
    placement = Placement(
        trainee_id=about.trainee.id or 0,
        place=(command.note or "")[:200],
        from_on=command.date,
        to_on=command.end_date,
        supervisor_name=name.title()[:200] if name and supervisor is None else None,
        written_by=context.person_id,
        written_at=context.now,
        inbox_id=context.inbox_id,
    )
    context.session.add(placement)
    context.session.flush()
    if supervisor is not None:
        stays.pair_up(context.session, placement, supervisor)
        context.session.flush()
    return placement, supervisor


def _told(placement: Placement, supervisor: Person, context: Context) -> Notice:
    return Notice(
        person_id=supervisor.id or 0,
        kind="notice",
        subject=f"placement:{placement.id}",
        due_at=context.now,
        facts={"notice": "placed", "placement": placement.id, "trainee": placement.trainee_id},
    )
