"""Earlier messages: another version of this one, and the one that the same person sent before it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, func, select

from handlers.context import Context
from handlers.message import IncomingKind
from schedules.zone import to_local
from storage.states import IS_REFERRED
from storage.tables import Inbox


def written_at(context: Context) -> datetime:
    """When a message was first sent, in local time: "idag" in it stays that day, whenever it is edited."""
    incoming = context.incoming
    first = context.session.exec(
        select(func.min(Inbox.said_at)).where(
            Inbox.platform == incoming.sender.platform,
            Inbox.workspace == incoming.sender.workspace,
            Inbox.message_ref == incoming.message_ref,
            IS_REFERRED,
            Inbox.person_id == context.person.id,
        )
    ).first()
    return to_local(first, context.zone) if first else context.said_at


def brought_about(kind: str, context: Context) -> int | None:
    """The number of the "entry", "booking" … that this message, before it was edited, was answered about."""
    incoming = context.incoming
    subject = context.session.exec(
        select(Inbox.subject)
        .where(
            Inbox.platform == incoming.sender.platform,
            Inbox.workspace == incoming.sender.workspace,
            Inbox.message_ref == incoming.message_ref,
            IS_REFERRED,
            Inbox.person_id == context.person.id,
            col(Inbox.subject).startswith(f"{kind}:"),
        )
        .order_by(col(Inbox.id).desc())
        .limit(1)
    ).first()
    return int(subject.partition(":")[2]) if subject else None


def before_this(context: Context) -> Inbox | None:
    """What this person wrote or pressed last before this; a look at the home page counts for nothing."""
    return context.session.exec(
        select(Inbox)
        .where(
            Inbox.person_id == context.person_id,
            Inbox.id != context.inbox_id,
            Inbox.kind != IncomingKind.HOME,
        )
        .order_by(col(Inbox.id).desc())
        .limit(1)
    ).first()
