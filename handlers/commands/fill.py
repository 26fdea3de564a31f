"""Forms: a session to log and a log to change, filled in instead of written; the same rules hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final, TypeVar

from handlers import describe, journal
from handlers.access import may_change
from handlers.commands import change, change_other, log
from handlers.context import Context, Press
from handlers.language.command import Command, last_day_from
from handlers.language.continuing import complete
from handlers.language.lexicon import vocabulary
from handlers.language.reader import read
from handlers.message import Form, Input, Message, Reply
from handlers.people import labels, trainees_of
from storage.tables import Entry, Person, Trainee

T = TypeVar("T")

EARLIEST: Final = timedelta(days=731)
"""24 months back, as for a line."""


def is_wanted(command: Command, context: Context) -> bool:
    """`/handledning` and nothing else, where a form can be shown."""
    text = context.incoming.text.strip()
    alone = text.startswith("/") and " " not in text
    return context.incoming.forms and alone and (command.intent, command.activity) == ("log", "supervision")


def log_form(context: Context) -> Reply:
    """The form of a new session; who has nobody to log for gets the same answer as to a line."""
    theirs = _trainees(context)
    blank = Command("log", activity="supervision", date=context.today)
    if not theirs and context.training is None:
        return log.run(blank, context)
    whom = [_whom(theirs, context)] if len(theirs) > 1 else []
    form = _form("log", context.button("change", "logged").press, [*whom, *_inputs(blank, context)], context)
    question = context.words.say("ask.log", example=context.words.say("ask.log_supervision"))
    return _with_form(context.reply(question, "asked"), form)


def log_pressed(_press: Press, context: Context) -> Reply:
    """Logga, where one sees how one stands."""
    return log_form(context)


def change_pressed(press: Press, context: Context) -> Reply:
    """Ändra under a receipt: a form where there are forms, else how to change it in words.

    `ändra till 45 min` after that is of this entry, whatever else was logged later.
    """
    entry = _changeable(press, context)
    if entry is None:
        return context.say("ask.change_gone", "nothing")
    what = describe.entry(context.words, entry, context.person_id)
    in_words = context.words.say("ask.change_this", what=what)
    reply = context.reply(in_words, "asked", facts={"subject": f"{change_other.CHOSEN}:{entry.chain_id}"})
    return reply if not context.incoming.forms else _with_form(reply, _change_form(entry, context))


def _change_form(entry: Entry, context: Context) -> Form:
    told = journal.as_command(entry, context.person_id)
    press = context.button("change", "changed", entry.chain_id or 0).press
    return _form("change", press, _inputs(told, context), context)


def logged(_press: Press, context: Context) -> Reply:
    """The form of a new session was sent: it is logged, or the form says what is to be mended."""
    filled = _filled(Command("log", activity="supervision", date=context.today), context)
    if isinstance(filled, Reply):
        return filled
    theirs = _trainees(context)
    chosen = context.incoming.values.get("whom", "")
    whom = int(chosen) if _is_one_of(chosen, theirs) else theirs[0][0].id if len(theirs) == 1 else None
    reply = log.run(filled, context, whom)
    is_open = reply.outcome == "asked" and not reply.message.buttons
    return _mend({"date": reply.message.text}) if is_open else reply


def changed(press: Press, context: Context) -> Reply:
    """The form of an entry was sent: what differs is a new version."""
    entry = _changeable(press, context)
    if entry is None:
        return context.say("ask.expired", "stale_button")
    before = journal.as_command(entry, context.person_id)
    after = _filled(before, context)
    if isinstance(after, Reply):
        return after
    if after == before:
        return context.say("kept.nothing", "kept")
    return change.new_version(entry, after, context, replace=bool(context.incoming.message_ref))


def _changeable(press: Press, context: Context) -> Entry | None:
    entry = journal.live(context.session, press.about[0]) if press.about else None
    return entry if entry is not None and may_change(context, entry) else None


def _trainees(context: Context) -> list[tuple[Trainee, Person]]:
    """Those one logs for: nobody else's while one is in training oneself."""
    if context.training is not None:
        return []
    return trainees_of(context.session, context.person, context.today)


def _is_one_of(chosen: str, theirs: Sequence[tuple[Trainee, Person]]) -> bool:
    return chosen in {str(trainee.id) for trainee, _ in theirs}


# --- what is shown


def _form(name: str, press: str, inputs: Sequence[Input], context: Context) -> Form:
    words = context.words
    return Form(words.say(f"form.{name}"), words.say("form.save"), press, tuple(inputs))


def _with_form(reply: Reply, form: Form) -> Reply:
    return replace(reply, message=replace(reply.message, form=form))


def _whom(theirs: Sequence[tuple[Trainee, Person]], context: Context) -> Input:
    called = labels([person for _, person in theirs])
    names = tuple((name, str(trainee.id)) for name, (trainee, _) in zip(called, theirs, strict=True))
    return Input("whom", context.words.say("form.whom"), "one", options=names, optional=False)


def _inputs(of: Command, context: Context) -> list[Input]:
    words = context.words
    topics = tuple(
        (words.name("topic", key).capitalize(), key) for key in vocabulary.default().keys("topics")
    )
    length = words.length(of.minutes) if of.minutes else ""
    return [
        Input("date", words.say("form.date"), "date", of.date.isoformat() if of.date else "", optional=False),
        Input("minutes", words.say("form.minutes"), value=length, hint=words.say("form.minutes_hint")),
        Input("topics", words.say("form.topics"), "many", ",".join(of.topics), options=topics),
        Input("note", words.say("form.note"), "long", of.note or "", hint=words.say("form.note_hint")),
    ]


# --- what was filled in


def _filled(before: Command, context: Context) -> Command | Reply:
    """`before` with what was filled in, or what is to be mended."""
    values = context.incoming.values
    on = _date(values.get("date", ""), context)
    length = _length(values.get("minutes", ""), before, context)
    note = _note(values.get("note", ""), context)
    faults = {name: told for name, (_, told) in {"date": on, "minutes": length, "note": note}.items() if told}
    if faults:
        return _mend(faults)
    known = vocabulary.default().keys("topics")
    topics = tuple(topic for topic in values.get("topics", "").split(",") if topic in known)
    minutes, start = length[0] or (None, None)
    moved = replace(before, date=on[0], end_date=last_day_from(before, on[0]), topics=topics, note=note[0])
    return replace(moved, minutes=minutes, time=start or before.time)


Told = tuple[T | None, str]
"""What was read, and what is to be mended: one of the two, or neither."""


def _date(text: str, context: Context) -> Told[date]:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None, context.words.say("form.no_date")
    if on > context.today:
        return None, context.words.say("form.future")
    return (on, "") if on >= context.today - EARLIEST else (None, context.words.say("form.too_old"))


def _length(text: str, before: Command, context: Context) -> Told[tuple[int, time | None]]:
    """Read as the answer to "how long?" is."""
    if not text.strip():
        return None, ""
    asked = Command("ask", activity=before.activity, date=context.today, question="minutes")
    told = complete(asked, text, context.said_at)
    if told.minutes is None or told != replace(asked, intent="log", question=None, **_of_length(told)):
        return None, context.words.say("form.no_minutes")
    return (told.minutes, told.time), ""


def _of_length(told: Command) -> dict[str, Any]:
    return {"minutes": told.minutes, "time": told.time}


def _note(text: str, context: Context) -> Told[str]:
    """As it stands, unless it is what no line may hold either."""
    whole = " ".join(text.split())
    told = read(whole, context.said_at)
    if told.intent == "refused":
        return None, context.words.say(f"refused.{told.reason}")
    return whole or None, ""


def _mend(faults: dict[str, str]) -> Reply:
    return Reply(Message("\n".join(faults.values())), "form_faults", errors=faults)
