"""Standing rows: recomputed in the transaction of every change, and when their `look_at` has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, select

from schedules import manners
from schedules.calendar import WorkCalendar
from schedules.evaluate import State, Verdict, evaluate
from schedules.life import Life, load
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
    waiting: Sequence[Outbox]
    """The reminders about this trainee that are queued and not yet said."""

    @property
    def zone(self) -> str:
        return self.life.unit.timezone

    @property
    def local(self) -> datetime:
        return self.life.local

    def subject(self, requirement: Requirement) -> str:
        return nudge_subject(self.life.trainee.id or 0, requirement.key)


def nudge_subject(trainee_id: int, requirement: str, occasion: str = "") -> str:
    """The outbox subject of everything said about one standing row."""
    return f"trainee:{trainee_id}/{requirement}" + (f"/{occasion}" if occasion else "")


def refresh(session: Session, trainee_id: int, now: datetime, reason: str) -> Life:
    """Bring a trainee's standing rows up to `now` and queue what became due to be said.

    Called in the same transaction as the change (`reason` "log", "undo", "absence", …) or by the tick
    (`reason` "time"). Idempotent: calling it twice changes and says nothing more.
    """
    life = load(session, trainee_id, now)
    requirements = watched(life.rulebook.requirements.values())
    subjects = [nudge_subject(trainee_id, requirement.key) for requirement in requirements]
    waiting = queued(session, "nudge", subjects, now)
    look = _Look(session, life, now, reason, waiting)
    rows = {row.requirement: row for row in rows_of(session, trainee_id)}
    for requirement in requirements:
        _refresh_one(look, requirement, rows.pop(requirement.key, None))
    for gone in rows.values():
        _retire(look, gone)
    session.flush()
    return life


def rows_of(session: Session, trainee_id: int) -> Sequence[Standing]:
    """Every standing row of a trainee."""
    return session.exec(select(Standing).where(Standing.trainee_id == trainee_id)).all()


def judge(life: Life, requirement: Requirement, today: date) -> Verdict:
    """How one requirement stands on a local date: the pure evaluation, fed with a life."""
    return evaluate(requirement, life.happenings, life.timeline, SWEDEN, today)


def watched(requirements: Iterable[Requirement]) -> list[Requirement]:
    """Those that stand for a trainee: units' own duties and the topic rota have no row here."""
    return [r for r in requirements if r.kind not in (Kind.UNIT, Kind.TOPIC)]


def _refresh_one(look: _Look, requirement: Requirement, row: Standing | None) -> None:
    verdict = judge(look.life, requirement, look.local.date())
    row = row or _new_row(look, requirement)
    _note_change(look, row, verdict)
    _copy(verdict, row)
    row.look_at = _say_and_plan(look, requirement, verdict, row)
    look.session.add(row)


def _new_row(look: _Look, requirement: Requirement) -> Standing:
    return Standing(
        trainee_id=look.life.trainee.id or 0, requirement=requirement.key, state="", says_from=look.now
    )


def _note_change(look: _Look, row: Standing, verdict: Verdict) -> None:
    """Write the change of state, and start a new spell: its past moments are never said afterwards."""
    if row.state != verdict.state:
        look.session.add(
            StandingChange(
                trainee_id=row.trainee_id,
                requirement=row.requirement,
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
    """The rulebook no longer asks for it: the row stays as a fact, and nothing is said any more."""
    _note_change(look, row, replace(_NOTHING, period=row.period))
    _copy(_NOTHING, row)
    row.look_at = None
    subject = nudge_subject(row.trainee_id, row.requirement)
    withdraw_all(look.session, "nudge", subject, "rulebook changed", look.now)
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


def _say_and_plan(look: _Look, requirement: Requirement, verdict: Verdict, row: Standing) -> datetime | None:
    """Queue the newest reminder that has come, unless it is put off, and return the next `look_at`."""
    planned = _planned(look, requirement, verdict)
    _reconcile(look, requirement, planned)
    come = manners.latest(planned, to_local(row.says_from, look.zone), look.local)
    snoozed = row.snoozed_until if row.snoozed_until and row.snoozed_until > look.now else None
    if come and snoozed is None:
        _remind(look, requirement, verdict, come, row)
    coming = manners.next_after(planned, look.local)
    ends = [to_utc(coming.at, look.zone) if coming else None, snoozed]
    ends.append(midnight(verdict.changes_on, look.zone) if verdict.changes_on else None)
    return min((end for end in ends if end is not None), default=None)


def _planned(look: _Look, requirement: Requirement, verdict: Verdict) -> list[manners.Moment]:
    """The reminders of this spell. Escalation is told in the digest, not here."""
    booked = [b.on for b in look.life.bookings if b.activity in requirement.activities]
    return [m for m in manners.moments(requirement, verdict, SWEDEN, booked) if m.step != "escalated"]


def _reconcile(look: _Look, requirement: Requirement, planned: Sequence[manners.Moment]) -> None:
    """What waits in the outbox follows: put off with its moment, or withdrawn when it is no longer so."""
    moments = {(m.period, m.step): m for m in planned}
    for row in look.waiting:
        if row.subject != look.subject(requirement):
            continue
        moment = moments.get((row.period.partition("~")[0], row.step))
        if moment is None:
            withdraw(look.session, row, "answered", look.now)
        elif moment.at > look.local:
            row.due_at = row.next_at = to_utc(moment.at, look.zone)
            row.bundle = moment.at.date()
            look.session.add(row)


def _remind(
    look: _Look, requirement: Requirement, verdict: Verdict, moment: manners.Moment, row: Standing
) -> None:
    said = [_tell_one(look, requirement, verdict, moment, row, person) for person in _whom(look, moment)]
    if any(said):
        row.said_at = look.now


def _whom(look: _Look, moment: manners.Moment) -> list[int]:
    return sorted({person for role in moment.roles for person in look.life.people.get(role, ())})


def _tell_one(
    look: _Look,
    requirement: Requirement,
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
            subject=look.subject(requirement),
            period=moment.period + again,
            step=moment.step,
            due_at=to_utc(at, look.zone),
            bundle=at.date(),
            facts={
                "trainee": row.trainee_id,
                "requirement": requirement.key,
                "due_on": verdict.due_on.isoformat() if verdict.due_on else None,
                "spell": verdict.period,
            },
        ),
        look.now,
    )


def _absence_of(look: _Look, person: int) -> Callable[[date], bool]:
    trainee = look.life.trainee
    return look.life.timeline.is_absent if person == trainee.person_id else (lambda _day: False)
