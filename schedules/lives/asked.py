"""What is asked of a trainee, one standing row's worth at a time, and how it stands: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from schedules.calendar import SWEDEN
from schedules.evaluate import Verdict, evaluate
from schedules.lives.life import Life
from schedules.lives.occasions import Occasion, occasions
from schedules.moment import Moment
from schedules.rules.requirement import Kind, Requirement
from schedules.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Asked:
    """One standing row's worth: a requirement, and which occasion of it."""

    requirement: Requirement
    occasion: Occasion

    @property
    def key(self) -> tuple[str, str]:
        """What makes the row the only one of its trainee."""
        return self.requirement.key, self.occasion.key

    def whom(self, moment: Moment) -> list[int]:
        """Who is told at a moment, as person ids."""
        return sorted({person for role in moment.roles for person in self.occasion.people.get(role, ())})


def nudge_subject(trainee_id: int, requirement: str, occasion: str = "") -> str:
    """The outbox subject of everything said about one standing row."""
    return f"trainee:{trainee_id}/{requirement}" + (f"/{occasion}" if occasion else "")


def asked_of(life: Life, keys: Collection[str] | None = None) -> list[Asked]:
    """Every row that a trainee has: what the rulebook watches, once for each of its occasions.

    With `keys`, only those of these requirements.
    """
    parts = _parts(life.rulebook)
    wanted = parts if keys is None else [part for part in parts if part.key in keys]
    return [Asked(part, each) for part in wanted for each in occasions(life, part)]


@lru_cache(maxsize=512)
def _parts(rulebook: Rulebook) -> tuple[Requirement, ...]:
    """All that stands for a trainee, each as it is asked for by its own anchor and at a placement's start."""
    return tuple(part for each in watched(rulebook.requirements.values()) for part in each.parts)


def judge(life: Life, asked: Asked, today: date) -> Verdict:
    """How one requirement stands on a local date: the pure evaluation, fed with a life."""
    return evaluate(
        asked.requirement,
        asked.occasion.happenings,
        life.timeline_of(asked.requirement),
        SWEDEN,
        today,
        agreed=life.agreed if asked.requirement.kind is Kind.AGREED else None,
        anchor_on=asked.occasion.anchor_on,
        elsewhere=life.elsewhere if asked.requirement.service_months else (),
        lapses_on=asked.occasion.lapses_on,
    )


def touches(activities: AbstractSet[str], requirement: Requirement) -> bool:
    """Whether entries or bookings of some activities can bear on its verdict or its reminders."""
    return not activities.isdisjoint(requirement.counted)


def watched(requirements: Iterable[Requirement]) -> list[Requirement]:
    """Those that stand for a trainee: duties of units and supervisors, and the rota, have no row here."""
    apart = (Kind.UNIT, Kind.TOPIC)
    return [r for r in requirements if r.kind not in apart and r.concerns not in ("unit", "supervisor")]
