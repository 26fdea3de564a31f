"""Changing: a new version of what was logged, by a line, by a form, or where the chat message is edited."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Final

from handlers import describe, journal
from handlers.access import may_change
from handlers.commands import change_other, change_whose, concern, log, plan, sessions, settle, several
from handlers.commands.called import words_with_names
from handlers.commands.confirm_words import just_asked, which_not
from handlers.commands.undo import VERBS, own_subjects, standing, take_back, was_taken_back
from handlers.context import Context, Press
from handlers.earlier import brought_about
from handlers.journal import Written
from handlers.language.command import OPEN, Command
from handlers.language.continuing import amend
from handlers.message import Reply
from handlers.whose import About
from storage.tables import Entry, Person, Trainee


def change_latest(command: Command, context: Context) -> Reply:
    """`ändra till 45 min`: only what is named changes in what was said last; `ändra` alone says how.

    The latest is the one written last, or chosen since by its button.

    Written right after the other half's question whether their entry is right, it is of that one.
    """
    if answered := _of_what_was_asked(command, context):
        return answered
    subjects = change_whose.subjects(command, context)
    if subjects is None:
        return _how_to_change_other(context)
    if changed := change_other.latest(context, subjects):
        return changed
    if changed := change_other.named(command, context):
        return changed
    if command.absence and command.date and command.end_date is None and command.reason != OPEN:
        return context.say("ask.away", "asked")  # a last day of none that stands is no first day of another
    if command.absence:
        return change_other.be_away(dataclasses.replace(command, intent="absence"), context)
    for subject in subjects:
        noun, _, number = subject.partition(":")
        if noun == several.NOUN and standing(noun, int(number), context):
            return _amend_each(int(number), command, context)
        entry = journal.live(context.session, int(number)) if noun in ("entry", change_other.CHOSEN) else None
        if entry is not None and may_change(context, entry):
            return _amend_with(entry, command, context)
    return _how_to_change_other(context)


def _of_what_was_asked(command: Command, context: Context) -> Reply | None:
    """A change right after the other half's question: of several entries it is asked which."""
    asked = just_asked(context)
    may = [entry for entry in asked if may_change(context, entry)]
    if len(asked) > 1:
        return _which("confirm.which_not", may, context) if may else which_not(context)
    if not asked:
        return None
    return _amend_with(may[0], command, context) if may else _not_yours(asked[0], context)


def _not_yours(entry: Entry, context: Context) -> Reply:
    """A supervisor objects; the trainee changes."""
    author = context.session.get_one(Person, entry.written_by)
    what = describe.entry(context.words, entry, context.person_id)
    text = context.words.say("confirm.theirs", what=what, name=context.called(author))
    return context.reply(text, "asked", buttons=[context.button("dispute", "no", entry.id or 0)])


def _how_to_change_other(context: Context) -> Reply:
    """A booking, an absence or a placement is not changed in place: which it is, and what to write."""
    for subject in own_subjects(context):
        noun, _, number = subject.partition(":")
        if noun in (*_NAMED, several.NOUN) and (what := standing(noun, int(number), context)):
            return context.say("ask.change_other", "asked", what=what)
    return context.say("ask.change_none", "nothing")


def _amend_with(entry: Entry, command: Command, context: Context) -> Reply:
    before = journal.as_command(entry, context.person_id)
    after = _as_said(before, command, context)
    if after == before and command != Command("change"):
        return as_it_stands("kept.stands", entry, context)
    if after.intent != "log" or after == before:
        return as_it_stands("ask.change_this", entry, context)
    return new_version(entry, after, context)


def _as_said(before: Command, command: Command, context: Context) -> Command:
    """As the line changes it; whose it is, by a name that only the roster knows, is no note."""
    text = context.incoming.text
    return amend(
        before, text, context.said_at, words=words_with_names(text, context) if command.people else None
    )


def as_it_stands(key: str, entry: Entry, context: Context) -> Reply:
    """What is changed by nothing: it is so already, or the line does not say how it is to be."""
    what = describe.entry(context.words, entry, context.person_id)
    return context.say(key, "asked" if key.startswith("ask.") else "kept", what=what)


def _amend_each(number: int, command: Command, context: Context) -> Reply:
    """What was saved together is changed together; of another day it is asked which is meant."""
    entries = several.entries(number, context)
    before = [journal.as_command(entry, context.person_id) for entry in entries]
    after = [_as_said(line, command, context) for line in before]
    if not entries:
        return _how_to_change_other(context)
    if len(entries) == 1 and after[0].intent == "log" and after != before:
        return new_version(entries[0], after[0], context)
    if any(new.intent == "log" and new.date != old.date for new, old in zip(after, before, strict=True)):
        return _which("ask.change_which", entries, context)
    if after == before or any(line.intent != "log" for line in after):
        return context.say("ask.change", "asked")
    ids = [context.inbox_id, *[None] * len(entries)]  # one message has one effect
    written = [_replace(*each, context) for each in zip(entries, after, ids, strict=False)]
    log.ask_other_half([(each, about.person) for each, about in written], context)
    lines = [log.line(each, about, context, _amended(about, context)) for each, about in written]
    button = context.button("undo", VERBS[several.NOUN], number)
    facts = {"subject": f"{several.NOUN}:{number}"}
    return context.reply("\n".join(lines), "amended", buttons=[button], facts=facts)


def _which(key: str, entries: Sequence[Entry], context: Context) -> Reply:
    """A button for each, as Ändra under its receipt would be."""
    presses = [context.button("change", "change", entry.chain_id or 0) for entry in entries]
    buttons = [
        dataclasses.replace(press, label=context.words.day(entry.on_date))
        for press, entry in zip(presses, entries, strict=True)
    ]
    return context.reply(context.words.say(key), "asked", buttons=buttons)


def message_edited(command: Command, context: Context, run: Callable[[Command, Context], Reply]) -> Reply:
    """The chat message was edited: what it logged follows; one that logged nothing is read anew.

    What it booked or said of an absence or a placement is taken back for what it says now.
    """
    entry = _entry_of_message(context)
    if entry is None or not may_change(context, entry):
        number = brought_about(several.NOUN, context)
        if number and command.intent != "refused" and (what := standing(several.NOUN, number, context)):
            return context.say("ask.change_other", "asked", what=what)
        if command.intent in _IN_PLACE:
            _take_back(context)
        return run(command, context)
    if command.intent == "refused":
        return run(command, context)
    if command.intent != "log" or command.date is None:
        return as_it_stands("ask.change_this", entry, context)
    if journal.says_already(entry, command, context.person_id):
        # A mended slip, or no other word at all (a link got its preview): what was confirmed stays so.
        return context.say("kept.same", "kept")
    return new_version(entry, command, context)


_IN_PLACE: Final = frozenset({"log", "book", "move", "absence", "placement"})
"""What an edited line may say instead of what it said before."""


def _take_back(context: Context) -> None:
    for noun in ("booking", "absence", "away", "placement"):
        if number := brought_about(noun, context):
            take_back(f"{noun}:{number}", context)


def message_deleted(context: Context) -> Reply:
    """The chat message was deleted: ask whether what it brought about should go too; nothing goes unasked."""
    for noun in _NAMED:
        number = brought_about(noun, context)
        if number and (what := standing(noun, number, context)):
            return _ask_to_remove(context.words.say("ask.deleted", what=what), noun, number, context)
    if asked := concern.message_deleted(context):
        return asked
    for noun in (noun for noun in VERBS if noun not in (*_NAMED, "concern")):
        number = brought_about(noun, context)
        if number and not was_taken_back(f"{noun}:{number}", context):
            return _ask_to_remove(context.words.say("ask.deleted_other"), noun, number, context)
    return context.say("kept.deleted", "nothing")


_NAMED: Final = ("entry", "booking", "absence", "away", "placement")
"""Of what a message may have brought about, that which the question names."""


def _ask_to_remove(question: str, noun: str, number: int, context: Context) -> Reply:
    buttons = [context.button("remove", VERBS[noun], number), context.button("keep", "keep", number)]
    return context.reply(question, "asked", buttons=buttons)


def kept(_press: Press, context: Context) -> Reply:
    """Behåll: nothing changes."""
    return context.say("kept.nothing", "kept", replace=True)


def _entry_of_message(context: Context) -> Entry | None:
    """The live entry that an earlier version of this chat message made."""
    number = brought_about("entry", context)
    return journal.live(context.session, number) if number else None


def new_version(entry: Entry, after: Command, context: Context, *, replace: bool = False) -> Reply:
    """Put `after` in the place of the live version and receipt it; `replace` where the old receipt stood."""
    written, about = _replace(entry, after, context.inbox_id, context)
    log.ask_other_half([(written, about.person)], context)
    return log.receipt(_amended(about, context), written, about, context, "amended", replace=replace)


def _amended(about: About, context: Context) -> str:
    return plan.for_whom("receipt.amended", about, context)


def _replace(entry: Entry, after: Command, inbox_id: int | None, context: Context) -> tuple[Written, About]:
    """A new version; an objection has come to its end with it."""
    trainee = context.session.get_one(Trainee, entry.trainee_id)
    person = context.session.get_one(Person, trainee.person_id)
    written = journal.amend(context.session, entry, after, context.person, inbox_id, context.now)
    version = written.entry
    sessions.unsettled(entry, context)
    context.note("amended", f"entry:{version.chain_id}", version=version.id)
    if entry.disputed_at:
        settle.settled(entry, "amended", context)
    return written, About(trainee, person, after)
