"""Where a person is reached: the platform they prefer among those that are served."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from bot.platforms.contract import Address, Platform
from storage.tables import Identity, Outbox, Person


def route(session: Session, row: Outbox, platforms: Mapping[str, Platform]) -> Address | None:
    """The address of an outbox row; None when no served platform reaches its person.

    An answer goes back to where the question came from, everything else to where the person likes it.
    """
    person = session.get(Person, row.person_id) if row.person_id else None
    if row.platform is not None and "external_id" in row.facts:
        return _back(row, row.platform, person) if row.platform in platforms else None
    if person is None:
        return None
    identities = session.exec(
        select(Identity)
        .where(
            Identity.person_id == person.id,
            col(Identity.disabled_at).is_(None),
            col(Identity.platform).in_(platforms),
        )
        .order_by(col(Identity.linked_at).desc(), col(Identity.id).desc())
    ).all()
    chosen = next(
        (i for i in identities if i.platform == (row.platform or person.prefers)),
        next(iter(identities), None),
    )
    if chosen is None:
        return None
    return Address(chosen.platform, chosen.external_id, chosen.workspace, chosen.chat, locale=person.locale)


def _back(row: Outbox, platform: str, person: Person | None) -> Address:
    facts = row.facts
    return Address(
        platform,
        facts["external_id"],
        row.workspace,
        row.address,
        open=bool(facts.get("open")),
        locale=person.locale if person else "sv",
    )
