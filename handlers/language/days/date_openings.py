"""What a day or a stretch of days can begin with: a line is passed over that holds none of it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from handlers.language.lexicon.phrases import ENDING, JOINT, LONG, NUMBER, POINT, bits
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary

_TABLES = (
    "relative_days",
    "relative_weeks",
    "feasts",
    "weekdays",
    "weekdays_past",
    "weekdays_dated",
    "weekdays_short",
)
_MARKS = (
    *("within", "ago_before", "whole", "week", "past", "coming", "before_last", "after_next"),
    *("last_of", "day_before", "day_after"),
)
_YEARS = ("last_year", "this_year", "next_year")


class Openings(NamedTuple):
    """What begins a date, as bits."""

    worded: int
    counted: int
    with_a_number: int  # what stands somewhere in the line where a number begins one
    bound: int  # `från`, `till`
    day: int  # of a month
    month: int
    week: int
    joint: int  # what two are joined by
    short: int  # a weekday of two letters
    no_day: int  # what the number after it is no day for

    @property
    def any(self) -> int:
        """Whatever a date can begin with."""
        return self.worded | self.counted


@lru_cache(KEPT)
def openings(words: Vocabulary) -> Openings:
    """Of a vocabulary; worked out once for each."""
    table, marks = words.table, words.marks
    bound = bits(*(marks[role] for role in ("since", "between", "until", "returns")))
    day, month = NUMBER | bits(marks["on"], table("ordinals")), table("months").bit
    others = bits(*map(table, _TABLES), *(marks[role] for role in (*_MARKS, *_YEARS)))
    joint = JOINT | bits(marks["until"], marks["and"])
    dated = joint | LONG | POINT | ENDING | month | bits(marks["ago"], marks["on"])
    return Openings(
        worded=bound | (day & ~NUMBER) | month | others,
        counted=NUMBER | table("numbers").bit,
        with_a_number=dated,
        bound=bound,
        day=day,
        month=month,
        week=marks["week"].bit,
        joint=joint,
        short=table("weekdays_short").bit,
        no_day=bits(*(marks[role] for role in ("clock", "near", "of_a_kind"))),
    )
