"""Applying a roster's leaves, after its people: new is added, changed is changed, none is ever taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from handlers.roster.changes import Changes, Difference
from handlers.roster.leaves import ROLE, Leave
from schedules.recompute import recompute
from storage.tables import Absence, Audit, Person, Trainee


def apply_leaves(session: Session, leaves: Sequence[Leave], now: datetime, changes: Changes) -> None:
    """Write them after the roster's people, and what was done into `changes`. None is ever taken away."""
    touched = [key for leave in leaves if (key := _apply(session, leave, now, changes))]
    recompute(session, sorted(set(touched)), now, "roster")


def _apply(session: Session, leave: Leave, now: datetime, changes: Changes) -> int | None:
    """One leave; its trainee's id when anything is new."""
    trainee = session.exec(select(Trainee).join(Person).where(Person.email == leave.email)).one()
    of_that_day = select(Absence).where(
        Absence.trainee_id == trainee.id, Absence.from_on == leave.start, col(Absence.voided_at).is_(None)
    )
    known = session.exec(of_that_day).first()
    if known is None:
        _begin(session, trainee, leave, now, changes)
        return trainee.id
    return trainee.id if _change(session, known, leave, now, changes) else None


def _begin(session: Session, trainee: Trainee, leave: Leave, now: datetime, changes: Changes) -> None:
    absence = Absence(
        trainee_id=trainee.id or 0,
        kind=leave.kind,
        from_on=leave.start,
        to_on=leave.end,
        written_by=trainee.person_id,
        written_at=now,
    )
    changes.added.append(Difference(leave.email, leave.kind, new=_days(leave.start, leave.end)))
    _keep(session, absence, now, {"kind": leave.kind, "on": leave.start.isoformat()})


def _change(session: Session, known: Absence, leave: Leave, now: datetime, changes: Changes) -> bool:
    """Whether the file says anything new of an absence. What came in a signed history stays as it was."""
    if known.imported_as:
        return False
    end = leave.end or known.to_on  # "åter i tjänst" in the chat is not taken back by an empty cell
    told = {"kind": (known.kind, leave.kind), "end": (_day(known.to_on), _day(end))}
    differs = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
    if not differs:
        return False
    changes.changed += [Difference(leave.email, f"{ROLE} {name}", *pair) for name, pair in differs.items()]
    known.kind, known.to_on = leave.kind, end
    _keep(session, known, now, {name: pair[1] for name, pair in differs.items()})
    return True


def _keep(session: Session, absence: Absence, now: datetime, facts: Mapping[str, str]) -> None:
    session.add(absence)
    session.flush()
    session.add(Audit(at=now, act="absent", subject=f"absence:{absence.id}", facts=dict(facts)))


def _days(start: date, end: date | None) -> str:
    return f"{start} – {_day(end)}"


def _day(day: date | None) -> str:
    return str(day) if day else "tills vidare"
