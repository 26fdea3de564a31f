"""Rulebooks: which requirements hold, as TOML files with a source for each.

A unit chooses one, and may override any parameter with its own and a reason (domain.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from schedules.rules.fields import (
    COMMON,
    FIELDS,
    PARAMETERS,
    MisfitError,
    read_field,
    read_source,
    read_terms,
    read_title,
)
from schedules.rules.files import gather, shipped_texts
from schedules.rules.requirement import DEFAULT_TERMS, IN_TITLES, Kind, Requirement, Term

DEFAULT_RULEBOOK = "ostergotland-allmanmedicin"
TOPIC_ROTA = "_topic-rota"


class RulebookError(ValueError):
    """The file or the override does not hold; `problems` names file, key and mend of each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """The requirements that hold somewhere. Each is itself and equal to no other: what derives is cached."""

    key: str
    title: Mapping[str, str]
    requirements: Mapping[str, Requirement]
    """By key, in the file's order."""
    terms: tuple[Term, ...] = DEFAULT_TERMS
    off: Mapping[str, Requirement] = field(default_factory=lambda: MappingProxyType({}))
    """What a unit has switched off, each with its reason."""


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Rulebook]:
    """The rulebooks that come along, by key."""
    names = [name for name in shipped_texts() if not name.startswith("_")]
    loaded = (load_rulebook(shipped_texts()[name], f"{name}.toml") for name in names)
    return MappingProxyType({rulebook.key: rulebook for rulebook in loaded})


@lru_cache(maxsize=1)
def on_show() -> Mapping[str, Rulebook]:
    """Those that a unit chooses from, and the topic rota, which all of them take over."""
    rota = load_rulebook(shipped_texts()[TOPIC_ROTA], f"{TOPIC_ROTA}.toml")
    return MappingProxyType({**shipped(), rota.key: rota})


@lru_cache(maxsize=512)
def concerning(rulebook: Rulebook, kind: str) -> Rulebook:
    """The part of a rulebook that holds for a kind of trainee: ST, BT, AT or locum."""
    asked, off = (
        MappingProxyType({key: r for key, r in some.items() if kind in r.kinds})
        for some in (rulebook.requirements, rulebook.off)
    )
    return replace(rulebook, requirements=asked, off=off)


def load_rulebook(path_or_text: Path | str, name: str | None = None) -> Rulebook:
    """From a file, or from TOML text with the file name to call it by. RulebookError if it does not hold."""
    if isinstance(path_or_text, Path):
        return load_rulebook(path_or_text.read_text("utf-8"), name or path_or_text.name)
    reader = _Reader(name or "rulebook.toml")
    rulebook = reader.rulebook(path_or_text)
    if rulebook is None or reader.problems:
        raise RulebookError(reader.problems)
    return rulebook


def check(text: str, filename: str) -> list[str]:
    """What is wrong with the text: one line each, naming the file, the key and the mend."""
    reader = _Reader(filename)
    reader.rulebook(text)
    return reader.problems


def override(rulebook: Rulebook, changes: Mapping[str, Mapping[str, Any]], reason: str) -> Rulebook:
    """The rulebook with a unit's own parameters, written as in TOML (`{"every": {"months": 9}}`).

    Kind, key, activities and source stay: another kind is another rulebook. RulebookError if it does not fit.
    """
    reader = _with_reason(rulebook, reason)
    changed = {key: reader.changed(rulebook, key, params, reason) for key, params in changes.items()}
    if reader.problems:
        raise RulebookError(reader.problems)
    kept = {key: changed.get(key) or old for key, old in rulebook.requirements.items()}
    return replace(rulebook, requirements=MappingProxyType(kept))


def switch_off(rulebook: Rulebook, key: str, reason: str) -> Rulebook:
    """The rulebook without one requirement, which a unit does not ask for. RulebookError if it has none."""
    reader = _with_reason(rulebook, reason)
    old = reader.known(rulebook, key)
    if old is None or reader.problems:
        raise RulebookError(reader.problems)
    kept = {each: r for each, r in rulebook.requirements.items() if each != key}
    off = {**rulebook.off, key: replace(old, reason=reason)}
    return replace(rulebook, requirements=MappingProxyType(kept), off=MappingProxyType(off))


def _with_reason(rulebook: Rulebook, reason: str) -> _Reader:
    reader = _Reader(rulebook.key)
    if not reason.strip():
        reader.say("reason", "an override needs a reason: say why")
    return reader


@dataclass
class _Reader:
    """Reads on past a problem, so that all of them are told at once."""

    filename: str
    problems: list[str] = field(default_factory=list)

    def say(self, key: str, mend: str) -> None:
        self.problems.append(f"{self.filename}: {key}: {mend}")

    def rulebook(self, text: str) -> Rulebook | None:
        data = gather(text, self.say)
        if data is None:
            return None
        for name in sorted(data.keys() - {"key", "title", "terms", "requirement"}):
            self.say(name, "does not belong in a rulebook; remove it")
        title = self._read("title", read_title, data.get("title"))
        terms = self._read("terms", read_terms, data["terms"]) if "terms" in data else DEFAULT_TERMS
        requirements = self._requirements(data.get("requirement"), terms or DEFAULT_TERMS)
        key = data.get("key")
        if not isinstance(key, str) or not key:
            self.say("key", "missing; give the rulebook a key")
        if self.problems:
            return None
        return Rulebook(str(key), title, MappingProxyType(requirements), terms or DEFAULT_TERMS)

    def _requirements(self, table: object, terms: tuple[Term, ...]) -> dict[str, Requirement]:
        if not isinstance(table, dict) or not table:
            self.say("requirement", "missing; write at least one [requirement.<key>]")
            return {}
        read = {key: self._requirement(key, data, terms) for key, data in table.items()}
        return {key: requirement for key, requirement in read.items() if requirement}

    def _requirement(self, key: str, data: object, terms: tuple[Term, ...]) -> Requirement | None:
        if not isinstance(data, dict):
            self.say(key, f"write it as a table, [requirement.{key}]")
            return None
        before = len(self.problems)
        title = self._read(f"{key}.title", read_title, data.get("title"))
        source = self._read(f"{key}.source", read_source, data.get("source"))
        kind = self._kind(key, data.get("kind"))
        if kind is None:
            return None
        values = self._values(key, kind, data)
        self._complete(key, kind, values)
        if len(self.problems) > before:
            return None
        values |= {"title": title, "source": source}
        if kind is Kind.TERM:
            values = {"lead_days": 7, "terms": terms} | values
        return Requirement(key=key, kind=kind, **values)

    def _kind(self, key: str, value: object) -> Kind | None:
        if value in list(Kind):
            return Kind(str(value))
        self.say(f"{key}.kind", f"{value!r} is no kind; use one of {', '.join(Kind)}")
        return None

    def _values(self, key: str, kind: Kind, data: Mapping[str, object]) -> dict[str, Any]:
        required, optional = PARAMETERS[kind]
        allowed = COMMON | required | optional
        for name in sorted(data.keys() - allowed - {"kind", "title", "source"}):
            wrong = f"does not belong to kind {kind}" if name in FIELDS else "is no parameter"
            self.say(f"{key}.{name}", f"{wrong}; remove it, or use one of {', '.join(sorted(allowed))}")
        given = {name: value for name, value in data.items() if name in allowed}
        return {name: self._field(key, kind, name, value) for name, value in given.items()}

    def _field(self, key: str, kind: Kind, name: str, value: object) -> Any:
        return self._read(f"{key}.{name}", lambda given: read_field(kind, name, given), value)

    def _complete(self, key: str, kind: Kind, values: Mapping[str, Any]) -> None:
        required, _ = PARAMETERS[kind]
        for name in sorted((required | {"activities"}) - values.keys()):
            self.say(f"{key}.{name}", f"missing; kind {kind} needs it")
        if kind is Kind.TOTAL and len(values.get("fractions") or ()) != values.get("count"):
            self.say(f"{key}.fractions", "give one fraction for each of count")
        if kind is Kind.UNIT and ("every" in values) == ("anchor" in values):
            self.say(f"{key}.every", "give either every, or anchor and within")
        if kind is Kind.UNIT and ("within" in values) != ("anchor" in values):
            self.say(f"{key}.within", "anchor and within go together")

    def known(self, rulebook: Rulebook, key: str) -> Requirement | None:
        old = rulebook.requirements.get(key)
        if old is None:
            known = ", ".join(rulebook.requirements)
            self.say(key, f"is no requirement of {rulebook.key}; use one of {known}")
        return old

    def changed(
        self, rulebook: Rulebook, key: str, params: Mapping[str, object], reason: str
    ) -> Requirement | None:
        old = self.known(rulebook, key)
        if old is None:
            return None
        before = len(self.problems)
        for fixed in ("kind", "title", "source", "activities"):
            if fixed in params:
                self.say(f"{key}.{fixed}", "cannot be overridden; remove it")
        values = self._values(key, old.kind, params)
        if len(self.problems) > before:
            return None
        own = tuple(name for name in IN_TITLES if name in values and values[name] != getattr(old, name))
        new = replace(old, **values, reason=reason, own=own)
        self._complete(key, old.kind, _set_fields(new))
        return new

    def _read(self, key: str, read: Any, value: object) -> Any:
        try:
            return read(value)
        except MisfitError as misfit:
            self.say(key, str(misfit))
            return None


def _set_fields(requirement: Requirement) -> dict[str, Any]:
    """The parameters that are set, as if read from a file."""
    values = {name: getattr(requirement, name) for name in FIELDS}
    return {name: value for name, value in values.items() if value not in (None, (), 0)}


__all__ = [
    "DEFAULT_RULEBOOK",
    "Rulebook",
    "RulebookError",
    "check",
    "concerning",
    "load_rulebook",
    "on_show",
    "override",
    "shipped",
    "switch_off",
]
