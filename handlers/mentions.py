"""Accounts that a text names, as platforms name them (`@U024BE7LH`), by the names of their people."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from sqlmodel import Session, select

from handlers.message import MOST_MENTIONS, Incoming, Mentioned, StrangerError
from handlers.people import recognise
from storage.tables import Person


def with_names(session: Session, incoming: Incoming) -> Incoming | None:
    """Each `@account` as the handle `@"Eva Ek"`; None where nobody knows whose one of them is.

    Raises StrangerError where the platform can say it and has not.
    """
    if len(incoming.mentions) > MOST_MENTIONS:
        return None
    names = {account: _name(session, incoming, account) for account in incoming.mentions}
    nameless = [account for account, name in names.items() if not name]
    unsaid = [account for account in nameless if incoming.mentions[account] is None]
    if unsaid:
        raise StrangerError(*unsaid)
    if nameless:
        return None
    return replace(incoming, text=_worded(incoming.text, names))


def _name(session: Session, incoming: Incoming, account: str) -> str:
    """The roster's word goes before the workspace's."""
    known = recognise(session, replace(incoming.sender, external_id=account))
    if known:
        return known.person.name
    mentioned = incoming.mentions[account] or Mentioned()
    theirs = select(Person.name).where(Person.email == mentioned.email.casefold())
    listed = session.exec(theirs).first() if mentioned.email else None
    return listed or " ".join(mentioned.name.replace('"', "").split())


def _worded(text: str, names: dict[str, str]) -> str:
    for account, name in names.items():
        text = re.sub(rf"@{re.escape(account)}(?!\w)", partial(_handle, name.replace('"', "")), text)
    return text


def _handle(name: str, _found: re.Match[str]) -> str:
    return f'@"{name}"'
