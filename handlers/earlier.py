"""What an earlier version of the same chat message had brought about."""

from __future__ import annotations

from sqlmodel import col, select

from handlers.context import Context
from storage.tables import Inbox


def brought_about(kind: str, context: Context) -> int | None:
    """The number of the "entry" or "concern" that this message, before it was edited, was answered about."""
    incoming = context.incoming
    subject = context.session.exec(
        select(Inbox.subject)
        .where(
            Inbox.platform == incoming.sender.platform,
            Inbox.workspace == incoming.sender.workspace,
            Inbox.message_ref == incoming.message_ref,
            Inbox.person_id == context.person.id,
            col(Inbox.subject).startswith(f"{kind}:"),
        )
        .order_by(col(Inbox.id).desc())
        .limit(1)
    ).first()
    return int(subject.partition(":")[2]) if subject else None
