"""How fast one person may write. Beyond it nothing is saved, and they are told so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from handlers.context import Context
from handlers.linking import account_of
from handlers.message import Incoming, IncomingKind, Message, Reply
from handlers.words import say_to
from storage.columns import columns
from storage.lists import written
from storage.prepared import Prepared
from storage.tables import Inbox, Outbox

MINUTE: Final = timedelta(minutes=1)
TOLD: Final = "too_fast"
QUIET: Final = "too_fast_quiet"
"""What became of a line that was held back: the person was told, or had been told a moment before."""

_I, _O = columns(Inbox), columns(Outbox)
_WRITTEN: Final = (IncomingKind.TEXT, IncomingKind.EDIT)
"""What counts. Who has forty confirmations to tick presses forty buttons, and each has its owner anyway."""

_COUNTED = Prepared(
    select(
        func.count().filter(_I.outcome.not_in(written(TOLD, QUIET))), func.count().filter(_I.outcome == TOLD)
    ).where(
        _I.person_id == bindparam("person"),
        _I.said_at > bindparam("after"),
        _I.said_at <= bindparam("until"),
        _I.kind.in_(written(*_WRITTEN)),
    )
)
"""Saved, and told to wait. Prepared: every line of everybody asks it."""


def hold_back(context: Context, most: int) -> Reply | None:
    """The answer to a line beyond `most` in the minute before it; None when it may pass. 0: no limit.

    Counted by when the lines were *written*: what waited while the bot was down comes all at once, and was
    not written so. One read of an index, whose rows are those of one person's one minute.
    """
    incoming = context.incoming
    if not most or incoming.kind not in _WRITTEN:
        return None
    about = {"person": context.person_id, "after": incoming.at - MINUTE, "until": incoming.at}
    ((saved, told),) = _COUNTED.rows(context.session, about)
    if saved < most:
        return None
    if told and not incoming.inline:
        return Reply(Message(""), QUIET)
    return context.say("pace.held", TOLD)


def hold_stranger(session: Session, incoming: Incoming, now: datetime, most: int) -> Reply | None:
    """The same for an account of nobody we know, counted by the answers it was given; None when it may pass.

    The answers lie under the account in the outbox's UNIQUE key, so that they too are found by an index. An
    answer in the same exchange leaves no row there, and needs no limit.
    """
    if not most or incoming.inline:
        return None
    answered = session.execute(
        select(func.count()).where(
            _O.recipient == account_of(incoming.sender),
            _O.kind == "reply",
            _O.created_at > now - MINUTE,
        )
    ).scalar_one()
    if answered < most:
        return None
    if answered > most:  # the one that told of it is among them
        return Reply(Message(""), QUIET)
    return Reply(Message(say_to("", "pace.stranger")), TOLD)
