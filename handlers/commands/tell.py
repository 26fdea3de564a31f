"""Telling: where one stands, what is saved, which rules hold, what one can write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlmodel import col, select

from handlers import describe, journal
from handlers.context import Context
from handlers.language.catalogue import help_lines, nearest_example
from handlers.language.command import Command
from handlers.language.normalise import clean
from handlers.message import Reply
from handlers.people import own_training, roles_of, trainees_of
from handlers.stays import place_of, placement_lines
from handlers.words import Words
from schedules.life import Life, load
from schedules.standings import rows_of
from storage.tables import Booking, Person, RoleName, Standing, Trainee

LATEST = 8
LEADERS = {RoleName.STUDIEREKTOR, RoleName.HEAD, RoleName.CHIEF_DIRECTOR}


def status(_command: Command, context: Context) -> Reply:
    """A trainee's own standing; a supervisor's trainees, one line each. What needs doing comes first."""
    trainee = own_training(context.session, context.person)
    if trainee is not None:
        return context.reply(standing_text(trainee, context.person, context), "status")
    theirs = trainees_of(context.session, context.person, context.today)
    if theirs:
        lines = [_one_line(trainee, person, context) for trainee, person in theirs]
        return context.reply("\n".join(lines), "status")
    is_supervisor = RoleName.SUPERVISOR in roles_of(context.session, context.person)
    return context.say("status.pairs_none" if is_supervisor else "status.no_training", "status")


def standing_text(trainee: Trainee, person: Person, context: Context, *, notes: bool = True) -> str:
    """How one trainee stands, what needs doing first; with `notes` also the latest entry."""
    life = load(context.session, trainee.id or 0, context.now)
    words = context.words
    lines = [words.say("status.head", name=person.name, unit=life.unit.name)]
    ranked = _ranked(life, context)
    todo = [_line(life, row, context) for row in ranked if row.state in ("overdue", "soon")]
    well = [_line(life, row, context) for row in ranked if row.state not in ("overdue", "soon")]
    lines += [words.say("status.todo"), *todo] if todo else [words.say("status.all_well")]
    lines += [words.say("status.well"), *well] if todo and well else well
    lines += describe.planned_end(words, life.timeline)
    lines += placement_lines(context.session, words, life)
    lines += _next_booking(trainee, context)
    return "\n".join([*lines, *(_latest(trainee, context) if notes else [])])


def _ranked(life: Life, context: Context) -> list[Standing]:
    known = life.rulebook.requirements
    rows = [row for row in rows_of(context.session, life.trainee.id or 0) if row.requirement in known]
    return sorted(rows, key=lambda row: (describe.SIGNS.index(row.state), row.due_on or date.max))


def _line(life: Life, row: Standing, context: Context) -> str:
    requirement = life.rulebook.requirements[row.requirement]
    words = context.words
    return words.say(
        "standing.line",
        sign=words.say(f"sign.{row.state}"),
        title=describe.title(words, requirement, place_of(context.session, row.occasion)),
        how=describe.how(words, requirement, row, context.today),
    )


def _next_booking(trainee: Trainee, context: Context) -> list[str]:
    upcoming = (
        select(Booking)
        .where(
            Booking.trainee_id == trainee.id,
            Booking.state == "planned",
            col(Booking.on_date) >= context.today,
        )
        .order_by(col(Booking.on_date), col(Booking.start_time))
        .limit(1)
    )
    words = context.words
    found = context.session.exec(upcoming).all()
    return [
        words.say("status.booked", what=describe.booking(words, booking, context.person_id))
        for booking in found
    ]


def _latest(trainee: Trainee, context: Context) -> list[str]:
    found = journal.latest(context.session, trainee.id or 0, 1)
    words = context.words
    return [
        words.say("status.latest", what=describe.entry(words, entry, context.person_id)) for entry in found
    ]


def _one_line(trainee: Trainee, person: Person, context: Context) -> str:
    """A supervisor's view of one trainee: what needs doing, or that all is well."""
    life = load(context.session, trainee.id or 0, context.now)
    ranked = _ranked(life, context)
    todo = [row for row in ranked if row.state in ("overdue", "soon")]
    state = todo[0].state if todo else "ok"
    how = "; ".join(
        f"{describe.title(context.words, life.rulebook.requirements[row.requirement])} "
        f"{describe.how(context.words, life.rulebook.requirements[row.requirement], row, context.today)}"
        for row in todo
    )
    words = context.words
    return words.say(
        "status.unit_line",
        sign=words.say(f"sign.{state}"),
        name=person.name,
        how=how or words.say("status.unit_well"),
    )


def history(_command: Command, context: Context) -> Reply:
    """The latest entries that count, newest first, with what the other half said of each."""
    own = own_training(context.session, context.person)
    about = (
        [own.id or 0]
        if own
        else [t.id or 0 for t, _ in trainees_of(context.session, context.person, context.today)]
    )
    entries = [entry for trainee in about for entry in journal.latest(context.session, trainee, LATEST)]
    entries = sorted(entries, key=lambda entry: (entry.on_date, entry.id), reverse=True)[:LATEST]
    words = context.words
    if not entries:
        return context.say("history.none", "history")
    lines = [
        words.say(
            "history.line",
            what=describe.entry(words, entry, context.person_id),
            mark=_mark(entry.confirmed_at, entry.disputed_at, context),
        )
        for entry in entries
    ]
    return context.reply("\n".join([words.say("history.head", count=len(lines)), *lines]), "history")


def _mark(confirmed: object, disputed: object, context: Context) -> str:
    if disputed:
        return context.words.say("history.disputed")
    return context.words.say("history.confirmed") if confirmed else ""


def rules(_command: Command, context: Context) -> Reply:
    """The rulebook that holds, each requirement with who says so."""
    own = own_training(context.session, context.person)
    theirs = [own] if own else [t for t, _ in trainees_of(context.session, context.person, context.today)]
    if not theirs:
        return context.say("rules.none", "rules")
    life = load(context.session, theirs[0].id or 0, context.now)
    words = context.words
    lines = [
        words.say(
            "rules.line",
            title=describe.title(words, requirement),
            source=words.say(
                "standing.source", document=requirement.source.document, section=requirement.source.section
            ),
        )
        for requirement in life.rulebook.requirements.values()
    ]
    head = words.say("rules.head", title=life.rulebook.title[words.locale])
    return context.reply("\n".join([head, *lines]), "rules")


def language(command: Command, context: Context) -> Reply:
    """`språk engelska`: everything is said in that language from now on."""
    wanted = _LANGUAGES.get((command.note or "").casefold())
    if wanted is None:
        return context.say("language.ask", "asked")
    context.person.locale = wanted
    context.session.add(context.person)
    context.note("language", f"person:{context.person.id}", locale=wanted)
    return replace(context, words=Words(wanted, context.today)).say("language.set", "language")


_LANGUAGES = {
    "svenska": "sv",
    "swedish": "sv",
    "sv": "sv",
    "engelska": "en",
    "english": "en",
    "en": "en",
}


def help_text(can: Callable[[str], bool], context: Context) -> Reply:
    """What this person can write, with examples that work as they stand; `can` knows the commands."""
    words = context.words
    leads = bool((LEADERS | {RoleName.SUPERVISOR}) & roles_of(context.session, context.person))
    lines = [f"• {line}" for line in help_lines(words.locale, can, leads=leads)]
    return context.reply("\n".join([words.say("help.head"), *lines, words.say("help.foot")]), "help")


def thanks(_command: Command, context: Context) -> Reply:
    """A thank-you gets a short answer and no more."""
    return context.say("unknown.thanks", "thanks")


def already_linked(_command: Command, context: Context) -> Reply:
    """`koppla` from somebody who is linked."""
    return context.say("link.already", "linked", name=context.person.name)


def unknown(_command: Command, context: Context) -> Reply:
    """Nothing was recognised: the nearest example, and never the person's own words back."""
    text = context.incoming.text
    if not clean(text).strip():
        return context.say("unknown.empty", "unknown")
    key = "unknown.command" if text.lstrip().startswith("/") else "unknown.line"
    return context.say(key, "unknown", example=nearest_example(text))


def refused(command: Command, context: Context) -> Reply:
    """An identity number, or far too much: why nothing was saved, and what to do instead."""
    return context.say(f"refused.{command.reason}", "refused")
