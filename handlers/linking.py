"""Linking: a single-use code ties an account to a person. Never a display name."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from handlers import golive
from handlers.language.reader import read
from handlers.message import Incoming, IncomingKind, Message, Reply, Sender
from handlers.people import Known, own_training
from handlers.words import Words, say_to
from schedules.zone import to_local
from storage.tables import Audit, Identity, LeftAccount, LinkCode, LinkTry, Person

VALID = timedelta(minutes=10)
TRIES = 5
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No 0 O 1 I: a code is read aloud and typed on a phone. Eight of these are 40 bits."""


def invite(session: Session, person: Person, now: datetime) -> str:
    """Make a code for a person, valid ten minutes, once. Only its hash is stored."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(8))
    session.add(LinkCode(person_id=person.id or 0, code_hash=_hash(code), expires_at=now + VALID))
    session.add(Audit(at=now, act="invited", subject=f"person:{person.id}"))
    return code


def greet_stranger(session: Session, incoming: Incoming, now: datetime) -> Reply:
    """Answer somebody who is not linked: take a code if one was written, else say how to get one.

    Nobody knows yet which language they read, so every answer but the welcome is in each.
    """
    found = read(incoming.text, to_local(now, "UTC")) if incoming.kind is IncomingKind.TEXT else None
    if found is None or found.intent != "link":
        key = "unknown.stranger" if found is None or found.intent != "refused" else f"refused.{found.reason}"
        return Reply(Message(say_to("", key)), "stranger")
    return link(session, _in_private(incoming), found.note or "", now)


def _in_private(incoming: Incoming) -> Sender:
    """The sender, with no address where others read along: what is told later must not be told there."""
    return incoming.sender if incoming.private else replace(incoming.sender, address="")


def link(session: Session, sender: Sender, code: str, now: datetime) -> Reply:
    """Tie the sender's account to the person whose code it is. Five wrong ones and the account waits."""
    account = account_of(sender)
    if _tries(session, account, now) >= TRIES:
        return Reply(Message(say_to("", "link.wait")), "link_refused")
    found = session.exec(
        select(LinkCode).where(
            LinkCode.code_hash == _hash(code), col(LinkCode.used_at).is_(None), col(LinkCode.expires_at) > now
        )
    ).first()
    if found is None:
        session.add(LinkTry(account=account, at=now))
        return Reply(Message(say_to("", "link.wrong")), "link_refused")
    return _tie(session, sender, found, account, now)


def _tie(session: Session, sender: Sender, code: LinkCode, account: str, now: datetime) -> Reply:
    person = session.get_one(Person, code.person_id)
    code.used_at = now
    session.add(code)
    session.execute(delete(LinkTry).where(col(LinkTry.account) == account))
    session.execute(delete(LeftAccount).where(col(LeftAccount.account) == account))
    _identity(session, person, sender, now)
    golive.ask_once(session, person, now)
    return Reply(Message(Words(person.locale).say("link.done", name=person.name)), "linked")


def link_by_email(session: Session, incoming: Incoming, now: datetime) -> Known | None:
    """Tie an account by the e-mail that its workspace has confirmed, if the roster has it.

    A code goes before it, and who unlinked by hand is linked by a code alone.
    """
    sender = _in_private(incoming)
    account = account_of(sender)
    has_left = session.get(LeftAccount, account) is not None
    if not sender.email or has_left or _is_code(incoming, now):
        return None
    person = session.exec(select(Person).where(Person.email == sender.email.casefold())).first()
    if person is None:
        return None
    identity = _identity(session, person, sender, now)
    golive.ask_once(session, person, now)
    return Known(
        person, identity.id or 0, identity.chat, disabled=False, training=own_training(session, person)
    )


def _is_code(incoming: Incoming, now: datetime) -> bool:
    is_text = incoming.kind is IncomingKind.TEXT
    return is_text and read(incoming.text, to_local(now, "UTC")).intent == "link"


def account_of(sender: Sender) -> str:
    """An account's name, as tries and what was left are kept under it."""
    return f"{sender.platform}:{sender.workspace}:{sender.external_id}"[:340]


def _identity(session: Session, person: Person, sender: Sender, now: datetime) -> Identity:
    identity = Identity(
        person_id=person.id or 0,
        platform=sender.platform,
        workspace=sender.workspace,
        external_id=sender.external_id,
        chat=sender.address,
        linked_at=now,
    )
    session.add(identity)
    session.add(Audit(at=now, actor_id=person.id, act="linked", subject=f"person:{person.id}"))
    session.flush()
    return identity


def _tries(session: Session, account: str, now: datetime) -> int:
    return session.exec(
        select(func.count())
        .select_from(LinkTry)
        .where(LinkTry.account == account, col(LinkTry.at) > now - VALID)
    ).one()


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
