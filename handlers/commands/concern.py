"""`oro Anna: missar jourer`: a supervisor's concern, to the unit's studierektor and head and nobody else.

Sources: 001 and 003, the supervisor's responsibilities (tell head and studierektor when problems arise, plan
what to do together); who reads it: domain.md, rulebook sormland-primarvard.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import col, select

from handlers import describe
from handlers.commands.leaders import within_reach
from handlers.concern_words import line, whom
from handlers.context import Context, Press
from handlers.earlier import brought_about
from handlers.language.command import Command
from handlers.language.concerns import CLOSED, FOLLOW_UP
from handlers.message import IncomingKind, Reply
from handlers.people import named, person_of_trainee, units_of
from schedules import concerns
from schedules.concerns import ADDRESSED, OpenConcern, is_addressed, is_open, open_concerns
from storage.tables import Concern, ConcernStep, Outbox, OutboxState, Person, Trainee

LONGEST = 2000
LATEST = timedelta(days=366)
LATER = timedelta(days=14)
"""What the button under a concern puts it off by."""
_NAME_WORDS = 3

Whom = tuple[Trainee, Person]


def run(command: Command, context: Context) -> Reply:
    """Raise a concern, show those addressed to the writer, or decide about one. Never in a channel."""
    if not context.incoming.private:
        return context.say("concern.in_private", "refused")
    if command.reason in (CLOSED, FOLLOW_UP):
        return _decide(command, context)
    text = describe.public_note(command.note)
    addressed = _addressed(context)
    if text is None and (not command.people or addressed):
        return _list(command, addressed, context)
    return _raise(command, text, context)


def _addressed(context: Context) -> list[OpenConcern]:
    units = units_of(context.session, context.person, ADDRESSED)
    return open_concerns(context.session, units, context.person)


def _list(command: Command, found: list[OpenConcern], context: Context) -> Reply:
    """Those that wait for an outcome, for whom they are addressed to; others are told how to raise one."""
    if not units_of(context.session, context.person, ADDRESSED):
        return context.say("concern.ask_note", "asked") if _reach(context) else _not_theirs(context)
    shown = _about(found, command.people, context)
    if not shown:
        return context.say("concern.none", "concerns")
    lines = [line(context.words, each) for each in shown]
    for each in shown:
        context.note("concern_seen", concerns.subject_of(each.concern))
    text = "\n".join([context.words.say("concern.head", count=len(lines)), *lines])
    return context.reply(text, "concerns", secret=True)


def _about(found: list[OpenConcern], people: tuple[str, ...], context: Context) -> list[OpenConcern]:
    """Those about a trainee who is named; all when none is."""
    if not people:
        return found
    pairs = [(context.session.get_one(Trainee, each.concern.trainee_id), each.trainee) for each in found]
    hits = {trainee.id for trainee, _ in named(pairs, people[0])}
    return [each for each in found if each.concern.trainee_id in hits]


def _reach(context: Context) -> list[Whom]:
    """One's own trainees and those of the units one answers for; never oneself."""
    return [pair for pair in within_reach(context) if pair[0].person_id != context.person.id]


def _not_theirs(context: Context) -> Reply:
    if context.training:
        return context.say("concern.own", "refused")
    return context.say("refused.may_not", "refused")


def _raise(command: Command, text: str | None, context: Context) -> Reply:
    reach = _reach(context)
    if not reach:
        return _not_theirs(context)
    hits, text = _whom(reach, command.people, text or "")
    if not hits:
        return context.say("concern.ask_whom", "asked")
    if len(hits) > 1:
        return context.say("show.several", "asked", names=", ".join(person.name for _, person in hits))
    if not text:
        return context.say("concern.ask_note", "asked")
    return _save(*hits[0], text, context)


def _whom(reach: list[Whom], people: tuple[str, ...], text: str) -> tuple[list[Whom], str]:
    """Who is meant and what is said: a name may also stand, unmarked, at the beginning of what is said.

    Without any name it is the only trainee there is. Nothing is kept meanwhile: who is asked writes anew.
    """
    words = [*" ".join(people).split(), *text.split()]
    for count in range(min(_NAME_WORDS, len(words)), 0, -1):
        if hits := named(reach, " ".join(words[:count]).strip(":,.-")):
            return hits, " ".join(words[count:]).strip(" :,.-–")
    return (reach if len(reach) == 1 and not people else []), text


def _save(trainee: Trainee, person: Person, text: str, context: Context) -> Reply:
    readers = concerns.addressees(context.session, trainee.unit_id, trainee)
    if not readers:
        return context.say("concern.nobody", "refused", name=person.name)
    _take_back_earlier(context)
    row = Concern(
        trainee_id=trainee.id or 0,
        unit_id=trainee.unit_id,
        text=text[:LONGEST],
        raised_by=context.person_id,
        raised_at=context.now,
        raised_on=context.today,
        inbox_id=context.inbox_id,
    )
    context.session.add(row)
    context.session.flush()
    concerns.raise_to(context.session, row, context.now)
    subject = concerns.subject_of(row)
    context.note("concern_raised", subject, unit=trainee.unit_id)
    names = whom(context.session, context.words, trainee.unit_id, readers)
    said = context.words.say("concern.saved", name=person.name, whom=names)
    buttons = [context.button("undo", "unconcern", row.id or 0)]
    return context.reply(said, "concern", buttons=buttons, facts={"subject": subject})


def _take_back_earlier(context: Context) -> None:
    """The chat message was edited: what it said before is void."""
    if context.incoming.kind is IncomingKind.EDIT and (earlier := _of_message(context)):
        _void(earlier, context)


def _of_message(context: Context) -> Concern | None:
    """The concern that an earlier version of this chat message raised, if it still stands."""
    number = brought_about("concern", context)
    row = context.session.get(Concern, number) if number else None
    return row if row and row.voided_at is None and row.raised_by == context.person.id else None


def message_deleted(context: Context) -> Reply | None:
    """The chat message is gone: ask whether the concern is to go too; None when it raised none."""
    row = _of_message(context)
    if row is None:
        return None
    buttons = [
        context.button("remove", "unconcern", row.id or 0),
        context.button("keep", "keep", row.id or 0),
    ]
    return context.reply(context.words.say("concern.ask_deleted"), "asked", buttons=buttons)


def undo(number: int, context: Context) -> Reply | None:
    """Taken back by who raised it, and those who were told are told so."""
    row = context.session.get(Concern, number)
    if row is None or row.voided_at is not None or row.raised_by != context.person.id:
        return None
    _void(row, context)
    is_press = context.incoming.kind is IncomingKind.PRESS
    name = person_of_trainee(context.session, row.trainee_id).name
    return context.say("concern.undone", "undone", replace=is_press, name=name)


def _void(row: Concern, context: Context) -> None:
    subject = concerns.subject_of(row)
    row.voided_at = context.now
    context.session.add(row)
    concerns.settle(context.session, row, context.now)
    context.note("undone", subject)
    sent = select(Outbox.person_id).where(
        Outbox.subject == subject, Outbox.step == "raised", Outbox.state != OutboxState.SKIPPED
    )
    for person in context.session.exec(sent).all():
        concerns.tell_undone(context.session, row, person or 0, context.now)


def _decide(command: Command, context: Context) -> Reply:
    """`oro Anna klar: …` and `följ upp oro Anna 10/12`: all that is open about one trainee."""
    if not units_of(context.session, context.person, ADDRESSED):
        return context.say("concern.not_yours", "refused") if _reach(context) else _not_theirs(context)
    found = _about(_addressed(context), command.people, context)
    people = {each.concern.trainee_id: each.trainee.name for each in found}
    if not found:
        return context.say("concern.none", "nothing")
    if len(people) > 1:
        return context.say("show.several", "asked", names=", ".join(sorted(people.values())))
    if command.reason == CLOSED:
        return _close(found, command, context)
    if command.date is None or not context.today < command.date <= context.today + LATEST:
        return context.say("concern.ask_date", "asked", name=found[0].trainee.name)
    return _follow_up(found, command, context)


def _close(found: list[OpenConcern], command: Command, context: Context) -> Reply:
    name, text = found[0].trainee.name, describe.public_note(command.note)
    if text is None:
        return context.say("concern.ask_outcome", "asked", name=name)
    first = _step(found, concerns.OUTCOME, context.today, text[:LONGEST], context)
    context.note("concern_closed", f"concern:{first.concern_id}")
    return _receipt(context.words.say("concern.closed", name=name), first, context)


def _follow_up(found: list[OpenConcern], command: Command, context: Context) -> Reply:
    name, day = found[0].trainee.name, command.date or context.today
    first = _step(found, concerns.FOLLOW_UP, day, (command.note or "")[:LONGEST] or None, context)
    context.note("concern_follow_up", f"concern:{first.concern_id}", on=day.isoformat())
    return _receipt(
        context.words.say("concern.followed", name=name, day=context.words.dated(day)), first, context
    )


def _step(
    found: list[OpenConcern], kind: str, on_date: date, text: str | None, context: Context
) -> ConcernStep:
    """One step on each concern, said in one line; returns the first."""
    rows = [
        ConcernStep(
            concern_id=each.concern.id or 0,
            kind=kind,
            on_date=on_date,
            text=text,
            written_by=context.person_id,
            written_at=context.now,
            inbox_id=None if at else context.inbox_id,
        )
        for at, each in enumerate(found)
    ]
    context.session.add_all(rows)
    for each in found:
        concerns.settle(context.session, each.concern, context.now)
    return rows[0]


def _receipt(text: str, first: ConcernStep, context: Context) -> Reply:
    buttons = [context.button("undo", "unstep", first.id or 0)]
    facts: dict[str, str | int | None] = {"subject": f"step:{first.id}"}
    return context.reply(text, "concern", buttons=buttons, facts=facts)


def undo_step(number: int, context: Context) -> Reply | None:
    """What one line decided is void, by who wrote it, while it is still theirs to read."""
    row = context.session.get(ConcernStep, number)
    if row is None or row.voided_at is not None or row.written_by != context.person.id:
        return None
    of = context.session.get_one(Concern, row.concern_id)
    if not is_addressed(context.session, of, context.person):
        return None
    for each in _said_with(row, context):
        each.voided_at = context.now
        context.session.add(each)
        concern = context.session.get_one(Concern, each.concern_id)
        concerns.settle(context.session, concern, context.now)
        context.note("undone", f"step:{each.id}")
    is_press = context.incoming.kind is IncomingKind.PRESS
    name = person_of_trainee(context.session, of.trainee_id).name
    return context.say("concern.undone_step", "undone", replace=is_press, name=name)


def _said_with(row: ConcernStep, context: Context) -> Sequence[ConcernStep]:
    same = select(ConcernStep).where(
        ConcernStep.written_by == row.written_by,
        ConcernStep.written_at == row.written_at,
        col(ConcernStep.voided_at).is_(None),
    )
    return context.session.exec(same).all()


def later(press: Press, context: Context) -> Reply:
    """Följ upp om två veckor, under a concern."""
    row = context.session.get(Concern, press.about[0]) if press.about else None
    if row is None or not is_open(row) or not is_addressed(context.session, row, context.person):
        return context.say("ask.expired", "stale_button")
    found = [each for each in _addressed(context) if each.concern.id == row.id]
    return _follow_up(found, Command("concern", date=context.today + LATER), context)
