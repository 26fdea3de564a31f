"""The fields of a requirement in a rulebook file: which kind takes which, and how each is read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from schedules.rules import vocabulary as words
from schedules.rules.requirement import Kind, Source, Span, Term


class MisfitError(ValueError):
    """A value that does not fit; the text says what to write instead."""


_LARGEST = 3650
"""Ten years in days: no duty counts further, and no date can run out of the calendar."""
_NO: frozenset[str] = frozenset()
COMMON = frozenset(
    [
        "activities",
        "instruments",
        "recommended",
        "concerns",
        "kinds",
        "arranged_by",
        "note",
        "reminds",
        "lead_days",
        "grace_days",
        "repeat_days",
        "repeat_at_most",
        "escalates",
        "escalate_days",
    ]
)
PARAMETERS: dict[Kind, tuple[frozenset[str], frozenset[str]]] = {
    Kind.WEEKLY: (frozenset({"minutes"}), frozenset({"excused_below", "escalate_missed"})),
    Kind.INTERVAL: (frozenset({"every"}), frozenset({"first_within"})),
    Kind.RATE: (frozenset({"count"}), frozenset({"longest_gap", "shows_shares"})),
    Kind.TOTAL: (frozenset({"count", "fractions"}), _NO),
    Kind.ONCE: (
        frozenset({"anchor", "within"}),
        frozenset({"newcomers_only", "placements_too", "service_months", "own_unit_first"}),
    ),
    Kind.TERM: (frozenset({"count", "per"}), _NO),
    Kind.AGREED: (_NO, _NO),
    Kind.UNIT: (_NO, frozenset({"every", "first_within", "anchor", "within", "in_term"})),
    Kind.TOPIC: (frozenset({"every"}), frozenset({"first_within"})),
}
"""By kind: what it needs, and what it may have besides."""


def read_field(kind: Kind, name: str, value: object) -> Any:
    """The value as the Requirement wants it. MisfitError when it does not fit the kind."""
    if name == "anchor":
        return _one_of(value, words.ANCHORS[kind])
    if name == "activities":
        known = words.TOPICS | words.RAISED_BY if kind is Kind.TOPIC else words.ACTIVITIES | words.DUTIES
        return _words(value, known, "activity")
    if name == "every" and kind is not Kind.TOPIC and value in ({}, Span()):
        raise MisfitError("must be longer than nothing; write { months = 6 } or { days = 90 }")
    return FIELDS[name](value)


def read_title(value: object) -> dict[str, str]:
    """A text for each language. Raises MisfitError, with what to write, where one is lacking."""
    if not isinstance(value, dict):
        raise MisfitError("missing; write title.sv and title.en")
    lacking = [lang for lang in words.LANGUAGES if not str(value.get(lang) or "").strip()]
    if lacking:
        raise MisfitError(f"write title.{' and title.'.join(lacking)}")
    return {str(lang): str(text) for lang, text in value.items()}


def _read_note(value: object) -> dict[str, str]:
    try:
        return read_title(value)
    except MisfitError:
        raise MisfitError("write note.sv and note.en") from None


def read_source(value: object) -> Source:
    """Document and section, both of which a requirement must name (domain.md). Raises MisfitError."""
    parts = value if isinstance(value, dict) else {}
    document, section = parts.get("document"), parts.get("section")
    if not (isinstance(document, str) and document and isinstance(section, str) and section):
        raise MisfitError('missing; write source = { document = "...", section = "..." }')
    return Source(document, section)


def read_terms(value: object) -> tuple[Term, ...]:
    """`[[terms]]` with key, first and last, the last two as "MM-DD"."""
    if not isinstance(value, list) or not value:
        raise MisfitError('write [[terms]] with key, first = "01-07" and last = "06-15"')
    return tuple(_term(entry) for entry in value)


def _term(entry: object) -> Term:
    if not isinstance(entry, dict) or entry.keys() != {"key", "first", "last"}:
        raise MisfitError("every term has key, first and last")
    return Term(str(entry["key"]), _month_day(entry["first"]), _month_day(entry["last"]))


def _month_day(value: object) -> tuple[int, int]:
    try:
        # A year without a leap day: a term cannot begin or end on 29 February.
        d = date.fromisoformat(f"2023-{value}")
    except ValueError:
        raise MisfitError(f'{value!r} is no day of the year; write it as "MM-DD"') from None
    return d.month, d.day


def _span(value: object) -> Span:
    if isinstance(value, Span):
        return value
    if not isinstance(value, dict) or not value.keys() <= {"months", "days"}:
        raise MisfitError("write { months = 6 }, { days = 14 } or both")
    return Span(_whole(value.get("months", 0)), _whole(value.get("days", 0)))


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise MisfitError(f"write a whole number from 0 to {_LARGEST}")
    return value


def _positive(value: object) -> int:
    if _whole(value) == 0:
        raise MisfitError("write a whole number above 0")
    return _whole(value)


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise MisfitError("write true or false")
    return value


def _least_and_most(value: object) -> tuple[int, ...]:
    numbers = tuple(_whole(n) for n in _sequence(value))
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        raise MisfitError("write the least and the most months, as in [12, 18]")
    return numbers


def _fractions(value: object) -> tuple[float, ...]:
    numbers = _sequence(value)
    if not all(isinstance(n, int | float) and 0 < n <= 1 for n in numbers):
        raise MisfitError("every fraction lies between 0 and 1")
    return tuple(float(n) for n in numbers)


def _words(value: object, known: Collection[str], what: str) -> tuple[str, ...]:
    given = _sequence(value)
    unknown = [str(word) for word in given if not isinstance(word, str) or word not in known]
    if unknown:
        raise MisfitError(f"{', '.join(unknown)} is no known {what}; use some of {', '.join(sorted(known))}")
    if not given:
        raise MisfitError(f"name at least one {what}")
    return tuple(given)


def _sequence(value: object) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise MisfitError("write a list, [ ... ]")
    return list(value)


def _one_of(value: object, known: Collection[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise MisfitError(f"{value!r} is not one of {', '.join(sorted(known))}")
    return value


FIELDS: dict[str, Callable[[object], Any]] = {
    "activities": lambda value: _words(value, words.ACTIVITIES | words.DUTIES | words.TOPICS, "activity"),
    "instruments": lambda value: _words(value, words.INSTRUMENTS, "instrument"),
    "recommended": lambda value: _words(value, words.INSTRUMENTS, "instrument"),
    "concerns": lambda value: _one_of(value, words.SUBJECTS),
    "kinds": lambda value: _words(value, words.TRAINEE_KINDS, "kind of trainee"),
    "arranged_by": lambda value: _one_of(value, words.ROLES),
    "note": _read_note,
    "reminds": lambda value: _words(value, words.ROLES, "role"),
    "minutes": _positive,
    "excused_below": _positive,
    "every": _span,
    "first_within": _span,
    "count": _positive,
    "longest_gap": _span,
    "shows_shares": _yes_or_no,
    "fractions": _fractions,
    "anchor": str,
    "within": _span,
    "newcomers_only": _yes_or_no,
    "placements_too": _yes_or_no,
    "service_months": _positive,
    "own_unit_first": _least_and_most,
    "in_term": _yes_or_no,
    "per": lambda value: _one_of(value, ("term", "month")),
    "lead_days": _whole,
    "grace_days": _whole,
    "repeat_days": _positive,
    "repeat_at_most": _whole,
    "escalates": _yes_or_no,
    "escalate_days": _positive,
    "escalate_missed": _positive,
}
"""How each field is read from TOML."""
