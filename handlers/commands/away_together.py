"""Absences of single days that are not in a row, of one line: `vab mån och ons`.

As sessions of several days (decision 0026): saved together or not at all, one receipt, one `ångra`.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers import describe
from handlers.commands import absences, away, several
from handlers.context import Context
from handlers.language.command import Command
from handlers.message import Reply
from handlers.whose import About
from schedules.standings import refresh


def save(lines: Sequence[Command], context: Context, chosen: int | None = None) -> Reply:
    """Save each line's day away; of what is there already the answer says so."""
    if away.is_own(lines[0], context, chosen):
        return _own(lines, context)
    abouts = several.about_each(lines, context, chosen)
    if isinstance(abouts, Reply):
        return abouts
    if asked := next((reply for about in abouts if (reply := absences.not_so(about, context, lines))), None):
        return asked
    known = [(about, absences.known_as(about, context)) for about in abouts]
    there = [describe.absence(context.words, absence) for _, absence in known if absence]
    new = [about for about, absence in known if absence is None]
    if not new:
        return context.reply(context.words.say("kept.absent", what=", ".join(there)), "kept")
    return _saved(new, there, context)


def _saved(new: Sequence[About], there: Sequence[str], context: Context) -> Reply:
    ids = [context.inbox_id, *[None] * len(new)]  # one message has one effect
    rows = [absences.begin(about, context, at) for about, at in zip(new, ids, strict=False)]
    refresh(context.session, rows[0].trainee_id, context.now, "absence")
    lines = [absences.line_of(each, about, context) for each, about in zip(rows, new, strict=True)]
    absences.tell_trainee(rows, context)
    if there:
        lines.append(context.words.say("receipt.there_already", what=", ".join(there)))
    return _told(lines, [absences.noted(each, context) for each in rows], context)


def _own(lines: Sequence[Command], context: Context) -> Reply:
    """Days away of who is in no training; those that are over are not kept."""
    days = [line.date for line in lines if line.date and line.date >= context.today]
    if not days:
        return context.say("away.over", "asked")
    ids = [context.inbox_id, *[None] * len(days)]
    rows = [away.begin(day, day, context, at) for day, at in zip(days, ids, strict=False)]
    told = [line for row in rows for line in away.lines_of(row, context)]
    return _told(told, [f"away:{row.id}" for row in rows], context)


def _told(lines: Sequence[str], saved: Sequence[str], context: Context) -> Reply:
    subject = several.as_one(saved, context)
    button = several.undo_button(subject, context)
    return context.reply("\n".join(lines), "absent", buttons=[button], facts={"subject": subject})
