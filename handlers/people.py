"""Who is writing, whose training it is about, and who else is in the pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from handlers.message import Sender
from schedules.naming import alphabetical, called, namesakes
from storage.columns import columns, table
from storage.known import Wholes
from storage.prepared import Prepared
from storage.tables import Identity, Pairing, Person, Role, RoleName, Trainee, Unit
from storage.trainees import lasts_on

_I, _T = columns(Identity), columns(Trainee)
IS_ACCOUNT = (
    _I.platform == bindparam("platform"),
    _I.external_id == bindparam("external_id"),
    _I.workspace.in_([bindparam("workspace"), bindparam("any")]),
)
"""In a statement: the identities of an account, see `account`. The workspace's own goes before any."""
_KNOWN = Wholes(Person, Trainee, Unit)
_SENDER = Prepared(
    core_select(*_KNOWN.columns, _I.id.label("identity"), _I.chat, _I.disabled_at)
    .select_from(table(Person))
    .join(table(Identity), _I.person_id == columns(Person).id)
    .outerjoin(table(Trainee), _T.person_id == columns(Person).id)
    .outerjoin(table(Unit), columns(Unit).id == _T.unit_id)
    .where(*IS_ACCOUNT)
    .order_by(_I.workspace.desc())
    .limit(1)
)

_OWN = core_select(Trainee).where(_T.person_id == bindparam("person"))
_P = columns(Pairing)
_SUPERVISORS = (
    core_select(Person)
    .join(table(Pairing), _P.supervisor_id == columns(Person).id)
    .where(
        _P.trainee_id == bindparam("trainee"),
        lasts_on(bindparam("day", type_=Date)),
    )
    .order_by(_P.kind, columns(Person).name)
)
"""Built once, as _SENDER: every log asks them."""


@dataclass(frozen=True, slots=True)
class Known:
    """A sender who is linked: the person, the identity row that says so, and their own training if any."""

    person: Person
    identity_id: int
    chat: str
    disabled: bool
    training: Trainee | None
    unit: Unit | None = None
    """The training's; held so that whoever asks the session for it needs no statement."""


def recognise(session: Session, sender: Sender) -> Known | None:
    """The person behind an account; None when nobody is linked to it. Never by display name.

    An identity imported without a workspace holds in any workspace.
    """
    found = _SENDER.rows(session, account(sender))
    if not found:
        return None
    person, training, unit = _KNOWN.objects(session, found[0])
    identity, chat, disabled_at = found[0][-3:]
    return Known(person, identity, chat, disabled_at is not None, training, unit)


def account(sender: Sender) -> dict[str, str]:
    """What a statement needs to find an account."""
    return {
        "platform": sender.platform,
        "external_id": sender.external_id,
        "workspace": sender.workspace,
        "any": "",
    }


def own_training(session: Session, person: Person) -> Trainee | None:
    """The person's own training, if they are a trainee."""
    return session.execute(_OWN, {"person": person.id}).scalars().first()


def trainees_of(session: Session, person: Person, today: date) -> list[tuple[Trainee, Person]]:
    """Those a person supervises today, with their names, in alphabetical order; each once."""
    found = session.exec(
        select(Trainee, Person)
        .join(Pairing, col(Pairing.trainee_id) == col(Trainee.id))
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .where(
            Pairing.supervisor_id == person.id,
            lasts_on(today),
        )
    ).all()
    return sorted({pair[0].id: pair for pair in found}.values(), key=_by_name)


def trainees_in(session: Session, units: Sequence[Unit]) -> list[tuple[Trainee, Person]]:
    """The trainees of some units, by name."""
    found = session.exec(
        select(Trainee, Person)
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .where(col(Trainee.unit_id).in_([unit.id for unit in units]))
    ).all()
    return sorted(found, key=_by_name)


def _by_name(pair: tuple[Trainee, Person]) -> tuple[str, int]:
    return alphabetical(pair[1].name), pair[0].id or 0


def supervisors_of(session: Session, trainee_id: int, today: date) -> list[Person]:
    """The main supervisor first, then those of a placement that is going on; each once."""
    found = session.execute(_SUPERVISORS, {"trainee": trainee_id, "day": today}).scalars()
    return list({person.id: person for person in found}.values())


def units_of(session: Session, person: Person, roles: Sequence[RoleName]) -> list[Unit]:
    """The units in which a person has one of the roles, by name.

    A chief director whose roster row names no unit answers for all of them.
    """
    wanted = select(Unit)
    if not (RoleName.CHIEF_DIRECTOR in roles and _has_everywhere(session, person, RoleName.CHIEF_DIRECTOR)):
        wanted = wanted.join(Role, col(Role.unit_id) == col(Unit.id)).where(
            Role.person_id == person.id, col(Role.role).in_(roles)
        )
    return sorted(session.exec(wanted).unique().all(), key=lambda unit: alphabetical(unit.name))


def _has_everywhere(session: Session, person: Person, role: RoleName) -> bool:
    held = select(Role.id).where(Role.person_id == person.id, Role.role == role, col(Role.unit_id).is_(None))
    return session.exec(held).first() is not None


def roles_of(session: Session, person: Person) -> set[str]:
    """Every role a person has anywhere."""
    return set(session.exec(select(Role.role).where(Role.person_id == person.id)).all())


def people_with(session: Session, unit: Unit, role: RoleName) -> list[Person]:
    """Who has a role at a unit, by name."""
    found = session.exec(
        select(Person)
        .join(Role, col(Role.person_id) == col(Person.id))
        .where(Role.unit_id == unit.id, Role.role == role)
    )
    return sorted(found.unique().all(), key=lambda person: alphabetical(person.name))


def colleagues(session: Session, trainee: Trainee) -> list[Person]:
    """Everybody with a role at the trainee's unit but the trainee, by name."""
    found = session.exec(
        select(Person)
        .join(Role, col(Role.person_id) == col(Person.id))
        .where(Role.unit_id == trainee.unit_id, Role.person_id != trainee.person_id)
        .order_by(col(Person.id))
    )
    return sorted(found.unique().all(), key=lambda person: alphabetical(person.name))


def people_named(people: Sequence[Person], wanted: str) -> list[Person]:
    """Those whose name or the first part of whose e-mail has every word of `wanted`; a whole name wins.

    A handle's dots part words (`eva.ek`); an e-mail is its owner's alone.
    """
    said = wanted.casefold()
    if "@" in said:
        return [person for person in people if person.email.casefold() == said]
    words = said.replace(".", " ").replace("_", " ").split()
    hits = [person for person in people if words and all(_has(person, word) for word in words)]
    exact = [person for person in hits if person.name.casefold() == said]
    return exact or hits


def told_apart(people: Sequence[Person]) -> list[tuple[str, str]]:
    """For each what a button says, and what a line says to mean nobody else: of a shared name, the e-mail."""
    shared = namesakes(people)
    meant = (person.email if person.name.casefold() in shared else person.name for person in people)
    return [(called(person, shared), said.casefold()) for person, said in zip(people, meant, strict=True)]


def labels(people: Sequence[Person]) -> list[str]:
    """What to call each of several, so that no two are called the same."""
    return [label for label, _ in told_apart(people)]


def named(people: Sequence[tuple[Trainee, Person]], wanted: str) -> list[tuple[Trainee, Person]]:
    """The trainees that `people_named` finds among some."""
    hits = {person.id for person in people_named([person for _, person in people], wanted)}
    return [pair for pair in people if pair[1].id in hits]


def _has(person: Person, word: str) -> bool:
    parts = [*person.name.casefold().split(), *person.email.split("@")[0].replace(".", " ").split()]
    return any(part.startswith(word) for part in parts)


def person_of_trainee(session: Session, trainee_id: int) -> Person:
    """The person in training. Raises NoResultFound when there is no such trainee."""
    return session.exec(
        select(Person).join(Trainee, col(Trainee.person_id) == col(Person.id)).where(Trainee.id == trainee_id)
    ).one()
