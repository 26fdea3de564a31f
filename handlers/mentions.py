"""Accounts that a text names, as platforms name them (`@U024BE7LH`), by the names of their people."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from sqlmodel import Session

from handlers.message import Incoming
from handlers.people import recognise

MOST = 10
"""Accounts looked up in one message."""


def with_names(session: Session, incoming: Incoming) -> Incoming:
    """Each `@account` as the handle `@"Eva Ek"`; an account that is linked to nobody stays as it is."""
    text = incoming.text
    for account in incoming.mentions[:MOST]:
        known = recognise(session, replace(incoming.sender, external_id=account))
        if known:
            text = re.sub(rf"@{re.escape(account)}(?!\w)", partial(_handle, known.person.name), text)
    return replace(incoming, text=text)


def _handle(name: str, _found: re.Match[str]) -> str:
    return '@"{}"'.format(name.replace('"', ""))
