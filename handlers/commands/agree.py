"""A pair's own interval: `vi ses var tredje vecka`, by either half of it."""

from __future__ import annotations

from sqlmodel import col, select

from handlers import describe
from handlers.context import Context
from handlers.language.command import Command
from handlers.message import IncomingKind, Reply
from handlers.whose import about_whom
from handlers.words import Words
from schedules.lives.reading import load
from schedules.rules.requirement import Kind
from schedules.standings import refresh
from storage.tables import Audit, Pairing
from storage.trainees import lasts_on

SPELLED = range(3, 9)
"""Weeks whose ordinal has a word in the catalogues."""


def run(command: Command, context: Context, chosen: int | None = None) -> Reply:
    """Set how often the trainee and the main supervisor have agreed to meet."""
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    pair = _pair(about.trainee.id or 0, context)
    if pair is None:
        return context.say("agreed.not_main", "refused")
    before, days = pair.agreed_days or 0, int(command.note or 0)
    _set(pair, days, context)
    text = context.words.say("agreed.saved", every=every(context.words, days))
    if asked := _asked_otherwise(about.trainee.id or 0, context):
        text = context.words.say("agreed.saved_beside", every=every(context.words, days), title=asked)
    context.note("agreed", f"pairing:{pair.id}", days=days, before=before)
    undo = context.button("undo", "unagree", pair.id or 0)
    return context.reply(text, "agreed", buttons=[undo], facts={"subject": f"pairing:{pair.id}"})


def _asked_otherwise(trainee_id: int, context: Context) -> str:
    """The requirement that the unit's rulebook has on supervision, where it leaves nothing to the pair."""
    asked = load(context.session, trainee_id, context.now).rulebook.requirements.values()
    if any(each.kind is Kind.AGREED for each in asked):
        return ""
    found = (each for each in asked if "supervision" in each.activities and each.kind is not Kind.TOPIC)
    return next((describe.title(context.words, each) for each in found), "")


def undo(number: int, context: Context) -> Reply | None:
    """What held before the latest agreement holds again; None when there is none to take back."""
    pair = context.session.get(Pairing, number)
    mine = pair and _pair(pair.trainee_id, context)
    latest = _latest_change(number, context)
    if pair is None or mine is None or mine.id != pair.id or latest is None or latest.act != "agreed":
        return None
    days, words = int(latest.facts["before"]), context.words
    _set(pair, days, context)
    context.note("unagreed", f"pairing:{number}", days=days)
    now = words.say("agreed.now", every=every(words, days)) if days else words.say("agreed.unset")
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.say("agreed.undone", "undone", replace=is_press, now=now)


def _latest_change(number: int, context: Context) -> Audit | None:
    return context.session.exec(
        select(Audit)
        .where(Audit.subject == f"pairing:{number}", col(Audit.act).in_(["agreed", "unagreed"]))
        .order_by(col(Audit.id).desc())
        .limit(1)
    ).first()


def every(words: Words, days: int) -> str:
    """As in "var tredje vecka"."""
    weeks, rest = divmod(days, 7)
    if rest == 0 and weeks in (1, 2):
        return words.say("agreed.week" if weeks == 1 else "agreed.two_weeks")
    if rest == 0 and weeks in SPELLED:
        return words.say("agreed.weeks", nth=words.say(f"agreed.nth_{weeks}"))
    return words.say("agreed.days", count=days)


def _set(pair: Pairing, days: int, context: Context) -> None:
    pair.agreed_days = days or None
    context.session.add(pair)
    context.session.flush()
    refresh(context.session, pair.trainee_id, context.now, "agreed")


def _pair(trainee_id: int, context: Context) -> Pairing | None:
    """The main pairing of today, if the writer is one of its halves."""
    pair = context.session.exec(
        select(Pairing).where(
            Pairing.trainee_id == trainee_id,
            Pairing.kind == "main",
            lasts_on(context.today),
        )
    ).first()
    own = context.training
    is_half = pair and (pair.supervisor_id == context.person.id or (own and own.id == trainee_id))
    return pair if is_half else None
