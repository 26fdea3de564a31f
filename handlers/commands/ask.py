"""Asking, and taking the pressed answer: it completes the original line, nothing is retyped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from handlers.commands import (
    absences,
    agree,
    away_together,
    back,
    duty,
    follow_up,
    leaders,
    log,
    mute,
    once_more,
    paper,
    place,
    plan,
    rebook,
    remit,
    request,
    several,
    wish,
)
from handlers.commands.remark import is_yes
from handlers.context import Context, Press
from handlers.drafts import Choice, ask_choices, open_question, unanswered, unpack_choice, unpack_command
from handlers.language.all_of_them import says_all
from handlers.language.choices import asks_for_one_of_several, asks_which_absence, choices
from handlers.language.command import Command, last_day_from
from handlers.language.continuing import complete
from handlers.language.filling import asks_when_to_meet, is_bare_booking
from handlers.language.named_days import named_days
from handlers.language.reader import names_only_what, read
from handlers.language.sentences.putting_right import is_put_right
from handlers.language.settling.questions import asked_each
from handlers.language.settling.several_days import asks_for_each, days_said
from handlers.message import Reply
from handlers.wording import label
from schedules.calendar import WEEK
from storage.tables import Draft


def run(command: Command, context: Context) -> Reply:
    """The one question a line leaves open, with two or three buttons where the answer can be guessed at."""
    offered = [
        Choice(label(context.words, choice), choice.command) for choice in choices(command, context.said_at)
    ]
    if asks_for_each(command.reason) and len(offered) == len(days_said(command.reason)):
        return several.ask_days(command, offered, context)
    key = f"ask.{command.question}"
    if not offered and command.question == "date":
        key = "ask.date_open"
    if asks_which_absence(command):
        key = "ask.absence" if len(offered) > 1 else "ask.absence_sure"
    if asks_for_one_of_several(command):
        key = "ask.several"
    return ask_choices(context, context.words.say(key), offered, asked=command)


def answered(command: Command, context: Context) -> Command:
    """A line that answers the question just asked, in words ("45 min", "igår"), completes what was asked.

    Any line that stands for itself is left alone; the name of an activity alone answers which it was.
    """
    alone = _is_alone(command, context)
    may_book = command.intent == "log" and command.date != context.today  # `handledning torsdag 13-14`
    corrects = command.intent == "change" and is_put_right(context.incoming.text, context.said_at)
    draft = open_question(context) if alone or may_book or corrects or command.intent in _OPEN else None
    if draft is None or draft.asked is None or "intent" not in draft.asked:
        return command
    if alone and (draft.asked.get("question") != "activity" or _labelled(draft, context)):
        return command
    asked = unpack_command(draft.asked)
    if may_book and not alone and not is_bare_booking(asked):
        return command
    if not alone and _is_another(command, asked):
        return command
    if _some_of_them(draft, context):
        return command  # and taken as a choice in words
    days = named_days(asked, context.incoming.text, context.said_at)
    whole = _as_planned(asked, context) or complete(asked, context.incoming.text, context.said_at)
    if corrects and whole == asked and command.date:
        whole = _on_another_day(asked, command.date, context)
    asks_on = asked.question == "activity" and whole.question in ("date", "minutes")
    asks_on = asks_on or (is_bare_booking(asked) and whole.books) or (corrects and whole != asked)
    if whole.intent in ("ask", "unknown") and not (days or asks_on):
        return command
    draft.used_at = context.now
    context.session.add(draft)
    return asked_each(asked, days) if days else whole


def _as_planned(asked: Command, context: Context) -> Command | None:
    """`torsdag 13` in answer to when they meet: the 13 is an hour, as it is after `boka`."""
    if not asks_when_to_meet(asked, context.said_at):
        return None
    told = read(f"boka handledning {context.incoming.text}", context.said_at)
    if told != Command("book", told.activity, told.date, time=told.time, minutes=told.minutes):
        return None
    minutes = told.minutes or asked.minutes
    return replace(
        asked, intent="book", question=None, reason=None, date=told.date, time=told.time, minutes=minutes
    )


def _on_another_day(asked: Command, day: date, context: Context) -> Command:
    """`nej, lördag` to any question but of the day: it is asked again of that one; to come, of a booking."""
    while asked.books and day < context.today:
        day += WEEK
    return replace(asked, date=day, end_date=last_day_from(asked, day))


def _is_another(command: Command, asked: Command) -> bool:
    """`boka 10 st handledning torsdagar` after `vi sågs i fredags`: it says otherwise what was known."""
    known = ((command.date, asked.date), (command.minutes, asked.minutes), (command.time, asked.time))
    return command.activity is not None and any(now and then and now != then for now, then in known)


_OPEN: Final = ("ask", "unknown")
_ALONE: Final = ("log", "absence")


def _is_alone(command: Command, context: Context) -> bool:
    """`handledning`: of what a question was about, not of today."""
    more = command.minutes or command.time or command.topics or command.note or command.people
    return command.intent in _ALONE and not more and names_only_what(context.incoming.text)


def _labelled(draft: Draft, context: Context) -> list[int]:
    """The choices whose whole label the line is."""
    said = context.incoming.text.strip(" .!").casefold()
    return [at for at, each in enumerate(draft.choices) if unpack_choice(each).label.casefold() == said]


def _some_of_them(draft: Draft, context: Context) -> list[Command]:
    """The lines whose days the answer names, of a question about several: `mån och tis`."""
    asked = unpack_command(draft.asked) if draft.asked and "intent" in draft.asked else None
    if asked is None or not asks_for_each(asked.reason):
        return []
    offered = {choice.command.date: choice.command for choice in map(unpack_choice, draft.choices[1:])}
    days = named_days(asked, context.incoming.text, context.said_at)
    return [offered[day] for day in days] if set(days) <= offered.keys() else []


def _all_of_them(draft: Draft, context: Context) -> list[int]:
    """The first choice, where it stands for all the others and the line says `alla`, `båda`, `ja`; or changes
    what it is asked of, and the line says `ja`.
    """
    count = len(draft.choices) - 1
    if draft.choices and unpack_choice(draft.choices[0]).changes:
        return [0] if is_yes(context.incoming.text) else []
    if count < 1 or not unpack_choice(draft.choices[0]).lines:
        return []
    text = context.incoming.text
    return [0] if says_all(text, count) or is_yes(text) else []


def picked(press: Press, context: Context) -> Reply:
    """A choice was pressed: it is done as if it had been written. A second press does nothing more."""
    draft = context.session.get(Draft, press.about[0]) if len(press.about) == 2 else None
    if draft is None or draft.person_id != context.person_id or press.about[1] >= len(draft.choices):
        return context.say("ask.expired", "stale_button")
    if draft.used_at is not None:
        return context.say("unknown.handled", "repeated")
    return _take(draft, press.about[1], context)


def chosen_in_words(command: Command, context: Context) -> Reply | None:
    """The line is the label of a button under the question just asked, or a name's first word: as pressed."""
    alone = _is_alone(command, context)
    draft = unanswered(context) if alone or command.intent in _OPEN else None
    said = context.incoming.text.strip(" .!").casefold()
    if draft is None or not said or (alone and (draft.asked or {}).get("question") != "activity"):
        return None
    if some := _some_of_them(draft, context):
        return _used(draft, _save(some, context), context)
    labels = [unpack_choice(each).label.casefold() for each in draft.choices]
    hits = _labelled(draft, context) or _all_of_them(draft, context)
    hits = hits or [at for at, each in enumerate(labels) if each.split()[0] == said and not alone]
    return _take(draft, hits[0], context) if len(hits) == 1 else None


def _take(draft: Draft, at: int, context: Context) -> Reply:
    return _used(draft, _do(unpack_choice(draft.choices[at]), context), context)


def _used(draft: Draft, reply: Reply, context: Context) -> Reply:
    draft.used_at = context.now
    context.session.add(draft)
    return reply


def _save(
    lines: Sequence[Command], context: Context, trainee: int | None = None, *, anyway: bool = False
) -> Reply:
    if lines[0].absence:
        return away_together.save(lines, context, trainee)
    return several.save(lines, context, trainee, anyway=anyway)


def _do(choice: Choice, context: Context) -> Reply:
    command, trainee = choice.command, choice.trainee
    if choice.changes:
        return follow_up.change_to(choice, context)
    if choice.lines:
        return _save(choice.lines, context, trainee, anyway=choice.anyway)
    if command.intent == "ask":
        return run(command, context)
    if (of_named := _OF_NAMED.get(command.intent)) is not None:
        return of_named(command, context)
    if command.intent == "book":
        return plan.book(command, context, trainee, moves=choice.moves, anyway=choice.anyway)
    if command.intent == "placement":
        return place.run(command, context, trainee, anyway=choice.anyway)
    if (of_one := _ABOUT_ONE.get(command.intent)) is not None:
        return of_one(command, context, trainee)
    return log.run(command, context, trainee, anyway=choice.anyway)


_OF_NAMED: Final[dict[str, Callable[[Command, Context], Reply]]] = {
    "export": paper.export,
    "paper": paper.run,
    "remind": remit.remind,
    "request": request.run,
    "setting": wish.run,
    "show": leaders.show,
    "unit_duty": duty.run,
}
"""What is said of a person or a unit that the chosen line names."""
_ABOUT_ONE: Final[dict[str, Callable[[Command, Context, int | None], Reply]]] = {
    "absence": absences.be_away,
    "agreed": agree.run,
    "back": back.run,
    "mute": mute.run,
    "move": rebook.move,
    "cancel": rebook.cancel,
    "once_more": once_more.run,
}
"""What is said of one trainee, and needs to know of which."""
