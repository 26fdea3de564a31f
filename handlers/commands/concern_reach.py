"""Whom a concern may be about, and which of those raised somebody is to read."""

from __future__ import annotations

from handlers.commands.leaders import within_reach
from handlers.context import Context
from handlers.message import Reply
from handlers.people import named, units_of
from schedules.concerns import ADDRESSED, OpenConcern, open_concerns
from storage.tables import Person, Trainee

LONGEST = 2000
"""Characters of what is said of it."""

Whom = tuple[Trainee, Person]


def addressed_to(context: Context) -> list[OpenConcern]:
    """Those that wait for an outcome and are the sender's to read."""
    units = units_of(context.session, context.person, ADDRESSED)
    return open_concerns(context.session, units, context.person)


def those_about(found: list[OpenConcern], people: tuple[str, ...], context: Context) -> list[OpenConcern]:
    """Those about a trainee who is named; all when none is."""
    if not people:
        return found
    pairs = [(context.session.get_one(Trainee, each.concern.trainee_id), each.trainee) for each in found]
    hits = {trainee.id for trainee, _ in named(pairs, people[0])}
    return [each for each in found if each.concern.trainee_id in hits]


def may_be_about(context: Context) -> list[Whom]:
    """One's own trainees and those of the units one answers for; never oneself."""
    return [pair for pair in within_reach(context) if pair[0].person_id != context.person.id]


def not_theirs(context: Context) -> Reply:
    """The answer to who may raise none: a trainee is told whom to talk to."""
    if context.training:
        return context.say("concern.own", "refused")
    return context.say("refused.may_not", "refused")
