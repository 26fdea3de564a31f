"""Days that cannot be meant: an absence or a placement that was over before the training began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers.context import Context
from handlers.drafts import Choice, ask_choices
from handlers.language.command import Command
from handlers.message import Reply
from handlers.whose import About
from schedules.calendar import add_months


def over_too_early(about: About, context: Context, lines: Sequence[Command] = ()) -> Reply | None:
    """Ask about such a span, with the same days of the first year they can be meant in to press.

    Without a year the nearest one is read, and in spring that may be last summer's. `lines` as in
    whose.about_whom: of several nothing is offered.
    """
    first, last, starts = about.command.date, about.command.end_date, about.trainee.starts_on
    if first is None or last is None or last >= starts:
        return None
    if lines:
        return context.say("ask.too_early", "asked", day=context.words.dated(starts))
    while last < starts:
        first, last = _a_year_later(first), _a_year_later(last)
    words, later = context.words, replace(about.command, date=first, end_date=last)
    choice = Choice(words.span(first, last), later, about.trainee.id)
    return ask_choices(context, words.say("ask.too_early", day=words.dated(starts)), [choice])


def _a_year_later(day: date) -> date:
    return add_months(day, 12)
