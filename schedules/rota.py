"""The topic rota: what is due to be brought up when trainee and supervisor meet (004). It never nags.

A topic counts as raised on the day of a supervision session that carries it, or of what raises it by being
done (an assessment, a kollegium, a 360). Its clock starts when the training does, or the bot's watch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from operator import itemgetter

from sqlalchemy import Date, bindparam, func, null, select, union_all
from sqlmodel import Session

from schedules.kinds.interval import due_again
from schedules.lives.life import Life
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.rules.vocabulary import RAISED_BY
from schedules.timeline import Timeline
from storage.columns import columns
from storage.lists import written
from storage.prepared import Prepared
from storage.states import HAS_TOPICS, IS_LIVE, TOPICS
from storage.tables import Entry

MOST = 3
"""So many are offered at once: a talk has room for no more."""

_EVERY_SESSION = Span()
_E = columns(Entry)
_DONE_ON = func.coalesce(_E.end_date, _E.on_date)
_SINCE_WHEN = select(func.max(_DONE_ON)).where(
    _E.trainee_id == bindparam("trainee"), IS_LIVE, bindparam("today", type_=Date) >= _DONE_ON
)


@cache
def _raised(engine: str) -> Prepared:
    """A topic's clock runs from when it was last raised: of many talks about the same one row is read.

    On SQLite they come out of the index as they are put together, which as text they do not.
    """
    same = _E.topics if engine == "sqlite" else TOPICS
    return Prepared(
        union_all(
            _SINCE_WHEN.add_columns(TOPICS, null().label("activity"), null().label("instrument"))
            .where(_E.activity == "supervision", HAS_TOPICS)
            .group_by(same),
            _SINCE_WHEN.add_columns(null(), _E.activity, _E.instrument)
            .where(_E.activity.in_(written(*sorted(RAISED_BY))))
            .group_by(_E.activity, _E.instrument),
        )
    )


def due_topics(
    requirements: Iterable[Requirement],
    raised: Mapping[str, date],
    timeline: Timeline,
    today: date,
    most: int = MOST,
) -> list[Requirement]:
    """The topics whose time has come on a local date, those longest overdue first, at most `most`.

    `raised` tells when each word of the rota was last raised, up to that date. Who is not in service then has
    none. What belongs to every session is not told again. Of equals the rulebook's order decides.
    """
    if not timeline.is_active(today):
        return []
    rota = [r for r in requirements if r.kind is Kind.TOPIC and r.every and r.every != _EVERY_SESSION]
    since = [(_due(requirement, raised, timeline), requirement) for requirement in rota]
    due = [(day, requirement) for day, requirement in since if day and day <= today]
    return [requirement for _, requirement in sorted(due, key=itemgetter(0))[:most]]


def _due(of: Requirement, raised: Mapping[str, date], timeline: Timeline) -> date | None:
    last = max((raised[word] for word in of.activities if word in raised), default=None)
    every = of.every or _EVERY_SESSION
    return due_again(timeline, last, every, of.first_within or every)


def topics_for(session: Session, life: Life, today: date) -> list[Requirement]:
    """What the trainee and the supervisor may bring up next, by the live journal."""
    session.flush()
    raised = dict[str, date]()
    about = {"trainee": life.trainee.id, "today": today}
    for day, topics, *done in _raised(session.get_bind().dialect.name).rows(session, about):
        for word in json.loads(topics) if topics else filter(None, done):
            raised[word] = max(day, raised.get(word, day))
    return due_topics(life.rulebook.requirements.values(), raised, life.timeline, today)
