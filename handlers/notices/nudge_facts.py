"""What reminders are about, as it is now: looked up for all of a message together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from sqlalchemy import Integer, bindparam, case, select

from handlers.access import half_of
from handlers.desk import Desk
from handlers.namesakes import CALLED
from schedules.rules.overrides import Ruled
from storage.columns import columns, table
from storage.lists import Listed
from storage.tables import Outbox, Person, Standing, Trainee, Unit

_S, _T, _P, _U = columns(Standing), columns(Trainee), columns(Person), columns(Unit)
_NAME: Final = case((_T.person_id == bindparam("reader", type_=Integer), _P.name), else_=CALLED).label("name")
"""One's own is not told."""
_STANDING: Final = Listed(
    lambda among: (
        select(
            *(_S[name] for name in ("trainee_id", "requirement", "occasion", "state", "period", "due_on")),
            *(_S.done, _S.missed, _T.person_id, _T.unit_id, _NAME, half_of(_S.trainee_id)),
            *(_U.name, _U.rulebook, _U.settings),
        )
        .join(table(Trainee), _T.id == _S.trainee_id)
        .join(table(Person), _P.id == _T.person_id)
        .join(table(Unit), _U.id == _T.unit_id)
        .where(among(_S.trainee_id, "trainees"), among(_S.requirement, "requirements"))
    ),
    *("trainees", "requirements"),
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
    is_half: bool
    """Whether it is the reader's to log and book: a studierektor and a head only wait for it."""

    @property
    def key(self) -> Key:
        """Which standing row it is."""
        return self.trainee_id, self.requirement, self.occasion


@dataclass(frozen=True, slots=True)
class Known:
    """What was found: the standing rows by their keys, and the rules of their trainees' units by id."""

    standings: Mapping[Key, Now]
    units: Mapping[int, Ruled]


def look(desk: Desk, rows: Iterable[Outbox]) -> Known:
    """Look up what the reader's rows that are about a requirement are about: one statement."""
    keys = [key_of(row) for row in rows if "spell" in row.facts]
    if not keys:
        return Known({}, {})
    found = _STANDING.ask(
        desk.session,
        trainees={trainee for trainee, _, _ in keys},
        requirements={requirement for _, requirement, _ in keys},
        reader=desk.person.id,
        day=desk.today,
    )
    standings = [Now(*row[:_NOW]) for row in found]
    units = {now.unit_id: Ruled(*row[_NOW:]) for now, row in zip(standings, found, strict=True)}
    return Known({now.key: now for now in standings}, units)


_NOW: Final = len(fields(Now))


def key_of(row: Outbox) -> Key:
    """The standing row that an outbox row is about."""
    facts = row.facts
    return facts["trainee"], facts["requirement"], facts.get("occasion", "")
