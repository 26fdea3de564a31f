"""The one way in: every update of every platform passes here, in one transaction with one commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final

from sqlalchemy import Engine, bindparam, select, update
from sqlmodel import Session

from handlers import affairs, golive, pace, reach
from handlers.commands.table import handle
from handlers.context import Context
from handlers.desk import desk_of
from handlers.envelope import pack, unpack
from handlers.linking import account_of, greet_stranger, link_by_email
from handlers.mentions import with_names
from handlers.message import Incoming, IncomingKind, Message, Reply, StrangerError
from handlers.papers.attach import with_papers
from handlers.people import Known, recognise
from handlers.words import Words
from schedules.outbox.outgoing import waiting
from schedules.zone import to_local
from storage.columns import columns, table
from storage.engine import insert, reading, writing
from storage.prepared import Prepared
from storage.tables import Identity, Inbox, Outbox
from storage.turns import Patience

FARTHEST: Final = timedelta(days=366)
"""A moment farther from ours than this is no clock's: "idag" in it would be a day of another life, and at the
calendar's very end there is no local time for it. The line is taken as said now."""


def receive(
    engine: Engine,
    incoming: Incoming,
    now: datetime,
    zone: str = "Europe/Stockholm",
    public_url: str = "",
    lines_a_minute: int = 0,
    patience: Patience | None = None,
) -> Reply:
    """Take in one update: commit its inbox row, its effect and its answer together, and return the answer.

    `now` is an aware moment, `public_url` where people reach this server from outside, if they do. One
    person's lines beyond `lines_a_minute` are not acted upon (0: no limit); nothing is waited for beyond
    `patience`. A repeated delivery changes nothing and gets the same answer again. When this raises, nothing
    was written, and the platform must not say that it was received. Raises StrangerError where the platform
    can say whose an account is.
    """
    if abs(incoming.at - now) > FARTHEST:
        incoming = replace(incoming, at=now)
    affected = partial(affairs.of_sender, sender=incoming.sender)
    with writing(engine, about=affected, patience=patience) as session:
        reply = _taken(session, incoming, now, zone, public_url, lines_a_minute)
    if incoming.inline and reply.message.papers:
        return _with_papers(engine, incoming, reply, now, zone)
    return reply


def _with_papers(engine: Engine, incoming: Incoming, reply: Reply, now: datetime, zone: str) -> Reply:
    """Drawn once all is written, so that nobody waits for it; else it is drawn at the sending."""
    with reading(engine) as session:
        known = recognise(session, incoming.sender)
        if known is None:
            return reply
        message = with_papers(desk_of(session, known.person, now, zone), reply.message)
    return replace(reply, message=message)


def _taken(
    session: Session, incoming: Incoming, now: datetime, zone: str, public_url: str, most: int
) -> Reply:
    inbox_id = _take(session, incoming, now)
    if inbox_id is None:
        return _again(session, incoming)
    if incoming.kind in reach.KINDS:
        news = reach.take(session, incoming, now)
        _keep(session, inbox_id, None, news, inline=True)
        return news
    known = recognise(session, incoming.sender)
    if known is None and incoming.sender.email is None:
        raise StrangerError(incoming.sender.external_id)
    linked = None if known else link_by_email(session, incoming, now)
    reply = _answer(session, known or linked, incoming, inbox_id, now, zone, public_url, most)
    if linked:
        known, reply = linked, _welcomed(linked, reply)
    shown = _is_shown_at_once(incoming, reply)
    _keep(session, inbox_id, known, reply, inline=shown)
    if shown:
        return replace(reply, locale=known.person.locale) if known else reply
    _queue(session, inbox_id, known, incoming, reply, now)
    return reply


def _is_shown_at_once(incoming: Incoming, reply: Reply) -> bool:
    """Whether the platform shows it in this very exchange (inline, a form, its faults), or not at all."""
    formed = incoming.forms and reply.message.form is not None
    return incoming.inline or bool(reply.errors) or formed or reply.outcome == pace.QUIET


_I, _ID = columns(Inbox), columns(Identity)
_KEEPING = Prepared(update(table(Inbox)).where(_I.id == bindparam("this")))
_QUEUING = Prepared(table(Outbox).insert())
_ON_OURS = (IncomingKind.PRESS, IncomingKind.FORM)
"""Kinds whose `message_ref` is the bot's own message: no edit of it will ever come."""


def _take(session: Session, incoming: Incoming, now: datetime) -> int | None:
    """Write the inbox row; None when this delivery was taken before: the UNIQUE key decides, no look-up."""
    row = {
        "platform": incoming.sender.platform,
        "workspace": incoming.sender.workspace,
        "delivery_key": incoming.delivery_key,
        "message_ref": "" if incoming.kind in _ON_OURS else incoming.message_ref,
        "kind": incoming.kind,
        "received_at": now,
        "said_at": incoming.at,
        "outcome": "",
        "subject": "",
    }
    taken: int | None = _taking(insert(session)).value(session, row)
    return taken


@cache
def _taking(made: Callable[..., Any]) -> Prepared:
    """Built once for each engine: every message says it."""
    return Prepared(made(table(Inbox)).on_conflict_do_nothing().returning(_I.id))


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
    session: Session,
    known: Known | None,
    incoming: Incoming,
    inbox_id: int,
    now: datetime,
    zone: str,
    public_url: str,
    most: int,
) -> Reply:
    if known is None:
        return pace.hold_stranger(session, incoming, now, most) or greet_stranger(session, incoming, now)
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
        training=known.training,
        public_url=public_url,
    )
    return pace.hold_back(context, most) or _handled(context)


def _handled(context: Context) -> Reply:
    """A line that may pass; only for such a one the platform is asked whom it mentions."""
    if not context.incoming.mentions:
        return handle(context)
    named = with_names(context.session, context.incoming)
    return handle(replace(context, incoming=named)) if named else context.say("ask.whose", "asked")


def _welcomed(linked: Known, reply: Reply) -> Reply:
    """Who was linked by their e-mail is told, before the answer to what they wrote."""
    words = Words(linked.person.locale)
    text = f"{words.say('link.by_email', name=linked.person.name)}\n\n{reply.message.text}"
    return replace(reply, message=replace(reply.message, text=text))


def _remember_chat(session: Session, known: Known, incoming: Incoming) -> None:
    """Keep where the person is reached privately; somebody who writes again has not blocked us."""
    chat = incoming.sender.address if incoming.private else known.chat
    if chat and (chat != known.chat or known.disabled):
        session.execute(
            update(table(Identity))
            .where(_ID.id == known.identity_id)
            .values(chat=chat, disabled_at=None, disabled_reason=None)
        )


def _keep(session: Session, inbox_id: int, known: Known | None, reply: Reply, *, inline: bool) -> None:
    """Keep the answer for a repeated delivery; a secret one only for as long as it waits to be sent."""
    session.flush()
    kept = {
        "this": inbox_id,
        "person_id": known.person.id if known else None,
        "outcome": reply.outcome,
        "subject": str(reply.facts.get("subject", "")),
        "reply": None if inline and reply.message.secret else pack(reply.message),
    }
    _KEEPING.write(session, kept)


def _queue(
    session: Session, inbox_id: int, known: Known | None, incoming: Incoming, reply: Reply, now: datetime
) -> None:
    """Put the answer in the outbox of the same transaction: a crash before the sending loses no answer."""
    sender = incoming.sender
    facts = {"inbox": inbox_id, "external_id": sender.external_id, "open": not incoming.private}
    if reply.message.secret:
        facts["forget"] = True
    row = waiting(
        *("reply", f"inbox:{inbox_id}", now, now),
        recipient=f"person:{known.person.id}" if known else account_of(sender),
        person_id=known.person.id if known else None,
        facts=facts,
        platform=sender.platform,
        workspace=sender.workspace,
        address=sender.address,
    )
    session.flush()
    _QUEUING.write(session, row)
