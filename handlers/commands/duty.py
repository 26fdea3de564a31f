"""A unit's reviews: `spur 2026-03-12 dokumentationen brister`, `anmärkningar`, `spur åtgärdad 3/9`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers.context import Context
from handlers.describe import public_note
from handlers.digests.units import due_line, finding_line
from handlers.drafts import Choice, ask_choices
from handlers.language.command import Command
from handlers.language.reader import read
from handlers.language.sentences.units_asked import DUE
from handlers.message import IncomingKind, Reply
from handlers.people import units_of
from schedules.duties import every_due, follow_up_on, is_open, open_findings, recorded
from schedules.lives.reading import rulebook_of
from storage.tables import RoleName, Unit, UnitDuty

LATEST = timedelta(days=550)
"""A follow-up is at most so far ahead: as a booking, eighteen months."""
ANSWERS = (RoleName.STUDIEREKTOR, RoleName.HEAD, RoleName.CHIEF_DIRECTOR)
CLOSED = "closed"


def run(command: Command, context: Context) -> Reply:
    """Record a review of a unit one answers for, or that its finding is mended."""
    units = units_of(context.session, context.person, ANSWERS)
    if not units:
        return context.say("refused.may_not", "refused")
    command = _without_unit(units, command, context)
    if command.reason in _ASKED:
        return _ASKED[command.reason](units, command, context)
    ahead = command.reason == "follow_up"
    if ahead and (command.date is None or not context.today < command.date <= context.today + LATEST):
        return context.say("duty.ask_follow_up", "asked", duty=_name(command.activity, context))
    if command.reason != CLOSED and (command.date is None or (command.date > context.today and not ahead)):
        return context.say("duty.ask_date", "asked", duty=_name(command.activity, context))
    if command.reason in (CLOSED, "follow_up") and not _named_first(units, command.note):
        units = [each for each in units if _oldest_open(each, command, context)]
        if not units:
            return context.say("duty.none_open", "nothing", duty=_name(command.activity, context))
    unit = _named_first(units, command.note) or (units[0] if len(units) == 1 else None)
    if unit is None:
        return _ask_unit(units, command, context)
    if command.reason == CLOSED:
        return _close(unit, command, context)
    if ahead:
        return _follow_up(unit, command, context)
    return _record(unit, replace(command, note=_finding(unit, command.note)), context)


def _without_unit(units: list[Unit], command: Command, context: Context) -> Command:
    """The line read once more without the unit that it names: `spur Ekbacken åtgärdad`, `följ upp spur
    Ekbacken 1/2`. The reader knows no units, and takes what stands after one for a finding.
    """
    text = context.incoming.text
    for unit in sorted(units, key=lambda unit: -len(unit.name)):
        rest, hits = re.subn(rf"(?<!\w){re.escape(unit.name)}(?!\w)", " ", text, count=1, flags=re.IGNORECASE)
        again = read(rest, context.said_at) if hits else command
        if hits and again.intent == command.intent:
            return replace(again, note=f"{unit.name} {again.note or ''}".strip())
    return command


def _finding(unit: Unit, note: str | None) -> str | None:
    """What the line says beside the unit's name; it is for all who answer for the unit."""
    rest = note or ""
    if rest.casefold().startswith(unit.name.casefold()):
        rest = rest[len(unit.name) :]
    return public_note(rest.strip(" :,-"))


def _named_first(units: list[Unit], note: str | None) -> Unit | None:
    said = (note or "").casefold()
    hits = [unit for unit in units if said.startswith(unit.name.casefold())]
    return max(hits, key=lambda unit: len(unit.name), default=None)


def _ask_unit(units: list[Unit], command: Command, context: Context) -> Reply:
    choices = [
        Choice(unit.name, replace(command, note=f"{unit.name} {command.note or ''}".strip()))
        for unit in units
    ]
    return ask_choices(context, context.words.say("duty.ask_unit"), choices)


def _record(unit: Unit, command: Command, context: Context) -> Reply:
    row, words = _done(unit, command, context), context.words
    subject = f"duty:{row.id}"
    context.note("unit_duty", subject, duty=row.duty, on=row.done_on.isoformat())
    lines = [words.say("duty.saved", what=_what(row, context), unit=unit.name)]
    if row.follow_up_on:
        day = words.dated(row.follow_up_on)
        lines.append(words.say("duty.follow_up", day=day, duty=_name(row.duty, context)))
    buttons = [context.button("undo", "unduty", row.id or 0)]
    return context.reply("\n".join(lines), "duty", buttons=buttons, facts={"subject": subject})


def _done(unit: Unit, command: Command, context: Context) -> UnitDuty:
    if command.date is None or command.activity is None:
        msg = "a review needs its day and its kind"
        raise ValueError(msg)
    row = UnitDuty(
        unit_id=unit.id or 0,
        duty=command.activity,
        done_on=command.date,
        finding=command.note,
        follow_up_on=follow_up_on(rulebook_of(unit), command.date) if command.note else None,
        written_by=context.person_id,
        written_at=context.now,
        inbox_id=context.inbox_id,
    )
    context.session.add(row)
    context.session.flush()
    return row


def _list(units: list[Unit], _command: Command, context: Context) -> Reply:
    """Findings that wait for their follow-up, the earliest first."""
    found = open_findings(context.session, units)
    if not found:
        return context.say("duty.no_findings", "findings")
    lines = [finding_line(context.words, each, context.today) for each in found]
    head = context.words.say("duty.findings", count=len(lines))
    return context.reply("\n".join([head, *lines]), "findings")


def _dues(units: list[Unit], command: Command, context: Context) -> Reply:
    """When each unit's next review is due, however far ahead; that none was ever recorded."""
    said = context.incoming.text.casefold()
    meant = [unit for unit in units if unit.name.casefold() in said] or units
    every = every_due(context.session, meant, context.today)
    found = [due for due in every if command.activity in due.requirement.activities]
    name = _name(command.activity, context)
    if not found:
        return context.say("duty.no_dues", "nothing", duty=name)
    lines = [due_line(context.words, due) for due in found]
    return context.reply("\n".join([context.words.say("duty.dues", duty=name), *lines]), "duties")


_ASKED: Final[dict[str | None, Callable[[list[Unit], Command, Context], Reply]]] = {
    "list": _list,
    DUE: _dues,
}
"""What is told of units, by the reason of the line that asks."""


def _follow_up(unit: Unit, command: Command, context: Context) -> Reply:
    """The oldest open finding of that kind of review gets another day."""
    row = _oldest_open(unit, command, context)
    if row is None:
        return context.say("duty.none_open", "nothing", duty=_name(command.activity, context))
    day = command.date or context.today
    row.follow_up_on = day
    context.session.add(row)
    context.note("duty_follow_up", f"duty:{row.id}", on=day.isoformat())
    text = context.words.say(
        "duty.followed", what=_what(row, context), unit=unit.name, day=context.words.dated(day)
    )
    return context.reply(text, "duty")


def _oldest_open(unit: Unit, command: Command, context: Context) -> UnitDuty | None:
    rows = recorded(context.session, [unit])
    return next((row for row in rows if row.duty == command.activity and is_open(row)), None)


def _close(unit: Unit, command: Command, context: Context) -> Reply:
    """The oldest finding of that kind of review that is still open."""
    row = _oldest_open(unit, command, context)
    if row is None:
        return context.say("duty.none_open", "nothing", duty=_name(command.activity, context))
    row.closed_at = context.now
    context.session.add(row)
    context.note("duty_mended", f"duty:{row.id}")
    text = context.words.say("duty.mended", what=_what(row, context), unit=unit.name)
    buttons = [context.button("undo", "unmended", row.id or 0)]
    return context.reply(text, "duty", buttons=buttons, facts={"subject": f"mended:{row.id}"})


def undo(number: int, context: Context) -> Reply | None:
    """The record is void, by who wrote it."""
    row = context.session.get(UnitDuty, number)
    if row is None or row.voided_at is not None or row.written_by != context.person.id:
        return None
    row.voided_at = context.now
    return _taken_back(row, context.words.say("receipt.undone", what=_what(row, context)), context)


def reopen(number: int, context: Context) -> Reply | None:
    """`ångra` after a finding was said to be mended: it is open again."""
    row = context.session.get(UnitDuty, number)
    if row is None or row.closed_at is None or row.voided_at is not None:
        return None
    row.closed_at = None
    unit = context.session.get_one(Unit, row.unit_id).name
    return _taken_back(
        row, context.words.say("duty.open_again", what=_what(row, context), unit=unit), context
    )


def _taken_back(row: UnitDuty, text: str, context: Context) -> Reply:
    context.session.add(row)
    context.note("undone", f"duty:{row.id}")
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.reply(text, "undone", replace=is_press)


def _what(row: UnitDuty, context: Context) -> str:
    return f"{_name(row.duty, context)} {context.words.dated(row.done_on)}"


def _name(duty: str | None, context: Context) -> str:
    return context.words.name("duty_name", duty or "")
