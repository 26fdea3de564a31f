"""Standing rows: recomputed in the transaction of every change, and when their `look_at` has passed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from sqlmodel import Session, select

from schedules.evaluate import State, Verdict
from schedules.keeping import Kept, read, write
from schedules.lives.asked import Asked, asked_of, judge, nudge_subject, touches
from schedules.lives.life import Life
from schedules.lives.reading import load, load_since, load_to_judge
from schedules.look import BROUGHT_BACK, Look
from schedules.outbox.outgoing import Notice, queued, take_up, withdraw_all
from schedules.reminding import say, say_and_plan
from schedules.told import Told
from schedules.zone import to_utc
from storage.columns import Facts
from storage.tables import Outbox, Standing


class Refreshed(NamedTuple):
    """A life as it was read, and the standing rows as they are since."""

    life: Life
    rows: Sequence[Kept]


def refresh(
    session: Session,
    trainee_id: int,
    now: datetime,
    reason: str,
    activities: Collection[str] | None = None,
    since: date = date.max,
) -> Refreshed:
    """Bring a trainee's standing rows up to `now` and queue what became due to be said.

    Called in the same transaction as the change (`reason` "log", "undo", "absence", …). Idempotent: calling
    it twice changes and says nothing more. A change of the journal names its `activities`: what no entry of
    these can touch is as true as it was, and left alone. Returns what was read and judged, for what is said
    of it next: with `activities`, only as much of it as they touch, and of sessions those from `since` on.
    """
    if activities is None:
        life = load(session, trainee_id, now)
        return Refreshed(life, _refresh(session, [life], now, reason, None))
    chosen = partial(touches, frozenset(activities))
    life = load_since(session, trainee_id, now, chosen, since)
    keys = {each.key for each in life.rulebook.requirements.values() if chosen(each)}
    return Refreshed(life, _refresh(session, [life], now, reason, {trainee_id: keys}))


def refresh_many(
    session: Session,
    trainees: Sequence[int],
    now: datetime,
    reason: str,
    keys: Mapping[int, Collection[str]] | None = None,
) -> None:
    """As `refresh`, for many: each table is read once for all of them.

    The tick (`reason` "time") names the `keys` of the requirements, by trainee, whose rows it found due:
    time has changed nothing about the others.
    """
    _refresh(session, load_to_judge(session, trainees, now, keys=keys), now, reason, keys)


def _refresh(
    session: Session,
    lives: Sequence[Life],
    now: datetime,
    reason: str,
    keys: Mapping[int, Collection[str]] | None,
) -> Sequence[Kept]:
    """All rows of some trainees, or of each those of some requirements: those not asked for any more too."""
    every = {key: asked_of(life, None if keys is None else keys[key]) for key, life in _by_trainee(lives)}
    rows, done, changes = read(session, list(every), keys), list[Kept](), list[Facts]()
    notices: list[tuple[Notice, Kept | None]] = []
    subjects = [nudge_subject(key, *each.key) for key, asked in every.items() for each in asked]
    people, waiting = _reminded(every), dict[str, list[Outbox]]()
    told = Told(session, subjects, people)
    if reason in BROUGHT_BACK:
        take_up(session, subjects, people, now)
    for row in queued(session, "nudge", subjects):
        waiting.setdefault(row.subject, []).append(row)
    for key, life in _by_trainee(lives):
        look = Look(session, life, now, reason, waiting, told, life.unit.timezone, changes, notices)
        done += [_refresh_one(look, asked, rows[key].pop(asked.key, None)) for asked in every[key]]
        done += [_retire(look, gone) for gone in rows[key].values()]
    say(session, notices, now)
    write(session, done, changes)
    session.flush()
    return done


def _reminded(every: Mapping[int, Sequence[Asked]]) -> list[int]:
    """Who may be told of any of these, as person ids."""
    asked = chain.from_iterable(every.values())
    return sorted({person for each in asked for people in each.occasion.people.values() for person in people})


def _by_trainee(lives: Sequence[Life]) -> list[tuple[int, Life]]:
    return [(life.trainee.id or 0, life) for life in lives]


def rows_of(session: Session, trainee_id: int) -> Sequence[Standing]:
    """Every standing row of a trainee."""
    return session.exec(select(Standing).where(Standing.trainee_id == trainee_id)).all()


def judged(life: Life) -> list[Standing]:
    """The rows as they are at the moment of a life, made from the journal and kept nowhere."""
    now, today = to_utc(life.local, life.unit.timezone), life.local.date()
    return [
        Standing(
            trainee_id=life.trainee.id or 0,
            requirement=asked.key[0],
            occasion=asked.key[1],
            says_from=now,
            **dict(zip(_FIGURES, _told(judge(life, asked, today)), strict=True)),
        )
        for asked in asked_of(life)
    ]


def _refresh_one(look: Look, asked: Asked, row: Kept | None) -> Kept:
    verdict = judge(look.life, asked, look.local.date())
    row = row or Kept(None, look.life.trainee.id or 0, *asked.key, says_from=look.now)
    _note_change(look, row, verdict)
    _copy(verdict, row)
    row.look_at = say_and_plan(look, asked, verdict, row)
    return row


def _note_change(look: Look, row: Kept, verdict: Verdict) -> None:
    """Write the change of state, and start a new spell: its past moments are never said afterwards."""
    if row.state != verdict.state:
        look.changes.append(
            {
                "trainee_id": row.trainee_id,
                "requirement": row.requirement,
                "occasion": row.occasion,
                "old": row.state,
                "new": verdict.state,
                "reason": look.reason,
                "at": look.now,
            }
        )
    if row.period != verdict.period and look.reason != "time":
        row.says_from = look.now
        row.snoozed_until = None


def _copy(verdict: Verdict, row: Kept) -> None:
    for name, value in zip(_FIGURES, _told(verdict), strict=True):
        setattr(row, name, value)


_FIGURES = ("state", "period", "due_on", "overdue_from", "last_on", "done", "required", "missed")
_told = attrgetter(*_FIGURES)


def _retire(look: Look, row: Kept) -> Kept:
    """Asked for no more (the rulebook changed, a placement was undone): the row stays, nothing is said."""
    _note_change(look, row, _NOTHING._replace(period=row.period))
    _copy(_NOTHING, row)
    row.look_at = None
    subject = nudge_subject(row.trainee_id, *row.key)
    withdraw_all(look.session, "nudge", subject, "no longer asked for", look.now)
    return row


_NOTHING = Verdict(
    state=State.NOT_APPLICABLE,
    due_on=None,
    overdue_from=None,
    last_on=None,
    done=0,
    required=0,
    missed=0,
    period="",
    changes_on=None,
)
