"""Changing a unit's own rules: the change and every standing it touches, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tomli
from sqlmodel import Session, col, select

from bot.cli.database import database, load_settings
from bot.cli.output import fail, unknown_unit
from bot.cli.progress import progress
from bot.clock import system_clock
from schedules.recompute import trainees_of_unit
from schedules.rules.overrides import parameters_of
from schedules.rules.rulebook import Rulebook, RulebookError, shipped
from schedules.standings import refresh
from storage.audit import changes
from storage.engine import writing
from storage.tables import Audit, Unit


def set_own_rule(name: str, make: Callable[[Rulebook, Unit], None]) -> None:
    """Let `make` change a unit's own rules, and recompute its trainees. What does not fit changes nothing."""
    with database(load_settings()) as engine, writing(engine) as session:
        unit = unit_named(session, name)
        before = parameters_of(unit)
        try:
            make(shipped()[unit.rulebook], unit)
        except RulebookError as error:
            fail("; ".join(error.problems))
        now = system_clock()
        session.add(unit)
        facts = changes(before, parameters_of(unit))
        session.add(Audit(at=now, act="own_rules", subject=f"unit:{unit.id}", facts=facts))
        session.flush()
        _recompute(session, unit, lambda trainee: refresh(session, trainee, now, "rules"))


def unit_named(session: Session, name: str) -> Unit:
    """The unit of a name; an unknown one ends the command and names those there are."""
    units = {unit.name: unit for unit in session.exec(select(Unit).order_by(col(Unit.name))).all()}
    if name not in units:
        unknown_unit(name, units)
    return units[name]


def _recompute(session: Session, unit: Unit, one: Callable[[int], object]) -> None:
    """One trainee after the other, for the bar's sake."""
    trainees = trainees_of_unit(session, unit.id)
    with progress("Recomputing", len(trainees)) as done:
        for trainee in trainees:
            one(trainee)
            done(1)


def read_parameters(given: Sequence[str]) -> dict[str, Any]:
    """`count=5`, `every={months=9}`: TOML on the right, or a bare word. Anything else ends the command."""
    return dict(_parameter(each) for each in given)


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        fail(f"{text!r}: write PARAM=VALUE, for example count=5 or every={{months=9}}")
    try:
        return name, tomli.loads(f"value = {value}")["value"]
    except tomli.TOMLDecodeError:
        return name, value
