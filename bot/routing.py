"""Where a person is reached: the platform they prefer among those that are served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.platforms.contract import Address, Platform
from storage.columns import columns, table
from storage.tables import Identity, Outbox, Person

_P, _I = columns(Person), columns(Identity)
_LOCALE: Final = select(_P.locale).where(_P.id == bindparam("person"))
_ACCOUNTS: Final = (
    select(_P.locale, _P.prefers, _I.platform, _I.external_id, _I.workspace, _I.chat)
    .join(table(Identity), _I.person_id == _P.id)
    .where(_P.id == bindparam("person"), _I.disabled_at.is_(None))
    .order_by(_I.linked_at.desc(), _I.id.desc())
)
"""Both built once: one of them is asked of every message."""


def route(session: Session, row: Outbox, platforms: Mapping[str, Platform]) -> Address | None:
    """The address of an outbox row; None when no served platform reaches its person.

    An answer goes back to where the question came from, everything else to where the person likes it.
    """
    if row.platform is not None and "external_id" in row.facts:
        return _back(session, row, row.platform) if row.platform in platforms else None
    found = session.connection().execute(_ACCOUNTS, {"person": row.person_id})
    served = [account for account in found if account.platform in platforms]
    liked = (each for each in served if each.platform == (row.platform or each.prefers))
    chosen = next(liked, next(iter(served), None))
    if chosen is None:
        return None
    return Address(chosen.platform, chosen.external_id, chosen.workspace, chosen.chat, locale=chosen.locale)


def _back(session: Session, row: Outbox, platform: str) -> Address:
    facts, about = row.facts, {"person": row.person_id}
    locale = session.connection().execute(_LOCALE, about).scalar() if row.person_id else None
    return Address(
        platform,
        facts["external_id"],
        row.workspace,
        row.address,
        open=bool(facts.get("open")),
        locale=locale or "sv",
    )
