"""What keeps the bot from its work: who is not reached, who has no supervisor, what was not agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from schedules.digests.seen import Seen
from schedules.naming import alphabetical
from storage.tables import (
    Identity,
    Outbox,
    OutboxState,
    Pairing,
    Person,
)
from storage.trainees import lasts_on


def undelivered(session: Session, seen: Sequence[Seen], today: date, since: datetime) -> tuple[Person, ...]:
    """Whom a message did not reach, or came too late to be sent: a trainee or supervisor once for each."""
    people = {each.id: each for each in [*(one.person for one in seen), *_supervisors(session, seen, today)]}
    lost = session.exec(
        select(Outbox.person_id)
        .where(
            col(Outbox.person_id).in_(people),
            col(Outbox.state).in_([OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.EXPIRED]),
            col(Outbox.ended_at) > since,
        )
        .order_by(col(Outbox.id))
    )
    return tuple(people[key] for key in lost.all())


def _supervisors(session: Session, seen: Sequence[Seen], today: date) -> Sequence[Person]:
    return session.exec(
        select(Person)
        .join(Pairing, col(Pairing.supervisor_id) == col(Person.id))
        .where(
            col(Pairing.trainee_id).in_([each.trainee.id for each in seen]),
            (col(Pairing.to_on).is_(None)) | (col(Pairing.to_on) >= today),
        )
    ).all()


def unlinked(session: Session, seen: Sequence[Seen], today: date) -> tuple[Person, ...]:
    """Trainees and their supervisors whom no platform reaches."""
    supervisors = _supervisors(session, seen, today)
    people = {person.id: person for person in [*(each.person for each in seen), *supervisors]}
    linked = set(
        session.exec(
            select(Identity.person_id).where(
                col(Identity.person_id).in_(people), col(Identity.disabled_at).is_(None)
            )
        ).all()
    )
    return tuple(
        sorted((p for key, p in people.items() if key not in linked), key=lambda p: alphabetical(p.name))
    )


def without_supervisor(session: Session, seen: Sequence[Seen], today: date) -> tuple[Person, ...]:
    """Those who have no main supervisor today."""
    main = select(Pairing.trainee_id).where(Pairing.kind == "main", lasts_on(today))
    paired = set(session.exec(main).all())
    return tuple(each.person for each in seen if each.trainee.id not in paired)


def no_interval(seen: Sequence[Seen]) -> tuple[Person, ...]:
    """Of those in training: whose pair is to agree on an interval and has not."""
    return tuple(each.person for each in seen if each.unagreed)
