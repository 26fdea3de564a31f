"""The one way in: every update of every platform passes here, in one transaction with one commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlmodel import Session

from handlers import golive
from handlers.commands.table import handle
from handlers.context import Context
from handlers.envelope import pack, unpack
from handlers.linking import greet_stranger
from handlers.message import Incoming, IncomingKind, Message, Reply
from handlers.people import Known, recognise
from handlers.words import Words
from schedules.outgoing import PRIORITIES
from schedules.zone import to_local
from storage.columns import columns, table
from storage.engine import insert, writing
from storage.tables import Identity, Inbox, Outbox, OutboxState


def receive(engine: Engine, incoming: Incoming, now: datetime, zone: str = "Europe/Stockholm") -> Reply:
    """Take in one update: commit its inbox row, its effect and its answer together, and return the answer.

    `now` is an aware moment. A repeated delivery changes nothing and gets the same answer again. When this
    raises, nothing was written, and the platform must not say that it was received.
    """
    with writing(engine) as session:
        inbox_id = _take(session, incoming, now)
        if inbox_id is None:
            return _again(session, incoming)
        known = recognise(session, incoming.sender)
        reply = _answer(session, known, incoming, inbox_id, now, zone)
        _keep(session, inbox_id, known, reply)
        return reply if incoming.inline else _queue(session, inbox_id, known, incoming, reply, now)


_I, _ID = columns(Inbox), columns(Identity)


def _take(session: Session, incoming: Incoming, now: datetime) -> int | None:
    """Write the inbox row; None when this delivery was taken before: the UNIQUE key decides, no look-up."""
    row = {
        "platform": incoming.sender.platform,
        "workspace": incoming.sender.workspace,
        "delivery_key": incoming.delivery_key,
        "message_ref": "" if incoming.kind is IncomingKind.PRESS else incoming.message_ref,
        "kind": incoming.kind,
        "received_at": now,
        "outcome": "",
        "subject": "",
    }
    statement = insert(session)(table(Inbox)).values(row).on_conflict_do_nothing()
    return session.execute(statement.returning(_I.id)).scalar_one_or_none()


def _again(session: Session, incoming: Incoming) -> Reply:
    kept = session.execute(
        select(_I.reply, _I.outcome).where(
            _I.platform == incoming.sender.platform,
            _I.workspace == incoming.sender.workspace,
            _I.delivery_key == incoming.delivery_key,
        )
    ).one()
    message = unpack(kept.reply) if kept.reply else Message(Words().say("unknown.handled"))
    return Reply(message, kept.outcome, repeated=True)


def _answer(
    session: Session, known: Known | None, incoming: Incoming, inbox_id: int, now: datetime, zone: str
) -> Reply:
    if known is None:
        return greet_stranger(session, incoming, now)
    if not known.chat and incoming.private:  # linked through the roster, and this is the first we hear
        golive.ask_once(session, known.person, now)
    _remember_chat(session, known, incoming)
    said_at = to_local(incoming.at, zone)
    context = Context(
        session=session,
        now=now,
        said_at=said_at,
        zone=zone,
        person=known.person,
        incoming=incoming,
        inbox_id=inbox_id,
        words=Words(known.person.locale, said_at.date()),
    )
    return handle(context)


def _remember_chat(session: Session, known: Known, incoming: Incoming) -> None:
    """Keep where the person is reached privately; somebody who writes again has not blocked us."""
    chat = incoming.sender.address if incoming.private else known.chat
    if chat and (chat != known.chat or known.disabled):
        session.execute(
            update(table(Identity))
            .where(_ID.id == known.identity_id)
            .values(chat=chat, disabled_at=None, disabled_reason=None)
        )


def _keep(session: Session, inbox_id: int, known: Known | None, reply: Reply) -> None:
    session.execute(
        update(table(Inbox))
        .where(_I.id == inbox_id)
        .values(
            person_id=known.person.id if known else None,
            outcome=reply.outcome,
            subject=str(reply.facts.get("subject", "")),
            reply=pack(reply.message),
        )
    )


def _queue(
    session: Session, inbox_id: int, known: Known | None, incoming: Incoming, reply: Reply, now: datetime
) -> Reply:
    """Put the answer in the outbox of the same transaction: a crash before the sending loses no answer."""
    sender = incoming.sender
    account = f"{sender.platform}:{sender.workspace}:{sender.external_id}"
    row = Outbox(
        recipient=f"person:{known.person.id}" if known else account[:340],
        person_id=known.person.id if known else None,
        kind="reply",
        subject=f"inbox:{inbox_id}",
        facts={"inbox": inbox_id, "external_id": sender.external_id, "open": not incoming.private},
        priority=PRIORITIES["reply"],
        created_at=now,
        due_at=now,
        next_at=now,
        state=OutboxState.PENDING,
        platform=sender.platform,
        workspace=sender.workspace,
        address=sender.address,
    )
    session.add(row)
    session.flush()
    return replace(reply, ticket=row.id)
