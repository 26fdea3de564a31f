"""The audit trail read back: who did or saw what, when. Names of things and dates, never what was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, or_, select

from storage.columns import Facts
from storage.engine import writing
from storage.tables import (
    Absence,
    AssessmentRequest,
    Audit,
    Booking,
    Concern,
    ConcernStep,
    Entry,
    Mute,
    Outbox,
    OutboxState,
    Pairing,
    Person,
    Placement,
    Remark,
    Trainee,
    Transfer,
)

_NOUNS: Final[dict[str, type[SQLModel]]] = {
    "booking": Booking,
    "absence": Absence,
    "back": Absence,
    "placement": Placement,
    "pairing": Pairing,
    "mute": Mute,
    "request": AssessmentRequest,
    "concern": Concern,
    "transfer": Transfer,
}
"""Whose rows tell their trainee themselves, by the noun of the trail's subject."""
_THEIRS: Final = col(Person.id) == col(Trainee.person_id)
_OWNERS: Final[dict[str, tuple[Any, ...]]] = {
    "person": (Person.id,),
    "trainee": (Trainee.id, _THEIRS),
    "remark": (Remark.id, Remark.chain_id == Entry.id, Entry.trainee_id == Trainee.id, _THEIRS),
    "step": (ConcernStep.id, ConcernStep.concern_id == Concern.id, Concern.trainee_id == Trainee.id, _THEIRS),
    **dict.fromkeys(("entry", "history"), (Entry.id, Entry.trainee_id == Trainee.id, _THEIRS)),
    **{noun: (model.id, model.trainee_id == Trainee.id, _THEIRS) for noun, model in _NOUNS.items()},  # type: ignore[attr-defined]
}
"""By a subject's noun what its number is of, and the way from there to the person it is about: of a chain of
versions it is the first one's."""
_BATCH = 400
"""Subjects asked for at once: databases limit the parameters of a statement."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One act. `who` did it and `about` is whose affair it was: e-mails, None when the bot itself acted and
    where it was nobody's or several people's. `at` is an aware moment.
    """

    at: datetime
    who: str | None
    act: str
    subject: str
    facts: Facts
    about: str | None = None


def looked(
    engine: Engine, act: str, subject: str, now: datetime, reader: Person | None = None, **facts: str | int
) -> None:
    """Note what is about to be shown to somebody at the machine, who has no account there to be named by.

    `reader` is whose rights they looked with, if anybody's.
    """
    whose = {"as": f"person:{reader.id}"} if reader else {}
    with writing(engine) as session:
        row = Audit(at=now, act=act, subject=subject, facts={"from": "command line", **whose, **facts})
        session.add(row)


def trail(session: Session, since: datetime | None = None, trainee: Trainee | None = None) -> Iterator[Trace]:
    """All acts, oldest first; of one trainee what they did and what was done about them."""
    found = [*_acts(session, since, trainee), *([] if trainee else _sent(session, since))]
    yield from sorted(found, key=lambda trace: trace.at)


def _acts(session: Session, since: datetime | None, trainee: Trainee | None) -> Iterator[Trace]:
    wanted = select(Audit, Person.email).join(Person, col(Person.id) == col(Audit.actor_id), isouter=True)
    if since:
        wanted = wanted.where(col(Audit.at) >= since)
    if trainee is None:
        pages = [wanted]
    else:
        subjects = sorted(_subjects(session, trainee))
        chunks = [subjects[at : at + _BATCH] for at in range(0, len(subjects), _BATCH)]
        own = Audit.actor_id == trainee.person_id
        pages = [wanted.where(col(Audit.subject).in_(chunk) | own) for chunk in chunks]
    rows = {row.id: (row, email) for page in pages for row, email in session.exec(page).all()}
    whose = _whose(
        session, {str(name) for row, _ in rows.values() for name in (row.subject, row.facts.get("as"))}
    )
    for row, email in sorted(rows.values(), key=lambda each: each[0].id or 0):
        reader = whose.get(str(row.facts.get("as")))
        facts = {**row.facts, "as": reader} if reader else row.facts
        yield Trace(row.at, email, row.act, row.subject, facts, whose.get(row.subject))


def _whose(session: Session, subjects: set[str]) -> dict[str, str]:
    """By subject the e-mail of whom it is about, where that is one person."""
    numbers: dict[str, list[int]] = {}
    for noun, _, number in (subject.partition(":") for subject in sorted(subjects)):
        if noun in _OWNERS and number.isdigit():
            numbers.setdefault(noun, []).append(int(number))
    return {
        f"{noun}:{key}": email
        for noun, wanted in numbers.items()
        for at in range(0, len(wanted), _BATCH)
        for key, email in session.execute(_owners(noun, wanted[at : at + _BATCH])).all()
    }


def _owners(noun: str, numbers: Sequence[int]) -> Any:
    key, *ways = _OWNERS[noun]
    return select(key, Person.email).where(key.in_(numbers), *ways).distinct()


def _subjects(session: Session, trainee: Trainee) -> set[str]:
    """Everything in the trail that is about one training."""
    found = {f"trainee:{trainee.id}", f"person:{trainee.person_id}"}
    for noun, model in _NOUNS.items():
        found |= {f"{noun}:{key}" for key in _ids(session, model, trainee)}
    lines = select(Booking.inbox_id).where(Booking.trainee_id == trainee.id).distinct()
    found |= {f"bookings:{key}" for key in session.exec(lines).all()}  # booked for several at once
    chains = set(session.exec(select(Entry.chain_id).where(Entry.trainee_id == trainee.id).distinct()).all())
    found |= {f"{noun}:{chain}" for chain in chains for noun in ("entry", "history")}
    remarks = session.exec(select(Remark.id).where(col(Remark.chain_id).in_(chains)))
    found |= {f"remark:{key}" for key in remarks.all()}
    steps = select(ConcernStep.id).join(Concern, col(Concern.id) == col(ConcernStep.concern_id))
    found |= {f"step:{key}" for key in session.exec(steps.where(Concern.trainee_id == trainee.id)).all()}
    return found


def _ids(session: Session, model: type[Any], trainee: Trainee) -> set[int]:
    return set(session.exec(select(model.id).where(model.trainee_id == trainee.id)).all())


def _sent(session: Session, since: datetime | None) -> Iterator[Trace]:
    """What others than the trainee were shown without asking: every digest that went out."""
    wanted = (
        select(Outbox, Person.email)
        .join(Person, col(Person.id) == col(Outbox.person_id))
        .where(
            Outbox.kind == "digest",
            or_(Outbox.step == "", col(Outbox.step).is_(None)),
            Outbox.state == OutboxState.SENT,
        )
    )
    if since:
        wanted = wanted.where(col(Outbox.ended_at) >= since)
    for row, email in session.exec(wanted).all():
        yield Trace(row.ended_at or row.created_at, email, "digest_sent", "digest", {"week": row.period})
