"""Where a person is reached: the platform they prefer among those that are served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.platforms.contract import Address, Platform
from storage.columns import columns
from storage.prepared import Prepared
from storage.tables import Identity, Outbox, Person

_I = columns(Identity)
_ACCOUNTS: Final = Prepared(
    select(_I.platform, _I.external_id, _I.workspace, _I.chat)
    .where(_I.person_id == bindparam("person"), _I.disabled_at.is_(None))
    .order_by(_I.linked_at.desc(), _I.id.desc())
)
"""Built once: all but answers ask it."""


def route(
    session: Session, row: Outbox, person: Person | None, platforms: Mapping[str, Platform]
) -> Address | None:
    """The address of an outbox row to a person; None when no served platform reaches them.

    An answer goes back to where the question came from, everything else to where the person likes it.
    """
    if row.platform is not None and "external_id" in row.facts:
        return _back(row, person, row.platform) if row.platform in platforms else None
    if person is None:
        return None
    found = _ACCOUNTS.rows(session, {"person": person.id})
    served = [account for account in found if account.platform in platforms]
    liked = (each for each in served if each.platform == (row.platform or person.prefers))
    chosen = next(liked, next(iter(served), None))
    if chosen is None:
        return None
    return Address(chosen.platform, chosen.external_id, chosen.workspace, chosen.chat, locale=person.locale)


def _back(row: Outbox, person: Person | None, platform: str) -> Address:
    return Address(
        platform,
        row.facts["external_id"],
        row.workspace,
        row.address,
        open=bool(row.facts.get("open")),
        locale=person.locale if person else "sv",
    )
