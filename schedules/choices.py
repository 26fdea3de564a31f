"""What units and people have chosen of their habits: read, set, and the one that holds for somebody.

A unit's are kept in `Unit.settings["habits"]`, a person's in columns of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any, Final

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from schedules.habits import OWN, OWN_DIGEST, READERS, USUAL, Habits
from storage.audit import changes
from storage.columns import Facts, columns, table
from storage.prepared import Prepared
from storage.tables import Person, Role, Unit

HABITS = "habits"
_U, _R = columns(Unit), columns(Role)
_SETTINGS: Final = Prepared(
    select(_U.settings).join(table(Role), _R.unit_id == _U.id).where(_R.person_id == bindparam("person"))
)
"""Built once: every reminder asks it."""


def of_unit(unit: Unit) -> Habits:
    """A unit's habits; what it has not set is as usual."""
    return _of_settings(unit.settings)


def _of_settings(settings: Facts) -> Habits:
    kept = settings.get(HABITS) or {}
    return replace(USUAL, **{key: READERS[key](value) for key, value in kept.items()}) if kept else USUAL


def set_of_unit(unit: Unit, given: Mapping[str, Any]) -> Facts:
    """Set some of a unit's habits, beside those set before; None for as usual. Raises HabitError.

    Returns what is changed, as `storage.audit.changes` has it.
    """
    before: Facts = dict(unit.settings.get(HABITS) or {})
    kept = dict(before)
    for key, value in given.items():
        kept.pop(key, None)
        if value is not None:
            kept[key] = _packed(READERS[key](value))
    unit.settings = {**unit.settings, HABITS: kept}
    return changes(before, kept)


def set_of_person(person: Person, given: Mapping[str, Any]) -> Facts:
    """Set some of a person's own (OWN, OWN_DIGEST); None for as the unit has it. Raises HabitError.

    Returns what is changed, as `set_of_unit`.
    """
    before = {key: _packed(getattr(person, key)) for key in given}
    for key, value in given.items():
        setattr(person, key, None if value is None else READERS[key](value))
    return changes(before, {key: _packed(getattr(person, key)) for key in given})


def set_by(person: Person) -> Facts:
    """What a person has set of their own; None for as the unit has it."""
    return {key: getattr(person, key) for key in OWN}


def own(base: Habits, mine: Facts) -> Habits:
    """A person's habits where they differ from the unit's."""
    return replace(base, **{key: value for key, value in mine.items() if value is not None})


def morning_of(session: Session, person_id: int | None) -> time:
    """From when somebody is spoken to: their own hour, else the latest of their units'."""
    person = session.get(Person, person_id) if person_id else None
    if person is not None and person.morning is not None:
        return person.morning
    found = _SETTINGS.values(session, {"person": person_id})
    return max((_of_settings(each).morning for each in found), default=USUAL.morning)


def digest_of(session: Session, person_id: int) -> Habits:
    """When a reader gets the digest: as they have set it, else the first of their units by name that has."""
    units = [of_unit(unit) for unit in _units(session, person_id)]
    base = next((habits for habits in units if _digest(habits) != _digest(USUAL)), USUAL)
    person = session.get(Person, person_id)
    return own(base, {key: getattr(person, key) for key in OWN_DIGEST}) if person else base


def _digest(habits: Habits) -> tuple[object, ...]:
    return tuple(getattr(habits, key) for key in READERS if key.startswith("digest_"))


def _units(session: Session, person_id: int | None) -> list[Unit]:
    found = select(Unit).join(Role, col(Role.unit_id) == col(Unit.id)).where(Role.person_id == person_id)
    return list(session.exec(found.order_by(col(Unit.name))).unique().all())


def _packed(value: Any) -> Any:
    return f"{value:%H:%M}" if isinstance(value, time) else value
