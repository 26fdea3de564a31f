"""Words in the reader's language: texts from the catalogues, dates and lengths as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Any

import tomli

LANGUAGES = ("sv", "en")


@lru_cache(maxsize=8)
def catalogue(locale: str) -> Mapping[str, str]:
    """Every text of a language by dotted key ("receipt.logged"). Unknown languages fall back on Swedish."""
    name = locale if locale in LANGUAGES else "sv"
    raw = files("handlers").joinpath("texts", f"{name}.toml").read_text(encoding="utf-8")
    return dict(_flatten(tomli.loads(raw)))


def say_to(locale: str, key: str, **values: object) -> str:
    """A text in a reader's language; where that is not known (""), in each of them, one below the other."""
    languages = (locale,) if locale else LANGUAGES
    return "\n".join(Words(language).say(key, **values) for language in languages)


@lru_cache(maxsize=2048)
def spelled(on: date, pattern: str, locale: str) -> str:
    """A date by one of CLDR's patterns, without the dots; in Swedish where there is no catalogue.

    Remembered: people write of the same few days.
    """
    from babel.dates import format_date  # 20 ms, that no start waits for: it reads the machine's time zone

    known = locale if locale in LANGUAGES else LANGUAGES[0]
    return format_date(on, pattern, locale=known).replace(".", "")


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


@dataclass(frozen=True, slots=True)
class Words:
    """A language. `say` never shows a key to a user: a missing text is a KeyError, caught by a test."""

    locale: str = "sv"
    today: date | None = None
    """The reader's day: a date in another year is then written with its year."""

    def say(self, key: str, **values: object) -> str:
        """The text of a key with its values put in; a `count` may have a text of its own (`days_1`)."""
        texts = catalogue(self.locale)
        if not values:
            return texts[key]
        own = texts.get(f"{key}_{values['count']}") if "count" in values else None
        return (own or texts[key]).format(**values)

    def name(self, group: str, key: str) -> str:
        """The name of a domain word: `name("activity", "supervision")` is "handledning"."""
        return catalogue(self.locale).get(f"{group}.{key}", key)

    def names(self, group: str, keys: Iterable[str]) -> str:
        """Several domain words, with commas."""
        return ", ".join(self.name(group, key) for key in keys)

    def listed(self, names: Sequence[str]) -> str:
        """As in "Anna, Bo och Cy"."""
        *first, last = names
        return f"{', '.join(first)} {self.say('remit.and')} {last}" if first else last

    def day(self, on: date) -> str:
        """Weekday and date, short ("sön 22 nov"); with the year when it is another one than today's."""
        year = " y" if self.today and on.year != self.today.year else ""
        return spelled(on, f"EEE d MMM{year}", self.locale)

    def week(self, on: date) -> str:
        """The ISO week: "v 47" and the like."""
        return self.say("date.week", week=on.isocalendar().week)

    def dated(self, on: date) -> str:
        """Weekday, date and ISO week, always all three: "sön 22 nov (v 47)" and the like."""
        return f"{self.day(on)} ({self.week(on)})"

    def span(self, first: date, last: date | None) -> str:
        """One day, or the first and the last with the last one's week."""
        if last is None or last == first:
            return self.dated(first)
        return f"{self.day(first)}–{self.dated(last)}"

    def clock(self, at: time | datetime) -> str:
        """As in "13:00"."""
        return at.strftime("%H:%M")

    def length(self, minutes: int) -> str:
        """As in "1 h", "45 min", "1 h 15 min"."""
        hours, rest = divmod(minutes, 60)
        parts = [f"{hours} h"] if hours else []
        return " ".join([*parts, f"{rest} min"] if rest or not hours else parts)
