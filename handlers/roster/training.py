"""A trainee's row of the roster: the training, and the pair from today on."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import col, select

from handlers.roster.changes import Difference, Work, by_email, change, unit_id
from handlers.roster.checking import NOBODY, RosterRow
from storage.columns import Facts
from storage.tables import Pairing, Person, Trainee, Unit


def apply_training(work: Work, row: RosterRow) -> None:
    """Begin or change the training of somebody who is there, and their pair."""
    person = by_email(work.session, row.email)
    if person is None or row.start is None:
        msg = f"{row.email} was checked and yet has no person or start"
        raise AssertionError(msg)
    terms: Facts = {
        "unit_id": unit_id(work.session, row.units[0]),
        "kind": row.kind,
        "starts_on": row.start,
        "ends_on": row.end,
        "employed_on": row.employed or row.start,
    }
    known = work.session.exec(select(Trainee).where(Trainee.person_id == person.id)).first()
    trainee = known or _begin(work, person, terms)
    if trainee.unit_id != terms["unit_id"]:
        _move(work, trainee, terms["unit_id"])
    before = trainee.ends_on
    if change(work, trainee, row.email, **terms):
        work.touched.add(trainee.id or 0)
        _ended(work, row, before)
    if row.supervisor == NOBODY:
        _unpair(work, trainee, row)
    elif row.supervisor:
        _pair(work, trainee, row)


def _begin(work: Work, person: Person, terms: Facts) -> Trainee:
    trainee = Trainee(person_id=person.id or 0, watched_from=work.today, **terms)
    work.session.add(trainee)
    work.session.flush()
    work.touched.add(trainee.id or 0)
    return trainee


def _ended(work: Work, row: RosterRow, before: date | None) -> None:
    """A training that the file has ended, and that ran until now."""
    if row.end and row.end < work.today and (before is None or before >= work.today):
        work.changes.ended.append(Difference(row.email, "utbildning", new=str(row.end)))


def _move(work: Work, trainee: Trainee, unit: int) -> None:
    """To another unit: where another rulebook holds, its clocks start today."""
    old, new = (work.session.get_one(Unit, key).rulebook for key in (trainee.unit_id, unit))
    if old != new:
        leave_rulebook(work, trainee, old)


def _pair(work: Work, trainee: Trainee, row: RosterRow) -> None:
    """The main supervisor from today on; the one before answered until yesterday."""
    supervisor = by_email(work.session, row.supervisor or "")
    if supervisor is None:
        msg = f"{row.supervisor} was checked and yet has no person"
        raise AssertionError(msg)
    current = _main_pair(work, trainee)
    if current is not None and current.supervisor_id == supervisor.id:
        return
    since = trainee.starts_on
    if current is not None:
        since = max(work.today, current.from_on)
        before = _end_pair(work, current, since, row.email)
        work.changes.changed.append(Difference(row.email, "supervisor", before, supervisor.email))
    else:
        work.changes.added.append(Difference(row.email, "supervisor", new=supervisor.email))
    work.session.add(Pairing(trainee_id=trainee.id or 0, supervisor_id=supervisor.id or 0, from_on=since))
    work.session.flush()
    work.touched.add(trainee.id or 0)


def _unpair(work: Work, trainee: Trainee, row: RosterRow) -> None:
    """Nobody from today on."""
    current = _main_pair(work, trainee)
    if current is not None:
        _end_pair(work, current, max(work.today, current.from_on), row.email)
        work.touched.add(trainee.id or 0)


def _main_pair(work: Work, trainee: Trainee) -> Pairing | None:
    lasting = (Pairing.trainee_id == trainee.id, Pairing.kind == "main", col(Pairing.to_on).is_(None))
    return work.session.exec(select(Pairing).where(*lasting)).first()


def _end_pair(work: Work, pair: Pairing, since: date, email: str) -> str:
    """The day before somebody else, or nobody, answers; whose pair it was."""
    pair.to_on = max(pair.from_on, since - timedelta(days=1))
    work.session.add(pair)
    work.session.flush()
    before = work.session.get_one(Person, pair.supervisor_id).email
    work.changes.ended.append(Difference(f"{before} – {email}", "par", new=str(pair.to_on)))
    return before


def leave_rulebook(work: Work, trainee: Trainee, key: str) -> None:
    """What came before today is not judged again by what another rulebook brings."""
    trainee.rulebooks_before = [*trainee.rulebooks_before, [key, work.today.isoformat()]]
    work.session.add(trainee)
    work.touched.add(trainee.id or 0)
