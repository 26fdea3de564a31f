"""The trainees' rows of the roster: the training, and the pair from today on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.roster.changes import Difference, Work, change
from handlers.roster.checking import NOBODY, RosterRow
from storage.columns import Facts
from storage.tables import Pairing, Person, Trainee, Unit


def apply_trainings(work: Work, rows: Sequence[RosterRow]) -> None:
    """Begin or change the trainings of people who are there, and their pairs."""
    begun = [_begin(work, row) for row in rows if _person(work, row.email) not in work.known.trainees]
    work.session.add_all(begun)
    work.session.flush()
    work.known.trainees |= {each.person_id: each for each in begun}
    work.touched |= {each.id or 0 for each in begun}
    for row in rows:
        _apply(work, row)
    work.session.flush()


def _person(work: Work, email: str) -> int:
    return work.known.people[email].id or 0


def _begin(work: Work, row: RosterRow) -> Trainee:
    return Trainee(person_id=_person(work, row.email), watched_from=work.today, **_terms(work, row))


def _terms(work: Work, row: RosterRow) -> Facts:
    if row.start is None:
        msg = f"{row.email} was checked and yet has no start"
        raise AssertionError(msg)
    return {
        "unit_id": work.known.units[row.units[0]].id,
        "kind": row.kind,
        "starts_on": row.start,
        "ends_on": row.end,
        "employed_on": row.employed or row.start,
    }


def _apply(work: Work, row: RosterRow) -> None:
    trainee, terms = work.known.trainees[_person(work, row.email)], _terms(work, row)
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
    supervisor, current = work.known.people[row.supervisor or ""], work.known.pairs.get(trainee.id or 0)
    if current is not None and current.supervisor_id == supervisor.id:
        return
    since = trainee.starts_on
    if current is not None:
        since = max(work.today, current.from_on)
        before = _end_pair(work, current, since, row.email)
        work.changes.changed.append(Difference(row.email, "supervisor", before, supervisor.email))
    else:
        work.changes.added.append(Difference(row.email, "supervisor", new=supervisor.email))
    pair = Pairing(trainee_id=trainee.id or 0, supervisor_id=supervisor.id or 0, from_on=since)
    work.session.add(pair)
    work.known.pairs[trainee.id or 0] = pair
    work.touched.add(trainee.id or 0)


def _unpair(work: Work, trainee: Trainee, row: RosterRow) -> None:
    """Nobody from today on."""
    current = work.known.pairs.pop(trainee.id or 0, None)
    if current is not None:
        _end_pair(work, current, max(work.today, current.from_on), row.email)
        work.touched.add(trainee.id or 0)


def _end_pair(work: Work, pair: Pairing, since: date, email: str) -> str:
    """The day before somebody else, or nobody, answers; whose pair it was."""
    pair.to_on = max(pair.from_on, since - timedelta(days=1))
    work.session.add(pair)
    before = work.session.get_one(Person, pair.supervisor_id).email
    work.changes.ended.append(Difference(f"{before} – {email}", "par", new=str(pair.to_on)))
    return before


def leave_rulebook(work: Work, trainee: Trainee, key: str) -> None:
    """What came before today is not judged again by what another rulebook brings."""
    trainee.rulebooks_before = [*trainee.rulebooks_before, [key, work.today.isoformat()]]
    work.session.add(trainee)
    work.touched.add(trainee.id or 0)
