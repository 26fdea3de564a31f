"""How one wants to be reminded: `påminn mig på telegram`, `påminn mig kl 9`, and a unit's `inställning …`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.drafts import Choice, ask_choices
from handlers.language.command import Command
from handlers.message import Reply
from handlers.people import own_training, trainees_of, units_of
from handlers.words import Words
from schedules.agenda import READERS, replan_digests
from schedules.calendar import SWEDEN
from schedules.choices import digest_of, of_unit, own, set_by, set_of_person, set_of_unit
from schedules.habits import OWN, OWN_DIGEST, USUAL, HabitError, Habits
from schedules.recompute import recompute, trainees_of_unit
from storage.tables import Identity, Role, RoleName, Unit

ANSWERS = (RoleName.STUDIEREKTOR, RoleName.HEAD)
USUAL_REPEATS = (7, 3)


def run(command: Command, context: Context) -> Reply:
    """Show or change settings: one's own, or those of a unit one answers for."""
    scope, what, *values = [*(command.reason or "").split(), "", ""]
    if scope == "own":
        return _own(what, values, command, context)
    units = units_of(context.session, context.person, ANSWERS)
    if scope != "unit":
        known = {unit.name.casefold() for unit in units}
        return _show(units, context) if (command.note or "").casefold() in {"", *known} else _wrong(context)
    if not units:
        return context.say("refused.may_not", "refused")
    unit = _named(units, command.note)
    if unit is None:
        choices = [Choice(each.name, replace(command, note=each.name)) for each in units]
        return ask_choices(context, context.words.say("duty.ask_unit"), choices)
    given = _given(what, values, command)
    return _set_unit(unit, given, context) if given else _wrong(context)


def _wrong(context: Context) -> Reply:
    return context.say("setting.wrong", "asked")


def _named(units: list[Unit], note: str | None) -> Unit | None:
    if len(units) == 1:
        return units[0]
    return next((unit for unit in units if unit.name.casefold() == (note or "").casefold()), None)


def _given(what: str, values: list[str], command: Command) -> Mapping[str, Any]:
    """The habits that a line sets; None for as usual."""
    said = [value for value in values if value]
    keys = {
        "weekly": ("weekly_day", "weekly_at"),
        "morning": (None, "morning"),
        "repeat": ("repeat_days", "repeat_at_most"),
        "digest": ("digest_day", "digest_at"),
        "empty": ("digest_when_empty", None),
        "picture": ("digest_picture", None),
        "workbook": ("digest_workbook", None),
        "names": ("picture_names", None),
    }[what]
    if said == ["usual"]:
        return {key: None for key in keys if key}
    second = said[1] if len(said) > 1 else command.time
    pairs = zip(keys, (said[0] if said else None, second), strict=True)
    return {key: value for key, value in pairs if key and value is not None}


def _set_unit(unit: Unit, given: Mapping[str, Any], context: Context) -> Reply:
    try:
        changed = set_of_unit(unit, given)
    except HabitError:
        return context.say("setting.wrong", "asked")
    follow(context.session, unit, context.now, context.zone)
    context.note("settings", f"unit:{unit.id}", **changed)
    return context.reply(unit_line(context.words, unit), "settings")


def follow(session: Session, unit: Unit, now: datetime, zone: str) -> None:
    """Bring everything that a unit's settings decide in line with them, in the transaction of the change."""
    session.add(unit)
    session.flush()
    recompute(session, trainees_of_unit(session, unit.id), now, "settings")
    readers = select(Role.person_id).where(Role.unit_id == unit.id, col(Role.role).in_(READERS))
    replan_digests(session, session.exec(readers).all(), now, zone, SWEDEN)


def _show(units: list[Unit], context: Context) -> Reply:
    reads = units_of(context.session, context.person, READERS)
    lines = [_own_line(context), *([_digest_line(context)] if reads else [])]
    lines += [unit_line(context.words, unit) for unit in units]
    return context.reply("\n".join(lines), "settings")


def unit_line(words: Words, unit: Unit) -> str:
    """All that a unit may set, as it is now."""
    habits = of_unit(unit)
    days, count = USUAL_REPEATS
    most = count if habits.repeat_at_most is None else habits.repeat_at_most
    return words.say(
        "setting.unit",
        unit=unit.name,
        weekly=_at(words, habits),
        morning=words.clock(habits.morning),
        days=habits.repeat_days or days,
        count=most,
        digest=f"{words.name('weekday', str(habits.digest_day))} {words.clock(habits.digest_at)}",
        empty=words.say("setting.empty_on" if habits.digest_when_empty else "setting.empty_off"),
        papers=_papers(words, habits),
    )


def _papers(words: Words, habits: Habits) -> str:
    """As in "med bild utan namn och excel"."""
    picture = words.say("setting.picture" if habits.picture_names else "setting.nameless")
    chosen = ((picture, habits.digest_picture), (words.say("setting.workbook"), habits.digest_workbook))
    what = [name for name, goes_along in chosen if goes_along]
    return words.say("setting.with", what=words.listed(what)) if what else words.say("setting.bare")


def _at(words: Words, habits: Habits) -> str:
    return f"{words.name('weekday', str(habits.weekly_day))} {words.clock(habits.weekly_at)}"


def _own(what: str, values: list[str], command: Command, context: Context) -> Reply:
    if what == "platform":
        return _prefer(values[0], context)
    if what in ("digest", "empty"):
        return _own_digest(what, values, command, context)
    given: Mapping[str, Any] = {"morning": command.time}
    if what == "weekly":
        said = {"weekly_day": values[0], "weekly_at": command.time}
        given = {key: value for key, value in said.items() if value}
    if what == "usual":
        given = dict.fromkeys((*OWN, *OWN_DIGEST))
        _set_platform(None, context)
    if not _keep(given, context):
        return _wrong(context)
    recompute(context.session, _theirs(context), context.now, "settings")
    return context.reply(_own_line(context), "settings")


def _own_digest(what: str, values: list[str], command: Command, context: Context) -> Reply:
    """For who reads one: its day and hour, and whether one with nothing to tell is wanted."""
    if not units_of(context.session, context.person, READERS):
        return context.say("setting.no_digest", "asked")
    if what == "digest" and values[0] == "off":
        return context.say("setting.digest_stays", "asked")
    said = {"digest_day": values[0] or None, "digest_at": command.time}
    given: Mapping[str, Any] = {key: value for key, value in said.items() if value is not None}
    if what == "empty":
        given = {"digest_when_empty": values[0]}
    if values[0] == "usual":
        given = dict.fromkeys(OWN_DIGEST)
    if not _keep(given, context):
        return _wrong(context)
    replan_digests(context.session, [context.person_id], context.now, context.zone, SWEDEN)
    return context.reply(_digest_line(context), "settings")


def _keep(given: Mapping[str, Any], context: Context) -> bool:
    """Whether a person may have it so; then it is theirs."""
    try:
        changed = set_of_person(context.person, given)
    except HabitError:
        return False
    context.session.add(context.person)
    context.session.flush()
    context.note("settings", f"person:{context.person_id}", **changed)
    return True


def _digest_line(context: Context) -> str:
    words, habits = context.words, digest_of(context.session, context.person_id)
    empty = words.say("setting.empty_on" if habits.digest_when_empty else "setting.empty_off")
    day = words.name("weekday", str(habits.digest_day))
    return words.say("setting.own_digest", day=day, at=words.clock(habits.digest_at), empty=empty)


def _theirs(context: Context) -> list[int]:
    """The trainings whose reminders reach this person first of all: one's own, and one's trainees'."""
    mine = context.training
    theirs = trainees_of(context.session, context.person, context.today)
    return [trainee.id or 0 for trainee in [*([mine] if mine else []), *(each for each, _ in theirs)]]


def _prefer(platform: str, context: Context) -> Reply:
    """Only where the person is linked: a wish that cannot be kept would be silence."""
    linked = context.session.exec(
        select(Identity.id).where(
            Identity.person_id == context.person.id,
            Identity.platform == platform,
            col(Identity.disabled_at).is_(None),
        )
    ).first()
    name = context.words.name("platform", platform)
    if linked is None:
        return context.say("setting.not_linked", "asked", platform=name)
    _set_platform(platform, context)
    return context.reply(_own_line(context), "settings")


def _set_platform(platform: str | None, context: Context) -> None:
    before, context.person.prefers = context.person.prefers, platform
    context.session.add(context.person)
    if before != platform:
        context.note("settings", f"person:{context.person_id}", prefers=[before, platform])


def _own_line(context: Context) -> str:
    words, person = context.words, context.person
    mine = own_training(context.session, person)
    base = of_unit(context.session.get_one(Unit, mine.unit_id)) if mine else USUAL
    habits = own(base, set_by(person))
    key = "setting.own_on" if person.prefers else "setting.own"
    platform = words.name("platform", person.prefers or "")
    return words.say(key, weekly=_at(words, habits), morning=words.clock(habits.morning), platform=platform)
