"""Whom a platform no longer reaches, and who is told of it: nothing stays silent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from handlers.desk import Desk, Skip
from handlers.message import Incoming, IncomingKind, Message, Reply
from schedules.outbox.outgoing import Notice, tell
from storage.columns import Facts, columns, table
from storage.tables import Audit, Identity, Installation, Pairing, Person, Role, RoleName, Trainee

_I = columns(Identity)

REMOVED: Final = "app removed"
BLOCKED: Final = "blocked by the person"
MOST_NAMES: Final = 10
CARERS: Final = (RoleName.STUDIEREKTOR, RoleName.SECRETARY)
"""Who is told: they know how to find a colleague."""

KINDS: Final = (IncomingKind.LOST, IncomingKind.FOUND, IncomingKind.REMOVED)


def take(session: Session, incoming: Incoming, now: datetime) -> Reply:
    """What a platform tells of its own accord: blocked, unblocked, the app removed. Nobody is answered."""
    sender = incoming.sender
    match incoming.kind:
        case IncomingKind.LOST:
            lost(session, sender.platform, sender.workspace, sender.external_id, BLOCKED, now)
        case IncomingKind.FOUND:
            found(session, sender.platform, sender.workspace, BLOCKED, sender.external_id)
        case _:
            removed(session, sender.platform, sender.workspace, now)
    return Reply(Message(""), incoming.kind.value)


def lost(
    session: Session, platform: str, workspace: str, external_id: str, reason: str, now: datetime
) -> None:
    """One account is reached no more: it is left alone until the person writes again, and a human is told."""
    account = session.exec(
        select(Identity).where(
            Identity.platform == platform,
            Identity.external_id == external_id,
            col(Identity.workspace).in_([workspace, ""]),
        )
    )
    _disable(session, account.all(), reason, now)


def removed(session: Session, platform: str, workspace: str, now: datetime) -> None:
    """The app was taken out of a workspace: its token is forgotten, nobody there is written to."""
    installation = session.get(Installation, (platform, workspace))
    if installation is not None and installation.removed_at is None:
        installation.token, installation.removed_at = "", now
        session.add(installation)
    there = session.exec(
        select(Identity).where(Identity.platform == platform, Identity.workspace == workspace)
    )
    _disable(session, there.all(), REMOVED, now)
    session.add(Audit(at=now, act="app_removed", subject=f"{platform}:{workspace}"[:48]))


def found(session: Session, platform: str, workspace: str, reason: str, external_id: str = "") -> None:
    """Accounts that were lost for this reason are reached again: one, or all of a workspace."""
    again = update(table(Identity)).where(
        _I.platform == platform, _I.workspace == workspace, _I.disabled_reason == reason
    )
    again = again.where(_I.external_id == external_id) if external_id else again
    session.execute(again.values(disabled_at=None, disabled_reason=None))


def _disable(session: Session, accounts: Sequence[Identity], reason: str, now: datetime) -> None:
    """Who was lost before is not told of again."""
    news = [account for account in accounts if account.disabled_at is None]
    for account in news:
        account.disabled_at, account.disabled_reason = now, reason[:200]
        session.add(account)
    session.flush()
    for carer, whom in _carers(session, news).items():
        tell(session, _notice(carer, news[0].platform, sorted(whom), reason, now), now)


def _notice(carer: int, platform: str, people: list[int], reason: str, now: datetime) -> Notice:
    return Notice(
        person_id=carer,
        kind="notice",
        subject=f"unreached:{platform}",
        period=now.isoformat(),
        due_at=now,
        facts={"notice": "unreached", "platform": platform, "people": people, "reason": reason},
    )


def _carers(session: Session, accounts: Iterable[Identity]) -> dict[int, set[int]]:
    """By whom is to be told: the people they are told about."""
    told: dict[int, set[int]] = {}
    for person_id in {account.person_id for account in accounts}:
        for carer in carers_of(session, person_id, CARERS):
            told.setdefault(carer, set()).add(person_id)
    return told


def carers_of(session: Session, person_id: int, roles: Sequence[RoleName]) -> list[int]:
    """Who has one of the roles at a unit of the person's, by id; never the person."""
    found = select(Role.person_id).where(
        col(Role.role).in_(roles),
        col(Role.unit_id).in_(_units(session, person_id)),
        Role.person_id != person_id,
    )
    return sorted(set(session.exec(found).all()))


def _units(session: Session, person_id: int) -> set[int]:
    """The units a person belongs to, and those of the trainees they supervise."""
    roles = session.exec(select(Role.unit_id).where(Role.person_id == person_id)).all()
    own = session.exec(select(Trainee.unit_id).where(Trainee.person_id == person_id)).all()
    theirs = session.exec(
        select(Trainee.unit_id)
        .join(Pairing, col(Pairing.trainee_id) == col(Trainee.id))
        .where(Pairing.supervisor_id == person_id)
    ).all()
    return {unit for unit in (*roles, *own, *theirs) if unit is not None}


def unreached(desk: Desk, row_facts: Facts) -> Message | Skip:
    """The notice in words: those of them who are still not reached there."""
    still = desk.session.exec(
        select(Person)
        .join(Identity, col(Identity.person_id) == col(Person.id))
        .where(
            col(Person.id).in_(row_facts["people"]),
            Identity.platform == row_facts["platform"],
            col(Identity.disabled_at).is_not(None),
        )
        .order_by(col(Person.name))
    ).unique()
    names = [person.name for person in still.all()]
    if not names:
        return Skip("reached again")
    more = [desk.words.say("unreached.more", count=len(names) - MOST_NAMES)] if names[MOST_NAMES:] else []
    key = "unreached.removed" if row_facts["reason"] == REMOVED else "unreached.told"
    platform = str(row_facts["platform"]).capitalize()
    return Message(desk.words.say(key, platform=platform, names=", ".join([*names[:MOST_NAMES], *more])))
