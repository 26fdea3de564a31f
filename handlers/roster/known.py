"""What the database knows of a file's people: read by a few statements for all, not by some for each line.

Everybody's messages wait while a roster is written: it holds the database's only turn to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from handlers.roster.checking import RosterRow
from schedules.lives.reading import batches
from storage.columns import columns
from storage.tables import Identity, Pairing, Person, Role, Trainee, Unit

_I, _P, _PG, _R, _T = (columns(each) for each in (Identity, Person, Pairing, Role, Trainee))
Account = tuple[str, str, str]
"""Platform, workspace and the id there."""


@dataclass(slots=True)
class Known:
    """What is there, kept up with what the import adds."""

    units: dict[str, Unit] = field(default_factory=dict)
    """By name: all there are."""
    people: dict[str, Person] = field(default_factory=dict)
    """By e-mail: those in the file, and the supervisors it names."""
    roles: dict[tuple[int, str], list[Role]] = field(default_factory=dict)
    """By person and role, in the order they came."""
    trainees: dict[int, Trainee] = field(default_factory=dict)
    """By person."""
    pairs: dict[int, Pairing] = field(default_factory=dict)
    """By trainee: with the main supervisor, while it lasts."""
    accounts: dict[Account, Identity] = field(default_factory=dict)
    """Those in the file, whosever they are."""

    def add_role(self, role: Role) -> None:
        """One more, after the others."""
        self.roles.setdefault((role.person_id, role.role), []).append(role)


def known_of(session: Session, rows: Sequence[RosterRow]) -> Known:
    """What is there of a checked roster's people before it is applied."""
    known = Known(units={unit.name: unit for unit in session.exec(select(Unit)).all()})
    named = (email for row in rows for email in (row.email, row.supervisor) if email)
    for emails in _runs(named):
        _read_people(session, known, emails)
    for ids in _runs(row.platform_id for row in rows if row.platform_id):
        for found in session.exec(select(Identity).where(_I.external_id.in_(ids))).all():
            known.accounts[found.platform, found.workspace, found.external_id] = found
    return known


def _runs(words: Iterable[str]) -> Iterator[Sequence[str]]:
    return batches(list(dict.fromkeys(words)))


def _read_people(session: Session, known: Known, emails: Sequence[str]) -> None:
    theirs = _P.email.in_(emails)
    known.people |= {each.email: each for each in session.exec(select(Person).where(theirs)).all()}
    of_people = select(Role).join(Person, _P.id == _R.person_id).where(theirs)
    for role in session.exec(of_people.order_by(_R.id)).all():
        known.add_role(role)
    trained: Any = select(Trainee).join(Person, _P.id == _T.person_id).where(theirs)
    known.trainees |= {each.person_id: each for each in session.exec(trained).all()}
    paired: Any = select(Pairing).join(Trainee, _T.id == _PG.trainee_id).join(Person, _P.id == _T.person_id)
    lasting = paired.where(theirs, _PG.kind == "main", _PG.to_on.is_(None)).order_by(_PG.id)
    for pair in session.exec(lasting).all():
        known.pairs.setdefault(pair.trainee_id, pair)
