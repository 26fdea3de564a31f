"""Placements: `sidotjänstgöring psykiatri 1/9-31/12 handledare Eva Ek`."""

from __future__ import annotations

from dataclasses import replace

from handlers import describe, stays
from handlers.context import Context
from handlers.drafts import Choice, ask_choices, open_question
from handlers.language.command import Command
from handlers.message import Reply
from handlers.people import people_named, told_apart
from handlers.slips import over_too_early
from handlers.whose import About, about_whom
from schedules.outbox.outgoing import Notice, tell
from schedules.standings import refresh
from storage.tables import Draft, Person, Placement

SOMEBODY_ELSE = "somebody_else"
"""`reason` of a line whose supervisor was asked about and is nobody in the roster."""


def run(command: Command, context: Context, chosen: int | None = None, *, anyway: bool = False) -> Reply:
    """Save a placement, or ask the one thing that is missing."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    people = _by_address(command, context) or about.command.people
    note = describe.public_note(about.command.note)
    about = replace(about, command=replace(about.command, note=note, people=people))
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
    lines = [(label, replace(about.command, people=(meant,))) for label, meant in told_apart(hits)]
    other = replace(about.command, reason=SOMEBODY_ELSE)
    lines.append((context.words.say("placement.somebody_else"), other))
    choices = [Choice(label, line, about.trainee.id, anyway=anyway) for label, line in lines]
    question = context.words.say("placement.ask_supervisor", name=name.title())
    return ask_choices(context, question, choices)


def _by_address(command: Command, context: Context) -> tuple[str, ...]:
    """A supervisor's e-mail as it stands in the line: of a shared name it alone tells who it is."""
    return tuple(name for name in command.people if "@" in name and _exactly(name, context))


def _exactly(name: str, context: Context) -> Person | None:
    said = name.casefold()
    hits = [p for p in stays.supervisors(context.session) if said in (p.name.casefold(), p.email.casefold())]
    return hits[0] if len(hits) == 1 else None


def _save(about: About, context: Context) -> Reply:
    placement, supervisor = _write(about, context)
    dates = {"on": placement.from_on.isoformat(), "until": placement.to_on.isoformat()}
    context.note("placed", f"placement:{placement.id}", **dates)
    return _saved(placement, supervisor, context)


def _saved(placement: Placement, supervisor: Person | None, context: Context) -> Reply:
    """The receipt; where nobody supervises yet, with the question who does."""
    refresh(context.session, placement.trainee_id, context.now, "placement")
    if supervisor is not None and supervisor.id != context.person_id:
        tell(context.session, _told(placement, supervisor, context), context.now)
    name = stays.supervisor_name(context.session, placement)
    text = context.words.say("placement.saved", what=describe.placement(context.words, placement, name))
    lines = [text] if name else [text, _ask_who(placement.id or 0, context)]
    buttons = [context.button("undo", "unplace", placement.id or 0)]
    facts = {"subject": f"placement:{placement.id}"}
    return context.reply("\n".join(lines), "placed", buttons=buttons, facts=facts)


def _ask_who(number: int, context: Context) -> str:
    """The next line may say who supervises there."""
    draft = Draft(
        person_id=context.person_id,
        inbox_id=context.inbox_id,
        asked={"placement": number},
        written_at=context.now,
    )
    context.session.add(draft)
    return context.words.say("placement.no_supervisor")


def read_answer(command: Command, context: Context) -> Reply | None:
    """`handledare Eva Ek` just after a placement was saved without one; any other line stands for itself."""
    name = _name_alone(command, context)
    draft = open_question(context) if name else None
    number = (draft.asked or {}).get("placement") if draft else None
    placement = context.session.get(Placement, number) if number else None
    if draft is None or placement is None or placement.voided_at is not None:
        return None
    supervisor = _exactly(name, context)
    hits = [] if supervisor else people_named(stays.supervisors(context.session), name)
    if hits:
        _ask_who(placement.id or 0, context)
        label, meant = told_apart(hits)[0]
        return context.say("placement.whole_name", "asked", name=meant if "@" in meant else label)
    draft.used_at = context.now
    _put(placement, supervisor, name, context)
    context.note("placement_supervisor", f"placement:{placement.id}")
    return _saved(placement, supervisor, context)


def _name_alone(command: Command, context: Context) -> str:
    """The one person that a line names and nothing else; "" for any other line."""
    if command.intent == "unknown":
        said = " ".join(context.incoming.text.split())
        return said if _exactly(said, context) else ""
    bare = (command.intent, command.question, len(command.people)) == ("ask", "activity", 1)
    return command.people[0] if bare and not (command.note or command.topics or command.minutes) else ""


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
        written_by=context.person_id,
        written_at=context.now,
        inbox_id=context.inbox_id,
    )
    context.session.add(placement)
    context.session.flush()
    _put(placement, supervisor, name, context)
    return placement, supervisor


def _put(placement: Placement, supervisor: Person | None, name: str | None, context: Context) -> None:
    """Who supervises there: somebody of the roster with rights and duties, else a name."""
    if supervisor is not None:
        stays.pair_up(context.session, placement, supervisor)
    elif name:
        placement.supervisor_name = name.title()[:200]
    context.session.add(placement)
    context.session.flush()


def _told(placement: Placement, supervisor: Person, context: Context) -> Notice:
    return Notice(
        person_id=supervisor.id or 0,
        kind="notice",
        subject=f"placement:{placement.id}",
        due_at=context.now,
        facts={"notice": "placed", "placement": placement.id, "trainee": placement.trainee_id},
    )
