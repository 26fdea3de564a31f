"""What reminders are about, as it is now: looked up for all of a message together, or of several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import Session

from handlers.access import halves
from storage.columns import columns, table
from storage.tables import Outbox, Person, Standing, Trainee, Unit

_S, _T, _P = columns(Standing), columns(Trainee), columns(Person)
_STANDING: Final = (
    select(
        *(_S[name] for name in ("trainee_id", "requirement", "occasion", "state", "period", "due_on")),
        *(_S.done, _S.missed, _T.person_id, _T.unit_id, _P.name),
    )
    .join(table(Trainee), _T.id == _S.trainee_id)
    .join(table(Person), _P.id == _T.person_id)
    .where(
        _S.trainee_id.in_(bindparam("trainees", expanding=True)),
        _S.requirement.in_(bindparam("requirements", expanding=True)),
    )
)
"""Built once: every reminder asks it before it is said."""

Key = tuple[int, str, str]
"""A standing row's: trainee, requirement, occasion."""


@dataclass(frozen=True, slots=True)
class Now:
    """How a requirement stands, and whose it is: `person_id` and `name` are the trainee's."""

    trainee_id: int
    requirement: str
    occasion: str
    state: str
    period: str
    due_on: date | None
    done: int
    missed: int
    person_id: int
    unit_id: int
    name: str

    @property
    def key(self) -> Key:
        """Which standing row it is."""
        return self.trainee_id, self.requirement, self.occasion


@dataclass(frozen=True, slots=True)
class Known:
    """What was found: the standing rows by their keys, and who is half of whose pair today."""

    standings: Mapping[Key, Now]
    halves: Collection[tuple[int, int]]
    """A trainee's id, and the id of the trainee's person or of a supervisor."""
    units: Mapping[int, Unit]


def look(session: Session, rows: Iterable[Outbox], today: date) -> Known:
    """Look up what the rows that are about a requirement are about: two statements, and one for each unit."""
    keys = [key_of(row) for row in rows if "spell" in row.facts]
    if not keys:
        return Known({}, (), {})
    found = _standings(session, keys)
    units = {now.unit_id for now in found.values()}
    return Known(
        found,
        halves(session, {now.trainee_id for now in found.values()}, today),
        {unit: session.get_one(Unit, unit) for unit in units},
    )


def key_of(row: Outbox) -> Key:
    """The standing row that an outbox row is about."""
    facts = row.facts
    return facts["trainee"], facts["requirement"], facts.get("occasion", "")


def _standings(session: Session, keys: Sequence[Key]) -> dict[Key, Now]:
    about = {
        "trainees": list({trainee for trainee, _, _ in keys}),
        "requirements": list({requirement for _, requirement, _ in keys}),
    }
    found = (Now(*row) for row in session.connection().execute(_STANDING, about))
    return {now.key: now for now in found}
