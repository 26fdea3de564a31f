"""`oro Anna: missar jourer`: a supervisor's concern, to the unit's studierektor and head and nobody else.

Sources: 001 and 003, the supervisor's responsibilities (tell head and studierektor when problems arise, plan
what to do together); who reads it: domain.md, rulebook sormland-primarvard.
"""

from __future__ import annotations

from sqlmodel import select

from handlers import describe, small_talk
from handlers.commands.concern_outcome import decide
from handlers.commands.concern_reach import (
    LONGEST,
    Whom,
    addressed_to,
    may_be_about,
    not_theirs,
    those_about,
)
from handlers.concern_words import line, whom
from handlers.context import Context
from handlers.drafts import open_question
from handlers.earlier import brought_about
from handlers.language.command import Command
from handlers.language.reader import begins_as_command
from handlers.language.sentences.concerns import CLOSED, FOLLOW_UP, SHOWN
from handlers.message import IncomingKind, Reply
from handlers.people import labels, named, person_of_trainee, units_of
from schedules import concerns
from schedules.concerns import ADDRESSED, OpenConcern
from storage.tables import Concern, Draft, Outbox, OutboxState, Person, Trainee

_NAME_WORDS = 3


def run(command: Command, context: Context) -> Reply:
    """Raise a concern, show those addressed to the writer, or decide about one. Never in a channel."""
    if not context.incoming.private:
        return context.say("concern.in_private", "refused")
    if command.reason in (CLOSED, FOLLOW_UP):
        return decide(command, context)
    text = describe.public_note(command.note)
    addressed = addressed_to(context)
    if command.reason == SHOWN:
        return _list(command, addressed, context)
    if text is None and (not command.people or addressed):
        return _list(command, addressed, context)
    return _raise(command, text, context)


def _list(command: Command, found: list[OpenConcern], context: Context) -> Reply:
    """Those that wait for an outcome, for whom they are addressed to; others are told how to raise one."""
    if not units_of(context.session, context.person, ADDRESSED):
        return _ask_note(may_be_about(context), context)
    shown = those_about(found, command.people, context)
    if not shown:
        return context.say("concern.none", "concerns")
    lines = [line(context.words, each, context.called(each.trainee)) for each in shown]
    for each in shown:
        context.note("concern_seen", concerns.subject_of(each.concern))
    text = "\n".join([context.words.say("concern.head", count=len(lines)), *lines])
    return context.reply(text, "concerns", secret=True)


def _raise(command: Command, text: str | None, context: Context) -> Reply:
    reach = may_be_about(context)
    if not reach:
        return not_theirs(context)
    hits, text = _whom(reach, command.people, text or "")
    if not hits:
        return context.say("concern.ask_whom", "asked")
    if len(hits) > 1:
        return context.say("show.several", "asked", names=", ".join(labels([person for _, person in hits])))
    if not text:
        return _await_text(*hits[0], context)
    return _save(*hits[0], text, context)


def _await_text(trainee: Trainee, person: Person, context: Context) -> Reply:
    """`oro Anna`: what it is about may come as the next line. Until then only whom it is about is kept."""
    context.session.add(
        Draft(
            person_id=context.person_id,
            inbox_id=context.inbox_id,
            asked={"concern": trainee.id},
            written_at=context.now,
        )
    )
    return context.say("concern.ask_text", "asked", name=person.name)


def read_answer(command: Command, context: Context) -> Reply | None:
    """The line after `oro Anna`, unless it stands for itself; whom it may be about is looked up anew."""
    text = context.incoming.text
    if command.intent in ("log", "refused") or not context.incoming.private:
        return None
    if small_talk.answer_to(text) or begins_as_command(text, command):
        return None
    draft = open_question(context)
    about = (draft.asked or {}).get("concern") if draft else None
    if draft is None or about is None:
        return None
    hits = [pair for pair in may_be_about(context) if pair[0].id == about]
    said = describe.public_note(" ".join(text.split()))
    draft.used_at = context.now
    return _save(*hits[0], said, context) if hits and said else None


def _ask_note(about: list[Whom], context: Context) -> Reply:
    """How to write it, with the name of who is or may be meant."""
    if not about:
        return not_theirs(context)
    return context.say("concern.ask_note", "asked", name=about[0][1].name)


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
    if context.incoming.kind is IncomingKind.EDIT and (earlier := _of_message(context)):
        if earlier.closed_at is not None:
            return _closed(earlier, context)
        _void(earlier, context)  # the chat message was edited
    row = _raised(trainee, text, context)
    concerns.raise_to(context.session, row, context.now)
    subject = concerns.subject_of(row)
    context.note("concern_raised", subject, unit=trainee.unit_id)
    names = whom(context.session, context.words, trainee.unit_id, readers)
    said = context.words.say("concern.saved", name=person.name, whom=names)
    buttons = [context.button("undo", "unconcern", row.id or 0)]
    return context.reply(said, "concern", buttons=buttons, facts={"subject": subject})


def _raised(trainee: Trainee, text: str, context: Context) -> Concern:
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
    return row


def _of_message(context: Context) -> Concern | None:
    """The concern that an earlier version of this chat message raised, if it still stands."""
    number = brought_about("concern", context)
    row = context.session.get(Concern, number) if number else None
    return row if row and row.voided_at is None and row.raised_by == context.person.id else None


def message_deleted(context: Context) -> Reply | None:
    """The chat message is gone: ask whether the concern is to go too; None when it raised none."""
    row = _of_message(context)
    if row is None or row.closed_at is not None:
        return _closed(row, context) if row else None
    buttons = [
        context.button("remove", "unconcern", row.id or 0),
        context.button("keep", "keep", row.id or 0),
    ]
    return context.reply(context.words.say("concern.ask_deleted"), "asked", buttons=buttons)


def undo(number: int, context: Context) -> Reply | None:
    """Taken back by who raised it, and those who were told are told so; what has an outcome stays."""
    row = context.session.get(Concern, number)
    if row is None or row.voided_at is not None or row.raised_by != context.person.id:
        return None
    if row.closed_at is not None:
        return _closed(row, context)
    _void(row, context)
    is_press = context.incoming.kind is IncomingKind.PRESS
    name = person_of_trainee(context.session, row.trainee_id).name
    return context.say("concern.undone", "undone", replace=is_press, name=name)


def _closed(row: Concern, context: Context) -> Reply:
    name = person_of_trainee(context.session, row.trainee_id).name
    return context.say("concern.is_closed", "nothing", name=name)


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
