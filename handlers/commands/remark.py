"""One free line to an entry, written as the answer to Stämmer or to a level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import describe, journal
from handlers.context import Context
from handlers.drafts import open_question
from handlers.language.command import Command
from handlers.language.normalise import clean
from handlers.language.reader import begins_as_command
from handlers.message import Button, IncomingKind, Reply
from schedules.outbox.outgoing import Notice, tell
from storage.tables import Draft, Entry, Remark

LONGEST = 1000
_YES: Final = frozenset({"ja", "japp", "jajamän", "jajamen", "ja tack", "jo", "yes", "yep", "yes please"})


def offer(entry: Entry, text: str, buttons: Sequence[Button], context: Context) -> Reply:
    """An answer after which the next line is taken for a remark; nobody needs to write one."""
    draft = Draft(
        person_id=context.person_id,
        inbox_id=context.inbox_id,
        asked={"remark": entry.chain_id},
        written_at=context.now,
    )
    context.session.add(draft)
    text = f"{text}\n{context.words.say('remark.offer')}"
    pressed = context.incoming.kind is IncomingKind.PRESS
    return context.reply(text, "confirmed", buttons=buttons, replace=pressed)


def is_yes(text: str) -> bool:
    """A bare yes: an answer to a question, and no remark."""
    return clean(text).strip(" .!").casefold() in _YES


def read_answer(command: Command, context: Context) -> Reply | None:
    """The line just after the offer, unless it is one that stands for itself."""
    text = context.incoming.text
    if command.intent == "refused" or is_yes(text) or begins_as_command(text, command):
        return None
    draft = open_question(context)
    chain = (draft.asked or {}).get("remark") if draft else None
    entry = journal.live(context.session, chain) if chain else None
    if draft is None or entry is None:
        return None
    draft.used_at = context.now
    context.session.add(draft)
    return _save(entry, context)


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
