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
    if row.platform is not None:
        return _back(row, row.platform) if row.platform in platforms else None
    person = session.get(Person, row.person_id)
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
    chosen = next((i for i in identities if i.platform == person.prefers), next(iter(identities), None))
    if chosen is None:
        return None
    return Address(chosen.platform, chosen.external_id, chosen.workspace, chosen.chat)


def _back(row: Outbox, platform: str) -> Address:
    facts = row.facts
    return Address(platform, facts["external_id"], row.workspace, row.address, open=bool(facts.get("open")))
