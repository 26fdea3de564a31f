"""Messages that arrive after what was said about them: an undo, an edit or a deletion that was faster.

A platform whose delivery failed tries again minutes later, and what was written meanwhile comes first. What
people wrote last holds (reliability.md, N5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from handlers.context import Context
from handlers.language.command import Command
from handlers.message import IncomingKind, Reply
from storage.columns import columns
from storage.prepared import Prepared
from storage.tables import Inbox

UNDONE: Final = ("undone", "undone_none", "question_dropped")
"""Outcomes of `ångra`, whether it found something or not."""
_SAVING: Final = frozenset({"log", "book", "absence", "placement", "concern"})
_AFTERWARDS: Final = (IncomingKind.EDIT, IncomingKind.DELETE)
_RECENT = 20
"""How many of one's own latest messages may have overtaken this one."""


def read_late(command: Command, context: Context) -> Reply | None:
    """The answer to a line that would save something, had it not been taken back or replaced already."""
    if command.intent not in _SAVING or context.incoming.kind is not IncomingKind.TEXT:
        return None
    heard = _heard(context)
    if any(row.message_ref == context.incoming.message_ref and row.kind in _AFTERWARDS for row in heard):
        return context.say("overtaken.replaced", "overtaken")
    written = [row for row in heard if row.kind == IncomingKind.TEXT and row.moment > context.incoming.at]
    if written and min(written, key=lambda row: row.moment).outcome in UNDONE:
        return context.say("overtaken.undone", "overtaken")
    return None


_I = columns(Inbox)
_HEARD = Prepared(
    select(_I.kind, _I.message_ref, _I.outcome, func.coalesce(_I.said_at, _I.received_at).label("moment"))
    .where(_I.person_id == bindparam("person"), _I.id != bindparam("this"))
    .order_by(_I.id.desc())
    .limit(_RECENT)
)
"""Built once: every log asks it."""


def _heard(context: Context) -> Sequence[Any]:
    """What the bot has heard from this person before this message, the latest first."""
    about = {"person": context.person.id, "this": context.inbox_id}
    return _HEARD.rows(context.session, about)
