"""Assessments on request: a trainee asks, the assessor answers with one press and, if they like, one line."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import col, select

from handlers import describe, journal, stays
from handlers.commands import log, remark
from handlers.context import Context, Press
from handlers.desk import Desk
from handlers.drafts import Choice, ask_choices
from handlers.language.command import Command
from handlers.levels import levels
from handlers.message import IncomingKind, Reply
from handlers.notices.requests import kind_of, level_buttons, say_of, what_of
from handlers.people import colleagues, people_named, person_of_trainee, supervisors_of, told_apart
from handlers.whose import About
from schedules import requests
from storage.tables import AssessmentRequest, Entry, Identity, Person, Trainee


def run(command: Command, context: Context) -> Reply:
    """Send a trainee's request, once it is clear to whom; what cannot be sent may be logged instead."""
    own = context.training
    if own is None:
        return context.say("request.not_yours", "refused")
    name = command.people[0] if command.people else ""
    hits = _assessors(name, own, context)
    if len(hits) > 1:
        choices = [Choice(label, replace(command, people=(meant,))) for label, meant in told_apart(hits)]
        return ask_choices(context, context.words.say("ask.person"), choices)
    if not hits:
        return _log_instead(command, own, context)
    if not _is_linked(hits[0], context):
        return context.say("request.not_linked", "asked", name=hits[0].name)
    if early := log.too_early(About(own, context.person, command), context):
        return early
    return _same(command, hits[0], own, context) or _send(command, hits[0], own, context)


def _assessors(name: str, trainee: Trainee, context: Context) -> list[Person]:
    """Of that name: one's own supervisors first, then the unit's people, then every supervisor."""
    session = context.session
    circles = (
        supervisors_of(session, trainee.id or 0, context.today),
        colleagues(session, trainee),
        stays.supervisors(session),
    )
    found = (people_named([p for p in circle if p.id != trainee.person_id], name) for circle in circles)
    return next((hits for hits in found if hits), [])


def _is_linked(person: Person, context: Context) -> bool:
    found = select(Identity.id).where(Identity.person_id == person.id, col(Identity.disabled_at).is_(None))
    return context.session.exec(found.limit(1)).first() is not None


def _log_instead(command: Command, trainee: Trainee, context: Context) -> Reply:
    """An assessor from elsewhere cannot be asked: perhaps it is done already."""
    logged = replace(command, intent="log", date=command.date or context.today)
    text = context.words.say("request.unknown", name=(command.people[0] if command.people else "").title())
    label = context.words.say("button.log_today")
    return ask_choices(context, text, [Choice(label, logged, trainee.id)])


def _same(command: Command, assessor: Person, trainee: Trainee, context: Context) -> Reply | None:
    """The same request once more while the first waits: nobody is asked twice."""
    found = select(AssessmentRequest).where(
        AssessmentRequest.trainee_id == trainee.id,
        AssessmentRequest.assessor_id == assessor.id,
        AssessmentRequest.instrument == command.instrument,
        AssessmentRequest.note == describe.public_note(command.note),
        col(AssessmentRequest.state).in_(requests.OPEN),
    )
    if command.date:
        found = found.where(AssessmentRequest.asked_on == command.date)
    if context.session.exec(found).first() is None:
        return None
    return context.say("request.again", "nothing", name=assessor.name)


def _send(command: Command, assessor: Person, trainee: Trainee, context: Context) -> Reply:
    request = _asked(command, assessor, trainee, context)
    requests.plan(context.session, request, context.now)
    requests.ask(context.session, request, context.now)
    subject = requests.subject_of(request)
    context.note("requested", subject, assessor=assessor.id)
    example = _example(request, assessor, context)
    what = what_of(context.words, request)
    if request.asked_on != context.today:
        what = f"{what} ({context.words.day(request.asked_on)})"
    text = context.words.say("request.sent", name=assessor.name, what=what, example=example)
    button = context.button("undo", "unask", request.id or 0)
    return context.reply(text, "requested", buttons=[button], facts={"subject": subject})


def _example(request: AssessmentRequest, assessor: Person, context: Context) -> str:
    """How to log it as done."""
    on, what = request.asked_on, kind_of(context.words, request)
    if on == context.today:
        return context.words.say("request.example", what=what, name=assessor.name)
    day = f"{on.day}/{on.month}"
    return context.words.say("request.example_on", what=what, day=day, name=assessor.name)


def _asked(command: Command, assessor: Person, trainee: Trainee, context: Context) -> AssessmentRequest:
    request = AssessmentRequest(
        trainee_id=trainee.id or 0,
        assessor_id=assessor.id or 0,
        instrument=command.instrument,
        goals=list(command.goals),
        topics=list(command.topics),
        note=(describe.public_note(command.note) or "")[:500] or None,
        asked_on=command.date or context.today,
        asked_at=context.now,
        inbox_id=context.inbox_id,
    )
    context.session.add(request)
    context.session.flush()
    return request


def withdraw(number: int, context: Context) -> Reply | None:
    """Ångra by the trainee, while nobody has answered."""
    request = context.session.get(AssessmentRequest, number)
    own = context.training
    if request is None or own is None or own.id != request.trainee_id or request.state not in requests.OPEN:
        return None
    is_press = context.incoming.kind is IncomingKind.PRESS
    requests.finish(context.session, request, "withdrawn", context.now)
    context.note("undone", requests.subject_of(request))
    return context.say("request.withdrawn", "undone", replace=is_press, what=what_of(context.words, request))


def opened(press: Press, context: Context) -> Reply:
    """Bedöm under a bundle: the levels, to be pressed."""
    request = _waiting(press, context)
    if request is None:
        return _no_longer(context)
    desk = Desk(context.session, context.person, context.words, context.now, context.today, context.zone)
    name = person_of_trainee(context.session, request.trainee_id).name
    text = say_of(context.words, "ask", request, name=name, day=context.words.day(request.asked_on))
    return context.reply(text, "asked", buttons=level_buttons(desk, request))


def answered(press: Press, context: Context) -> Reply:
    """A level: it is an assessment by the assessor from now on, and a line may be added."""
    request = _waiting(press, context)
    every = levels(request.instrument) if request else ()
    if request is None or len(press.about) != 2 or press.about[1] >= len(every):
        return _no_longer(context)
    entry = _entry(request, every[press.about[1]], context)
    request.chain_id = entry.chain_id
    requests.finish(context.session, request, "done", context.now)
    requests.tell_trainee(context.session, request, context.now)
    context.note("assessed", requests.subject_of(request), entry=entry.chain_id, level=entry.level)
    name = person_of_trainee(context.session, request.trainee_id).name
    what = describe.entry(context.words, entry, context.person_id)
    text = context.words.say("request.saved", name=name, what=what)
    button = context.button("undo", "unassess", request.id or 0)
    offered = remark.offer(entry, text, [button], context)
    return replace(offered, facts={**offered.facts, "subject": f"answer:{request.id}"})


def _no_longer(context: Context) -> Reply:
    """Answered, withdrawn or run out; what was pressed stays as it was."""
    return context.say("request.no_longer", "stale_button")


def _entry(request: AssessmentRequest, level: str, context: Context) -> Entry:
    """Dated the day it was asked for: that is when what is assessed took place."""
    line = Command(
        "log",
        activity="assessment",
        date=request.asked_on,
        instrument=request.instrument,
        topics=tuple(request.topics),
        goals=tuple(request.goals),
        people=(context.person.name.casefold(),),
        note=request.note,
    )
    trainee = context.session.get_one(Trainee, request.trainee_id)
    entry = journal.add(context.session, trainee, line, context.person, context.inbox_id, context.now).entry
    entry.level, entry.confirmed_by, entry.confirmed_at = level, context.person_id, context.now
    context.session.add(entry)
    context.session.flush()
    return entry


def declined(press: Press, context: Context) -> Reply:
    """Avböj: the trainee may ask somebody else."""
    request = _waiting(press, context)
    if request is None:
        return _no_longer(context)
    requests.finish(context.session, request, "declined", context.now)
    requests.tell_trainee(context.session, request, context.now)
    context.note("declined", requests.subject_of(request))
    name = person_of_trainee(context.session, request.trainee_id).name
    button = context.button("undo", "unassess", request.id or 0)
    text = context.words.say("request.you_declined", name=name)
    facts = {"subject": f"answer:{request.id}"}
    return context.reply(text, "declined", buttons=[button], replace=True, facts=facts)


def taken_back(press: Press, context: Context) -> Reply:
    """Ångra under the answer."""
    done = take_answer_back(press.about[0], context) if press.about else None
    return done or context.say("receipt.undone_already", "nothing", replace=True)


def take_answer_back(number: int, context: Context) -> Reply | None:
    """Ångra by the assessor: the answer is void, and the request waits as before."""
    request = context.session.get(AssessmentRequest, number)
    mine = request is not None and request.assessor_id == context.person_id
    if request is None or not mine or request.state not in ("done", "declined"):
        return None
    entry = journal.live(context.session, request.chain_id) if request.chain_id else None
    if entry is not None:
        journal.void(context.session, entry, context.now)
    requests.reopen(context.session, request, context.now)
    context.note("undone", requests.subject_of(request))
    desk = Desk(context.session, context.person, context.words, context.now, context.today, context.zone)
    text = context.words.say("request.open_again", what=what_of(context.words, request))
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.reply(text, "undone", buttons=level_buttons(desk, request), replace=is_press)


def _waiting(press: Press, context: Context) -> AssessmentRequest | None:
    """The request of a button, if it still waits for this person."""
    request = context.session.get(AssessmentRequest, press.about[0]) if press.about else None
    mine = request is not None and request.assessor_id == context.person_id
    return request if request and mine and request.state in requests.OPEN else None
