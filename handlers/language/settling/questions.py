"""Asking which day or how long, with what may have been meant; and between which days something may lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from handlers.language.command import Command
from handlers.language.days.spans import add_months
from handlers.language.settling.several_days import EACH

LOG_BACK = 24  # months (behaviour.md, "Past or future decides")


def asked_date(command: Command, candidates: Iterable[date], begun: date | None = None) -> Command:
    """Ask which day, keeping all else; the candidates travel in `reason`: ISO dates, or `start/end`."""
    before = f"{begun.isoformat()}/" if begun else ""
    days = " ".join(before + day.isoformat() for day in list(candidates)[:3])
    return replace(command, intent="ask", question="date", date=None, end_date=None, reason=days or None)


def asked_each(command: Command, days: Iterable[date]) -> Command:
    """Ask whether every one of some days is meant; they travel in `reason`, behind a mark."""
    return asked_pieces(command, [day.isoformat() for day in days])


def asked_pieces(command: Command, pieces: Iterable[str]) -> Command:
    """The same of days as they travel: see own_lengths."""
    reason = " ".join([EACH, *pieces])
    return replace(command, intent="ask", question="date", date=None, end_date=None, reason=reason)


def asked_minutes(command: Command, candidates: Iterable[int]) -> Command:
    """Ask how long, keeping all else; the candidates travel in `reason`."""
    lengths = " ".join(str(minutes) for minutes in candidates)
    return replace(command, intent="ask", question="minutes", minutes=None, reason=lengths or None)


THEN = "then"
"""Stands in the reason of a question for the activity before what is to be asked behind it."""


class StillOpen(NamedTuple):
    """What a question leaves open besides its own: the next question, and its reason."""

    question: str
    reason: str | None


def and_then(first: str | None, asked: Command) -> str | None:
    """The reason of a question that another must follow: a day or a length is not settled either.

    `first` is what the question itself offers.
    """
    if asked.intent != "ask" or asked.question not in ("date", "minutes"):
        return first
    return " ".join(filter(None, (first, THEN, asked.question, asked.reason)))


def still_open(reason: str | None) -> StillOpen | None:
    """What is to be asked behind a question."""
    _, found, rest = f" {reason or ''}".partition(f" {THEN} ")
    question, _, offered = rest.partition(" ")
    return StillOpen(question, offered or None) if found else None


def offered_first(reason: str | None) -> list[str]:
    """What a question offers itself."""
    return f" {reason or ''}".partition(f" {THEN} ")[0].split()


class Limits(NamedTuple):
    """The first and the last day that is allowed."""

    earliest: date
    latest: date


def likely(day: date, today: date, allowed: Limits) -> list[date]:
    """The same day of the years nearby that is allowed; a day just past may be logged after all."""
    if day < today == allowed.earliest and day >= add_months(today, -LOG_BACK):
        return [day]
    years = [add_months(day, 12 * (year - day.year)) for year in (today.year, today.year - 1, today.year + 1)]
    return [found for found in years if allowed.earliest <= found <= allowed.latest]
