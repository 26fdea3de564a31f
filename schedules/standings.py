"""Standing rows: recomputed in the transaction of every change, and when their `look_at` has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from schedules import manners
from schedules.calendar import WorkCalendar
from schedules.evaluate import State, Verdict, evaluate
from schedules.life import Life, load, load_many
from schedules.occasions import Occasion, occasions
from schedules.outgoing import Notice, queued, tell, withdraw, withdraw_all
from schedules.requirement import Kind, Requirement
from schedules.zone import midnight, to_local, to_utc
from storage.tables import Outbox, Standing, StandingChange

SWEDEN = WorkCalendar("SE")


@dataclass(frozen=True, slots=True)
class _Look:
    """One refresh: whose life, which moment, and why."""

    session: Session
    life: Life
    now: datetime
    reason: str
    waiting: Mapping[str, Sequence[Outbox]]
    """The reminders that are queued and not yet said, by subject."""

    @property
    def zone(self) -> str:
        return self.life.unit.timezone

    @property
    def local(self) -> datetime:
        return self.life.local

    def subject(self, asked: Asked) -> str:
        return nudge_subject(self.life.trainee.id or 0, asked.requirement.key, asked.occasion.key)


@dataclass(frozen=True, slots=True)
class Asked:
    """One standing row's worth: a requirement, and which occasion of it."""

    requirement: Requirement
    occasion: Occasion

    @property
    def key(self) -> tuple[str, str]:
        """What makes the row the only one of its trainee."""
        return self.requirement.key, self.occasion.key


def nudge_subject(trainee_id: int, requirement: str, occasion: str = "") -> str:
    """The outbox subject of everything said about one standing row."""
    return f"trainee:{trainee_id}/{requirement}" + (f"/{occasion}" if occasion else "")


def refresh(session: Session, trainee_id: int, now: datetime, reason: str) -> Life:
    """Bring a trainee's standing rows up to `now` and queue what became due to be said.

    Called in the same transaction as the change (`reason` "log", "undo", "absence", …) or by the tick
    (`reason` "time"). Idempotent: calling it twice changes and says nothing more.
    """
    life = load(session, trainee_id, now)
    _refresh(session, [life], now, reason)
    return life


def refresh_many(session: Session, trainees: Sequence[int], now: datetime, reason: str) -> None:
    """As `refresh`, for many: each table is read once for all of them."""
    _refresh(session, load_many(session, trainees, now), now, reason)


def _refresh(session: Session, lives: Sequence[Life], now: datetime, reason: str) -> None:
    rows: dict[int, dict[tuple[str, str], Standing]] = {life.trainee.id or 0: {} for life in lives}
    for row in session.exec(select(Standing).where(col(Standing.trainee_id).in_(rows))).all():
        rows[row.trainee_id][row.requirement, row.occasion] = row
    every = {life.trainee.id or 0: asked_of(life) for life in lives}
    subjects = [nudge_subject(key, *each.key) for key, asked in every.items() for each in asked]
    waiting: dict[str, list[Outbox]] = {}
    for told in queued(session, "nudge", subjects, now):
        waiting.setdefault(told.subject, []).append(told)
    for life in lives:
        key = life.trainee.id or 0
        look = _Look(session, life, now, reason, waiting)
        for asked in every[key]:
            _refresh_one(look, asked, rows[key].pop(asked.key, None))
        for gone in rows[key].values():
            _retire(look, gone)
    session.flush()


def rows_of(session: Session, trainee_id: int) -> Sequence[Standing]:
    """Every standing row of a trainee."""
    return session.exec(select(Standing).where(Standing.trainee_id == trainee_id)).all()


def asked_of(life: Life) -> list[Asked]:
    """Every row that a trainee has: what the rulebook watches, once for each of its occasions."""
    requirements = watched(life.rulebook.requirements.values())
    return [Asked(requirement, each) for requirement in requirements for each in occasions(life, requirement)]


def judge(life: Life, asked: Asked, today: date) -> Verdict:
    """How one requirement stands on a local date: the pure evaluation, fed with a life."""
    return evaluate(
        asked.requirement,
        asked.occasion.happenings,
        life.timeline_of(asked.requirement),
        SWEDEN,
        today,
        agreed=life.agreed,
        anchor_on=asked.occasion.anchor_on,
    )


def watched(requirements: Iterable[Requirement]) -> list[Requirement]:
    """Those that stand for a trainee: units' own duties and the topic rota have no row here."""
    return [r for r in requirements if r.kind not in (Kind.UNIT, Kind.TOPIC)]


def _refresh_one(look: _Look, asked: Asked, row: Standing | None) -> None:
    verdict = judge(look.life, asked, look.local.date())
    row = row or _new_row(look, asked)
    _note_change(look, row, verdict)
    _copy(verdict, row)
    row.look_at = _say_and_plan(look, asked, verdict, row)
    look.session.add(row)


def _new_row(look: _Look, asked: Asked) -> Standing:
    requirement, occasion = asked.key
    return Standing(
        trainee_id=look.life.trainee.id or 0,
        requirement=requirement,
        occasion=occasion,
        state="",
        says_from=look.now,
    )


def _note_change(look: _Look, row: Standing, verdict: Verdict) -> None:
    """Write the change of state, and start a new spell: its past moments are never said afterwards."""
    if row.state != verdict.state:
        look.session.add(
            StandingChange(
                trainee_id=row.trainee_id,
                requirement=row.requirement,
                occasion=row.occasion,
                old=row.state,
                new=verdict.state,
                reason=look.reason,
                at=look.now,
            )
        )
    if row.period != verdict.period and look.reason != "time":
        row.says_from = look.now
        row.snoozed_until = None


def _copy(verdict: Verdict, row: Standing) -> None:
    row.state, row.period = verdict.state, verdict.period
    row.due_on, row.overdue_from, row.last_on = verdict.due_on, verdict.overdue_from, verdict.last_on
    row.done, row.required, row.missed = verdict.done, verdict.required, verdict.missed


def _retire(look: _Look, row: Standing) -> None:
    """Asked for no more (the rulebook changed, a placement was undone): the row stays, nothing is said."""
    _note_change(look, row, replace(_NOTHING, period=row.period))
    _copy(_NOTHING, row)
    row.look_at = None
    subject = nudge_subject(row.trainee_id, row.requirement, row.occasion)
    withdraw_all(look.session, "nudge", subject, "no longer asked for", look.now)
    look.session.add(row)


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


def _say_and_plan(look: _Look, asked: Asked, verdict: Verdict, row: Standing) -> datetime | None:
    """Queue the newest reminder that has come, unless it is put off, and return the next `look_at`."""
    planned = _planned(look, asked.requirement, verdict)
    _reconcile(look, asked, planned)
    come = manners.latest(planned, to_local(row.says_from, look.zone), look.local)
    snoozed = row.snoozed_until if row.snoozed_until and row.snoozed_until > look.now else None
    if come and snoozed is None:
        _remind(look, asked, verdict, come, row)
    coming = manners.next_after(planned, look.local)
    ends = [to_utc(coming.at, look.zone) if coming else None, snoozed]
    ends.append(midnight(verdict.changes_on, look.zone) if verdict.changes_on else None)
    return min((end for end in ends if end is not None), default=None)


def _planned(look: _Look, requirement: Requirement, verdict: Verdict) -> list[manners.Moment]:
    """The reminders of this spell. Escalation is told in the digest, not here."""
    booked = [b.on for b in look.life.bookings if b.activity in requirement.activities]
    return [m for m in manners.moments(requirement, verdict, SWEDEN, booked) if m.step != "escalated"]


def _reconcile(look: _Look, asked: Asked, planned: Sequence[manners.Moment]) -> None:
    """What waits in the outbox follows: put off with its moment, or withdrawn when it is no longer so."""
    moments = {(m.period, m.step): m for m in planned}
    for row in look.waiting.get(look.subject(asked), ()):
        moment = moments.get((row.period.partition("~")[0], row.step))
        if moment is None:
            withdraw(look.session, row, "answered", look.now)
        elif row.person_id not in _whom(asked, moment):
            withdraw(look.session, row, "somebody else's now", look.now)
        elif moment.at > look.local:
            row.due_at = row.next_at = to_utc(moment.at, look.zone)
            row.bundle = moment.at.date()
            look.session.add(row)


def _remind(look: _Look, asked: Asked, verdict: Verdict, moment: manners.Moment, row: Standing) -> None:
    said = [_tell_one(look, asked, verdict, moment, row, person) for person in _whom(asked, moment)]
    if any(said):
        row.said_at = look.now


def _whom(asked: Asked, moment: manners.Moment) -> list[int]:
    return sorted({person for role in moment.roles for person in asked.occasion.people.get(role, ())})


def _tell_one(
    look: _Look,
    asked: Asked,
    verdict: Verdict,
    moment: manners.Moment,
    row: Standing,
    person: int,
) -> int | None:
    at = manners.speaking_time(max(moment.at, look.local), SWEDEN, _absence_of(look, person))
    if at is None:  # away with no end in sight: the return will plan anew
        return None
    # A snooze asks for the same words once more: its end is part of which saying this is.
    again = f"~{to_local(row.snoozed_until, look.zone):%m%d}" if row.snoozed_until else ""
    return tell(
        look.session,
        Notice(
            person_id=person,
            kind="nudge",
            subject=look.subject(asked),
            period=moment.period + again,
            step=moment.step,
            due_at=to_utc(at, look.zone),
            bundle=at.date(),
            facts={
                "trainee": row.trainee_id,
                "requirement": row.requirement,
                "occasion": row.occasion,
                "due_on": verdict.due_on.isoformat() if verdict.due_on else None,
                "spell": verdict.period,
            },
        ),
        look.now,
    )


def _absence_of(look: _Look, person: int) -> Callable[[date], bool]:
    trainee = look.life.trainee
    return look.life.timeline.is_absent if person == trainee.person_id else (lambda _day: False)
