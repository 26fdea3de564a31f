"""The topic rota: what is due to be brought up when trainee and supervisor meet (004). It never nags.

A topic counts as raised on the day of a supervision session that carries it, or of what raises it by being
done (an assessment, a kollegium, a 360). Its clock starts when the training does, or the bot's watch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter

from sqlalchemy import String, bindparam, cast, func, null, select, union_all
from sqlmodel import Session

from schedules.evaluate import Case, Happening, due_since
from schedules.lives.asked import SWEDEN
from schedules.lives.life import Life
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.rules.vocabulary import RAISED_BY
from schedules.timeline import Timeline
from storage.columns import columns
from storage.lists import written
from storage.prepared import Prepared
from storage.states import IS_LIVE
from storage.tables import Entry

MOST = 3
"""So many are offered at once: a talk has room for no more."""

_EVERY_SESSION = Span()
_E = columns(Entry)
_DONE_ON = func.coalesce(_E.end_date, _E.on_date)
_TOPICS = cast(_E.topics, String)  # PostgreSQL cannot compare JSON, so it is grouped by as text
_SINCE_WHEN = select(func.max(_DONE_ON)).where(
    _E.trainee_id == bindparam("trainee"), IS_LIVE, bindparam("today") >= _DONE_ON
)
_RAISED = Prepared(
    union_all(
        _SINCE_WHEN.add_columns(_TOPICS, null().label("activity"), null().label("instrument"))
        .where(_E.activity == "supervision", _TOPICS != "[]")
        .group_by(_TOPICS),
        _SINCE_WHEN.add_columns(null(), _E.activity, _E.instrument)
        .where(_E.activity.in_(written(*sorted(RAISED_BY))))
        .group_by(_E.activity, _E.instrument),
    )
)
"""A topic's clock runs from when it was last raised: of many talks about the same one row is read."""


def due_topics(
    requirements: Iterable[Requirement],
    raised: Iterable[Happening],
    timeline: Timeline,
    today: date,
    most: int = MOST,
) -> list[Requirement]:
    """The topics whose time has come on a local date, those longest overdue first, at most `most`.

    What belongs to every session is not told again. Of equals the rulebook's order decides.
    """
    rota = [r for r in requirements if r.kind is Kind.TOPIC and r.every and r.every != _EVERY_SESSION]
    by_word: defaultdict[str, list[Happening]] = defaultdict(list)
    for happening in raised:
        by_word[happening.activity].append(happening)
    since = [(due_since(Case(r, _of(r, by_word), timeline, SWEDEN, today)), r) for r in rota]
    due = [(day, requirement) for day, requirement in since if day]
    return [requirement for _, requirement in sorted(due, key=itemgetter(0))[:most]]


def _of(requirement: Requirement, by_word: Mapping[str, Sequence[Happening]]) -> tuple[Happening, ...]:
    return tuple([each for word in requirement.activities for each in by_word.get(word, ())])


def topics_for(session: Session, life: Life, today: date) -> list[Requirement]:
    """What the trainee and the supervisor may bring up next, by the live journal."""
    session.flush()
    rows = _RAISED.rows(session, {"trainee": life.trainee.id, "today": today})
    raised = [each for row in rows for each in _raised(*row)]
    return due_topics(life.rulebook.requirements.values(), raised, life.timeline, today)


def _raised(on: date, topics: str | None, *done: str | None) -> list[Happening]:
    """One happening for each topic of a supervision session (`topics` is JSON), or for what was done."""
    words = json.loads(topics) if topics else [word for word in done if word in RAISED_BY]
    return [Happening(on, word) for word in words if word]
