"""Whose training a line is about: one's own, else that of one's own trainees, else it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import Final

from handlers.context import Context
from handlers.drafts import Choice, ask_choices
from handlers.language.command import THEIRS, Command
from handlers.message import Reply
from handlers.people import (
    colleagues,
    labels,
    named,
    people_named,
    person_of_trainee,
    roles_of,
    supervisors_of,
    told_apart,
    trainees_in,
    trainees_of,
)
from storage.tables import Person, RoleName, Trainee, Unit

LEADERS = frozenset((RoleName.STUDIEREKTOR, RoleName.HEAD, RoleName.CHIEF_DIRECTOR, RoleName.SECRETARY))
"""They see what is logged, and leave the writing of it to the pair."""

ONESELF = 0
"""In the place of a chosen training: it is about who wrote it, who is in none."""
_NAME_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class About:
    """The training, the trainee, and the line without the name that chose them."""

    trainee: Trainee
    person: Person
    command: Command


def say_of(key: str, trainee_id: int, context: Context, **values: object) -> str:
    """A text about one's own training, or of a trainee's, the one that says whose it is."""
    person = person_of_trainee(context.session, trainee_id)
    if person.id == context.person_id:
        return context.words.say(key, **values)
    return context.words.say(f"{key}_for", name=person.name, **values)


def about_whom(
    command: Command, context: Context, chosen: int | None = None, lines: Sequence[Command] = ()
) -> About | Reply:
    """The training a line is about, or the reply that asks or refuses.

    `chosen` is the trainee a button named; it must still be one's own: default deny. `lines` are all that the
    answer is to save together, where the line is the first of several.
    """
    own = context.training
    if command.reason == THEIRS:
        if chosen is None and (asked := _had_by_another(command, context)):
            return asked
        command = _without_oneself(command, context)
    if own is not None and chosen is None and (theirs := _own_trainees_named(own, command, context)):
        return _among(theirs, command, context, lines)
    if own is not None and chosen in (None, own.id):
        return _with_whole_names(About(own, context.person, command), context, lines)
    theirs = trainees_of(context.session, context.person, context.today)
    if chosen is not None:
        theirs = [pair for pair in theirs if pair[0].id == chosen]
        return About(*theirs[0], command) if theirs else context.say("refused.may_not", "refused")
    if not theirs:
        leads = roles_of(context.session, context.person) & LEADERS
        return context.say("refused.pair_writes" if leads else "refused.not_trainee", "refused")
    return _among(theirs, command, context, lines)


def _own_trainees_named(
    own: Trainee, command: Command, context: Context
) -> list[tuple[Trainee, Person]] | None:
    """One's own trainees, where who is in training supervises too and the line names one of them."""
    names = _perhaps_names(command)
    theirs = trainees_of(context.session, context.person, context.today) if names else []
    if not any(named(theirs, name) for name in names):
        return None
    over = supervisors_of(context.session, own.id or 0, context.today)
    return None if any(people_named(over, name) for name in names) else theirs


def _perhaps_names(command: Command) -> tuple[str, ...]:
    """The people of a line, and a note that may be a name only the roster knows."""
    note = command.note or ""
    return (
        (*command.people, note) if note[:1].isupper() and len(note.split()) <= _NAME_WORDS else command.people
    )


def _of_another_pair(
    theirs: list[tuple[Trainee, Person]], names: Sequence[str], context: Context
) -> Person | None:
    """A trainee of the same unit whom a line names and somebody else supervises."""
    units = [context.session.get_one(Unit, each) for each in {trainee.unit_id for trainee, _ in theirs}]
    everyone = trainees_in(context.session, units) if names else []
    return next((hits[0][1] for name in names if (hits := named(everyone, name))), None)


def _had_by_another(command: Command, context: Context) -> Reply | None:
    """`Erik hade sin handledning igår`: nobody logs as their own what another had.

    None where it is their own, their supervisor's with them, or of their trainee.
    """
    name, own = command.people[:1], context.training
    if own is not None:
        pair = [*supervisors_of(context.session, own.id or 0, context.today), context.person]
        mine = Choice(context.words.say("button.own_session"), replace(command, reason=None), own.id)
        known = any(people_named(pair, each) for each in name)
        return None if known else ask_choices(context, context.words.say("ask.whose_session"), [mine])
    theirs = trainees_of(context.session, context.person, context.today)
    if not name or not theirs or named(theirs, name[0]):
        return None
    rest = replace(command, people=command.people[1:], reason=None)
    names = labels([person for _, person in theirs])
    choices = [Choice(label, rest, pair[0].id) for label, pair in zip(names, theirs, strict=True)]
    return ask_choices(context, context.words.say("ask.person"), choices)


def _without_oneself(command: Command, context: Context) -> Command:
    """`Anna hade handledning med Eva` from Anna."""
    mine = any(people_named([context.person], name) for name in command.people[:1])
    return replace(command, people=command.people[1:] if mine else command.people, reason=None)


def _among(
    theirs: list[tuple[Trainee, Person]], command: Command, context: Context, lines: Sequence[Command]
) -> About | Reply:
    if noted := _noted(theirs, command.note):
        others = tuple(name for name in command.people if not named([noted], name))
        return About(*noted, replace(command, note=None, people=others))
    said = [name for name in command.people if named(theirs, name)]
    rest = replace(command, people=tuple(name for name in command.people if name not in said))
    hits = [pair for pair in theirs if any(named([pair], name) for name in said)] if said else theirs
    # `semester v52-v1` without a name may be one's own: it would pause the clocks of the only one in silence.
    is_sure = bool(said) or command.intent not in ("absence", "back")
    other = None if said else _of_another_pair(theirs, _perhaps_names(command), context)
    if len(hits) == 1 and is_sure and not other:
        note = _without_name(command.note, hits[0][1]) if said else command.note
        return About(*hits[0], replace(rest, note=note))
    days = tuple(replace(line, people=rest.people) for line in lines)
    names = labels([person for _, person in hits])
    choices = [
        Choice(name, rest, trainee=pair[0].id, lines=days) for name, pair in zip(names, hits, strict=True)
    ]
    if command.intent == "absence" and not said:
        mine = context.words.say("button.myself")
        choices.insert(0, Choice(mine, command, trainee=ONESELF, lines=tuple(lines)))
    if len(said) < 2:
        text = context.words.say(
            "ask.not_theirs" if other else "ask.person", name=other.name if other else ""
        )
        return ask_choices(context, text, choices)
    if command.intent not in ("log", "book") or len(hits) != len(said):
        return ask_choices(context, context.words.say("ask.several"), choices)
    return _ask_for_each([person for _, person in hits], days or (rest,), choices, context)


def _ask_for_each(
    people: list[Person], lines: tuple[Command, ...], choices: list[Choice], context: Context
) -> Reply:
    """`handledning med Anna och Bilal idag`: of all of them, or of one."""
    whole = [(line, meant) for line in lines for _, meant in told_apart(people)]
    every = tuple(replace(line, people=(*line.people, name)) for line, name in whole)
    label = context.words.say("button.every", count=len(people))
    question = context.words.say("ask.every_trainee", count=len(people))
    return ask_choices(context, question, [Choice(label, every[0], lines=every), *choices])


def _noted(theirs: list[tuple[Trainee, Person]], note: str | None) -> tuple[Trainee, Person] | None:
    """The one of them whose name is all that a note says: only the roster tells a rare name from a note."""
    hits = [pair for pair in theirs if is_noted([pair], note)]
    return hits[0] if len(hits) == 1 else None


def _without_name(note: str | None, person: Person) -> str | None:
    """The note without the rest of a name that it begins with: "Noor svåra samtal" after "med Bilal"."""
    name, words = set(person.name.casefold().split()), (note or "").split()
    rest = list(dropwhile(lambda word: word.casefold() in name, words))
    return note if len(rest) == len(words) else " ".join(rest) or None


def is_noted(theirs: list[tuple[Trainee, Person]], note: str | None) -> bool:
    """Whether all that a note says is the name of one of them, whole or in part."""
    said = set((note or "").casefold().split())
    return bool(said) and any(said <= set(person.name.casefold().split()) for _, person in theirs)


def _with_whole_names(about: About, context: Context, lines: Sequence[Command]) -> About | Reply:
    """Names as the roster has them: one's own supervisors first, then the unit; two hits are asked about.

    Who is in neither stays as written: an assessor is often somebody from another clinic.
    """
    if not about.command.people:
        return about
    whole: list[str] = []
    note = about.command.note
    for name in about.command.people:
        hits = known_as(name, about, context)
        if len(hits) > 1:
            return _ask_which(name, hits, about, context, lines)
        whole.append(hits[0].name.casefold() if hits else name)
        note = _without_name(note, hits[0]) if hits else note
    return replace(about, command=replace(about.command, people=tuple(whole), note=note))


def known_as(name: str, about: About, context: Context) -> list[Person]:
    """Those whom a trainee may mean by a name: of one's own supervisors, else of the unit."""
    pair = supervisors_of(context.session, about.trainee.id or 0, context.today)
    return people_named(pair, name) or people_named(colleagues(context.session, about.trainee), name)


def _ask_which(
    name: str, hits: list[Person], about: About, context: Context, lines: Sequence[Command]
) -> Reply:
    choices = [
        Choice(
            label,
            _renamed(about.command, name, meant),
            about.trainee.id,
            lines=tuple(_renamed(line, name, meant) for line in lines),
        )
        for label, meant in told_apart(hits)
    ]
    return ask_choices(context, context.words.say("ask.person"), choices)


def _renamed(command: Command, name: str, meant: str) -> Command:
    people = tuple(meant if each == name else each for each in command.people)
    return replace(command, people=people)


def of_a_colleague(about: About, context: Context, what: str, lines: Sequence[Command] = ()) -> Reply | None:
    """`Eva sjuk idag` from a trainee whose supervisor is called Eva: whose it is, is asked.

    `what` is "absence" or "return", `lines` as in about_whom.
    """
    own = context.training
    if own is None or about.trainee.id != own.id:
        return None
    others = [name for name in about.command.people if known_as(name, about, context)]
    if not others:
        return None  # `vab Elsa`
    days = tuple(replace(line, people=()) for line in lines)
    label = context.words.say(f"button.own_{what}")
    mine = Choice(label, replace(about.command, people=()), own.id, lines=days)
    return ask_choices(context, context.words.say(f"ask.whose_{what}", name=others[0].title()), [mine])
