"""A life of which the latest were read, held against its rates: what does not settle one is read whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from sqlmodel import Session

from schedules.calendar import SWEDEN
from schedules.evaluate import Case
from schedules.kinds.rate import is_known_from
from schedules.lives.happened import Done, read_all, read_from
from schedules.lives.life import Life
from schedules.rules.requirement import Kind, Requirement


def completed(
    session: Session, lives: Sequence[Life], asked: Mapping[int, Iterable[Requirement]], today: date
) -> list[Life]:
    """These lives, read to judge what is `asked` of each trainee; `today` is the one they were read with.

    Who has been short of a rate for so long that its beginning was left unread gets all that it counts. They
    are few: that there were once enough within a year is enough.
    """
    lacking = [_lacking(life, asked[life.trainee.id or 0], today) for life in lives]
    few = frozenset(chain.from_iterable(lacking))
    if not few:
        return list(lives)
    pairs = list(zip(lives, lacking, strict=True))
    whole = read_all(session, [life.trainee.id or 0 for life, missing in pairs if missing], few).done
    return [_with(life, missing, whole) for life, missing in pairs]


def _lacking(life: Life, asked: Iterable[Requirement], today: date) -> frozenset[str]:
    """What a rate counts of which too little was read."""
    rates = (each for each in asked if each.kind is Kind.RATE)
    counted = (set(rate.activities) & life.latest for rate in rates if not _is_known(life, rate, today))
    return frozenset(chain.from_iterable(counted))


def _is_known(life: Life, rate: Requirement, today: date) -> bool:
    if life.latest.isdisjoint(rate.activities):
        return True
    happened = life.to_judge(rate.activities)
    case = Case(rate, happened, life.timeline_of(rate), SWEDEN, life.local.date())
    return is_known_from(case, read_from(rate, today))


def _with(life: Life, missing: frozenset[str], whole: Done) -> Life:
    if not missing:
        return life
    mine = whole.get(life.trainee.id or 0, {})
    found = {activity: tuple(mine.get(activity, ())) for activity in missing}
    return replace(life, done={**life.done, **found}, latest=life.latest - missing)
