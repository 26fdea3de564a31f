"""The page one opens to see how one stands: one's own training, one's trainees, one's units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from handlers.commands import away
from handlers.context import Context, Press, owned_button
from handlers.digests.digest import digest_of, digest_text, hushed
from handlers.language.command import Command
from handlers.message import Button, Reply
from handlers.papers.attach import PICTURE
from handlers.people import labels, own_training, trainees_of, units_of
from handlers.standing import one_line, standing_text
from schedules.agenda import READERS
from storage.tables import Person, Trainee

MOST: Final = 20
"""Trainees with a button each; the others are shown by `visa`."""
ORDERS: Final = ("history", "rules", "help")
"""What the buttons below do. A button keeps its number: new ones go last."""


def page(context: Context) -> Reply:
    """All that concerns this person, most personal first."""
    session, person, today = context.session, context.person, context.today
    own, theirs = own_training(session, person), trainees_of(session, person, today)
    parts = [standing_text(own, person, context)] if own else []
    if theirs:
        context.note("list_seen", f"person:{context.person_id}", list="pairs")
        parts.append("\n".join(one_line(trainee, who, context) for trainee, who in theirs))
    parts += ["\n".join(gone)] if (gone := away.status_lines(context)) else []
    answers_for = units_of(session, person, READERS)
    if answers_for:
        found = hushed(digest_of(session, person, context.now, today))
        context.note("digest_seen", f"person:{context.person_id}")
        parts.append(digest_text(context.words, found, today))
    text = "\n\n".join([context.words.say("home.head", name=person.name), *(parts or [_nothing(context)])])
    buttons = [*_log(own, theirs, context), *_see(theirs, context), *_orders(context)]
    reply = context.reply(text, "home", buttons=buttons)
    return replace(reply, message=replace(reply.message, papers=(PICTURE,) if answers_for else ()))


def _nothing(context: Context) -> str:
    return context.words.say("home.none")


def _log(own: Trainee | None, theirs: list[tuple[Trainee, Person]], context: Context) -> list[Button]:
    return [context.button("log_session", "fill", primary=True)] if own or theirs else []


def _see(theirs: list[tuple[Trainee, Person]], context: Context) -> list[Button]:
    owner, names = context.person_id, labels([person for _, person in theirs])
    return [
        owned_button(name, "see", trainee.id or 0, owner=owner)
        for name, (trainee, _) in zip(names, theirs[:MOST], strict=False)
    ]


def _orders(context: Context) -> list[Button]:
    return [context.button(order, "do", number) for number, order in enumerate(ORDERS)]


def pressed(press: Press, run: Callable[[Command, Context], Reply], context: Context) -> Reply:
    """One of the orders, as if it had been written."""
    number = press.about[0] if press.about else len(ORDERS)
    if number >= len(ORDERS):
        return context.say("ask.expired", "stale_button")
    return run(Command(ORDERS[number]), context)
