"""A unit's own rules: any parameter of any requirement, or a requirement switched off, each with a reason.

Kept in `Unit.settings["overrides"]`, by requirement: `{"assessment": {"count": 5, "reason": "…"},
"course": {"off": true, "reason": "…"}}`, parameters as in a rulebook file.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from schedules.rules.rulebook import Rulebook, RulebookError, override, switch_off
from storage.columns import Facts
from storage.tables import Unit

OVERRIDES = "overrides"
_log = logging.getLogger("handledd")


class Ruled(NamedTuple):
    """A unit, as far as its rulebook goes: three of its columns."""

    name: str
    rulebook: str
    settings: Facts


def own_rules(rulebook: Rulebook, unit: Unit | Ruled) -> Rulebook:
    """The rulebook as a unit has changed it. What no longer fits is left out, with a warning in the log."""
    own = unit.settings.get(OVERRIDES)
    return _applied(rulebook, unit.name, json.dumps(own, sort_keys=True)) if own else rulebook


def change(rulebook: Rulebook, unit: Unit, key: str, parameters: Mapping[str, Any], reason: str) -> None:
    """Set some parameters of a requirement for a unit, beside those it has set before.

    `rulebook` is the one that comes along. RulebookError, naming unit, key and mend, when it does not fit.
    """
    kept = {name: value for name, value in _of(unit, key).items() if name not in ("off", "reason")}
    _set(rulebook, unit, key, {**kept, **parameters, "reason": reason})


def turn_off(rulebook: Rulebook, unit: Unit, key: str, reason: str) -> None:
    """Switch a requirement off for a unit. RulebookError, naming unit, key and mend, when there is none."""
    _set(rulebook, unit, key, {"off": True, "reason": reason})


def turn_back(unit: Unit, key: str) -> bool:
    """Let the rulebook's own rule hold again; False when the unit had not changed it."""
    own = dict(unit.settings.get(OVERRIDES) or {})
    had = own.pop(key, None) is not None
    unit.settings = {**unit.settings, OVERRIDES: own}
    return had


def parameters_of(unit: Unit) -> Facts:
    """What a unit has changed, by `requirement.parameter`; not why."""
    own = (unit.settings.get(OVERRIDES) or {}).items()
    return {f"{key}.{name}": value for key, given in own for name, value in given.items() if name != "reason"}


def _of(unit: Unit, key: str) -> Facts:
    return dict((unit.settings.get(OVERRIDES) or {}).get(key) or {})


def _set(rulebook: Rulebook, unit: Unit, key: str, own: Facts) -> None:
    """A new dictionary: a JSON column does not see what is changed inside it."""
    try:
        _one(rulebook, unit.name, key, own)
    except RulebookError as error:
        raise RulebookError([f"{unit.name}: {problem}" for problem in error.problems]) from None
    unit.settings = {**unit.settings, OVERRIDES: {**(unit.settings.get(OVERRIDES) or {}), key: own}}


@lru_cache(maxsize=512)
def _applied(rulebook: Rulebook, unit: str, own: str) -> Rulebook:
    for key, parameters in json.loads(own).items():
        try:
            rulebook = _one(rulebook, unit, key, parameters)
        except RulebookError as error:
            _log.warning("unit %s: own %s left out, the rulebook's holds: %s", unit, key, error)
    return rulebook


def _one(rulebook: Rulebook, unit: str, key: str, own: object) -> Rulebook:
    if not isinstance(own, dict):
        raise RulebookError([f"{rulebook.key}: {key}: write the parameters and a reason"])
    reason = str(own.get("reason") or "").strip()
    said = f"{unit}: {reason}" if reason else ""
    if own.get("off"):
        return switch_off(rulebook, key, said)
    parameters = {name: value for name, value in own.items() if name not in ("off", "reason")}
    return override(rulebook, {key: parameters}, said)
