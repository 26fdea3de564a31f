"""One free line to an entry, written as the answer to Stämmer, Stämmer inte or a level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import describe, journal, small_talk
from handlers.context import Context
from handlers.drafts import open_question
from handlers.language.command import Command
from handlers.language.lexicon.normalise import clean
from handlers.language.reader import begins_as_command
from handlers.message import Button, IncomingKind, Reply
from schedules.outbox.outgoing import Notice, tell
from storage.tables import Draft, Entry, Person, Remark

LONGEST = 1000
_YES: Final = frozenset({"ja", "japp", "jajamän", "jajamen", "ja tack", "jo", "yes", "yep", "yes please"})


def offer(entry: Entry, text: str, buttons: Sequence[Button], context: Context) -> Reply:
    """An answer after which the next line is taken for a remark; nobody needs to write one."""
    _await(entry, context)
    text = f"{text}\n{context.words.say('remark.offer')}"
    pressed = context.incoming.kind is IncomingKind.PRESS
    return context.reply(text, "confirmed", buttons=buttons, replace=pressed)


def ask_why(entry: Entry, author: Person, button: Button, context: Context) -> Reply:
    """The answer to an objection, after which the next line goes to the author: `det var bara 30 min`."""
    _await(entry, context)
    said = context.words.say("receipt.disputed", name=context.called(author))
    text = f"{said}\n{context.words.say('remark.why')}"
    pressed = context.incoming.kind is IncomingKind.PRESS
    return context.reply(text, "disputed", buttons=[button], replace=pressed)


def _await(entry: Entry, context: Context) -> None:
    draft = Draft(
        person_id=context.person_id,
        inbox_id=context.inbox_id,
        asked={"remark": entry.chain_id},
        written_at=context.now,
    )
    context.session.add(draft)


def is_yes(text: str) -> bool:
    """A bare yes: an answer to a question, and no remark."""
    return clean(text).strip(" .!").casefold() in _YES


def read_answer(command: Command, context: Context) -> Reply | None:
    """The line just after the offer, unless it is one that stands for itself."""
    text = context.incoming.text
    if command.intent == "refused" or is_yes(text):
        return None
    draft, entry = _offered(context)
    if draft is None or entry is None or not _answers(command, entry, context):
        return None
    draft.used_at = context.now
    context.session.add(draft)
    return _save(entry, context)


def go_on(context: Context) -> Reply | None:
    """`ja` to the offer: the line itself is what comes next."""
    _, entry = _offered(context)
    if entry is None:
        return None
    _await(entry, context)
    return context.say("remark.go_on", "asked")


def objected_anew(context: Context) -> Reply | None:
    """`vi sågs inte den dagen` right after the objection: its author is to read that too."""
    draft, entry = _offered(context)
    if draft is None or entry is None or entry.disputed_at is None or entry.written_by == context.person_id:
        return None
    draft.used_at = context.now
    context.session.add(draft)
    return _save(entry, context)


def _offered(context: Context) -> tuple[Draft | None, Entry | None]:
    """The offer that was made just now, and the entry that it is about, if it still stands."""
    draft = open_question(context)
    chain = (draft.asked or {}).get("remark") if draft else None
    return draft, journal.live(context.session, chain) if chain else None


def _answers(command: Command, entry: Entry, context: Context) -> bool:
    """Whether the line is one to the entry; what it should say instead is its author's to change."""
    if entry.disputed_at is not None and command.intent == "change":
        return entry.written_by != context.person_id
    text = context.incoming.text
    return small_talk.answer_to(text) != small_talk.NO and not begins_as_command(text, command)


def _save(entry: Entry, context: Context) -> Reply:
    text = " ".join(context.incoming.text.split())[:LONGEST]
    remark = Remark(
        chain_id=entry.chain_id or 0,
        author_id=context.person_id,
        text=text,
        at=context.now,
        inbox_id=context.inbox_id,
    )
    context.session.add(remark)
    context.session.flush()
    context.note("remarked", f"entry:{entry.chain_id}", remark=remark.id)
    _tell_other(entry, remark, context)
    what = describe.entry(context.words, entry, context.person_id)
    button = context.button("undo", "unremark", remark.id or 0)
    facts = {"subject": f"remark:{remark.id}"}
    said = context.words.say("remark.saved", what=what)
    return context.reply(said, "remarked", buttons=[button], facts=facts)


def _tell_other(entry: Entry, remark: Remark, context: Context) -> None:
    """The one whose entry it is reads it; a private line is nobody else's."""
    other = journal.other_of(context.session, entry, context.person_id)
    if other is None or describe.public_note(remark.text) is None:
        return
    notice = Notice(
        person_id=other,
        kind="notice",
        subject=f"remark:{remark.id}",
        due_at=context.now,
        facts={"notice": "remark", "remark": remark.id, "entry": entry.id, "trainee": entry.trainee_id},
    )
    tell(context.session, notice, context.now)


def undo(number: int, context: Context) -> Reply | None:
    """Taken back by who wrote it."""
    remark = context.session.get(Remark, number)
    if remark is None or remark.voided_at is not None or remark.author_id != context.person_id:
        return None
    remark.voided_at = context.now
    context.session.add(remark)
    context.note("undone", f"remark:{number}")
    return context.say("remark.undone", "undone")
