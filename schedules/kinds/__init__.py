"""One evaluator per kind of requirement, one small file each."""

from __future__ import annotations

from collections.abc import Mapping

from schedules.kinds.interval import agreed, interval
from schedules.kinds.once import once
from schedules.kinds.rate import rate
from schedules.kinds.reading import Evaluator
from schedules.kinds.term import term
from schedules.kinds.topic import topic
from schedules.kinds.total import total
from schedules.kinds.unit import unit
from schedules.kinds.weekly import weekly
from schedules.rules.requirement import Kind

EVALUATORS: Mapping[Kind, Evaluator] = {
    Kind.WEEKLY: weekly,
    Kind.INTERVAL: interval,
    Kind.RATE: rate,
    Kind.TOTAL: total,
    Kind.ONCE: once,
    Kind.TERM: term,
    Kind.AGREED: agreed,
    Kind.UNIT: unit,
    Kind.TOPIC: topic,
}
