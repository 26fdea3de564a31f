"""Accounts and people: which are linked, unlinking one, inviting a supervisor, who is not linked yet."""

from __future__ import annotations

import re
from typing import Final

from sqlmodel import Session, col, select

from handlers import stays
from handlers.context import Context
from handlers.language.command import Command
from handlers.linking import account_of, invite
from handlers.message import Reply, Sender
from handlers.people import named, trainees_in, units_of
from schedules.naming import alphabetical
from schedules.standings import refresh
from storage.tables import (
    NAMELESS,
    Identity,
    LeftAccount,
    Pairing,
    Person,
    Placement,
    Role,
    RoleName,
    Trainee,
    Unit,
)

INVITES: Final = (RoleName.STUDIEREKTOR,)
CARES: Final = (RoleName.STUDIEREKTOR, RoleName.SECRETARY)
MOST: Final = 40
_INVITED = re.compile(
    r"(?P<email>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"
    r"\s+(?:som handledare (?:för|åt|till)|as supervisor (?:for|of))\s+(?P<name>\S.{0,80})",
    re.IGNORECASE,
)


def mine(_command: Command, context: Context) -> Reply:
    """`mina kopplingar`: where one is linked, and which is preferred."""
    lines = [_line(identity, context) for identity in _accounts(context)]
    text = "\n".join([context.words.say("links.head"), *lines, context.words.say("links.foot")])
    return context.reply(text, "links")


def _accounts(context: Context) -> list[Identity]:
    found = select(Identity).where(Identity.person_id == context.person.id)
    return list(context.session.exec(found.order_by(col(Identity.linked_at), col(Identity.id))).all())


def _line(identity: Identity, context: Context) -> str:
    words = context.words
    here = context.incoming.sender
    at = (identity.platform, identity.external_id) == (here.platform, here.external_id)
    marks = [words.say("links.here")] if at else []
    marks += [words.say("links.preferred")] if identity.platform == context.person.prefers else []
    marks += [words.say("links.lost")] if identity.disabled_at else []
    since = words.day(identity.linked_at.date())
    platform = identity.platform.capitalize()
    line = words.say("links.line", platform=platform, day=since)
    return f"{line} ({', '.join(marks)})" if marks else line


def unlink(command: Command, context: Context) -> Reply:
    """`koppla bort`, `koppla bort telegram`: this account, or those on a platform."""
    wanted, here = (command.note or "").casefold(), context.incoming.sender
    theirs = [
        each
        for each in _accounts(context)
        if each.platform == wanted
        or (not wanted and (each.platform, each.external_id) == (here.platform, here.external_id))
    ]
    if not theirs:
        return context.say("links.unknown", "nothing")
    for identity in theirs:
        forget_account(identity, context)
    if context.person.prefers == theirs[0].platform:
        context.person.prefers = None
        context.session.add(context.person)
    context.note("unlinked", f"person:{context.person_id}", platform=theirs[0].platform)
    return context.say("links.left", "unlinked", platform=theirs[0].platform.capitalize())


def forget_account(identity: Identity, context: Context) -> None:
    """Only a code links it again, also where the workspace knows its e-mail."""
    here = context.incoming.sender
    workspace = here.workspace if identity.platform == here.platform else identity.workspace
    account = account_of(Sender(identity.platform, identity.external_id, identity.workspace or workspace))
    if context.session.get(LeftAccount, account) is None:
        context.session.add(LeftAccount(account=account, left_at=context.now))
    context.session.delete(identity)
    context.session.flush()


def invited(command: Command, context: Context) -> Reply:
    """`bjud in lars@exempel.se som handledare för Anna`: by the studierektor of Anna's unit alone."""
    units = units_of(context.session, context.person, INVITES)
    if not units:
        return context.say("refused.may_not", "refused")
    asked = _INVITED.fullmatch((command.note or "").strip())
    if asked is None:
        return context.say("invite.how", "asked")
    hits = named(trainees_in(context.session, units), asked["name"])
    if len(hits) != 1:
        return context.say("invite.whom", "asked", name=asked["name"])
    return _invite(asked["email"].casefold(), *hits[0], context)


def _invite(email: str, trainee: Trainee, person: Person, context: Context) -> Reply:
    supervisor = _supervisor(email, trainee, context)
    if supervisor.id == person.id:
        return context.say("invite.how", "asked")
    _pair(supervisor, trainee, context)
    refresh(context.session, trainee.id or 0, context.now, "roster")
    code = invite(context.session, supervisor, context.now)
    context.note("invited_supervisor", f"trainee:{trainee.id}", supervisor=supervisor.id)
    return context.say("invite.done", "invited", email=email, name=person.name, code=code)


def _supervisor(email: str, trainee: Trainee, context: Context) -> Person:
    """The person of the roster with this e-mail, else a new one; a supervisor at the trainee's unit."""
    session = context.session
    person = session.exec(select(Person).where(Person.email == email)).first()
    if person is None:
        name = " ".join(part.capitalize() for part in re.split(r"[._-]", email.split("@")[0]) if part)
        person = Person(email=email, name=name[:200] or email, created_at=context.now)
        session.add(person)
        session.flush()
    held = select(Role.id).where(
        Role.person_id == person.id, Role.role == RoleName.SUPERVISOR, Role.unit_id == trainee.unit_id
    )
    if session.exec(held).first() is None:
        session.add(Role(person_id=person.id or 0, role=RoleName.SUPERVISOR, unit_id=trainee.unit_id))
        session.flush()
    return person


def _pair(supervisor: Person, trainee: Trainee, context: Context) -> None:
    """For the placement that has no supervisor of the roster yet, else from today on; never twice."""
    session = context.session
    placement = _placement(session, trainee, context)
    if placement is not None:
        stays.pair_up(session, placement, supervisor)
        return
    there = select(Pairing.id).where(
        Pairing.trainee_id == trainee.id,
        Pairing.supervisor_id == supervisor.id,
        col(Pairing.to_on).is_(None) | (col(Pairing.to_on) >= context.today),
    )
    if session.exec(there).first() is None:
        session.add(
            Pairing(
                trainee_id=trainee.id or 0,
                supervisor_id=supervisor.id or 0,
                kind="placement",
                from_on=context.today,
            )
        )
        session.flush()


def _placement(session: Session, trainee: Trainee, context: Context) -> Placement | None:
    return session.exec(
        select(Placement)
        .where(
            Placement.trainee_id == trainee.id,
            col(Placement.voided_at).is_(None),
            col(Placement.pairing_id).is_(None),
            Placement.to_on >= context.today,
        )
        .order_by(col(Placement.from_on))
        .limit(1)
    ).first()


def unlinked(_command: Command, context: Context) -> Reply:
    """`okopplade`: whom no platform reaches, for the secretary and the studierektor of their units."""
    units = units_of(context.session, context.person, CARES)
    if not units:
        return context.say("refused.may_not", "refused")
    context.note("list_seen", f"person:{context.person_id}", list="unlinked")
    people = _loose(context.session, units)
    if not people:
        return context.say("unlinked.none", "unlinked")
    lines = [context.words.say("unlinked.line", name=p.name, email=p.email) for p in people[:MOST]]
    head = context.words.say("unlinked.head", count=len(people))
    return context.reply("\n".join([head, *lines]), "unlinked")


def _loose(session: Session, units: list[Unit]) -> list[Person]:
    """Everybody with a role or a training at the units who has no account that is reached."""
    ids = [unit.id for unit in units]
    reached = select(Identity.person_id).where(col(Identity.disabled_at).is_(None))
    with_role = select(Role.person_id).where(col(Role.unit_id).in_(ids))
    in_training = select(Trainee.person_id).where(col(Trainee.unit_id).in_(ids))
    found = (
        select(Person)
        .where(
            col(Person.id).in_(with_role) | col(Person.id).in_(in_training),
            col(Person.id).not_in(reached),
            col(Person.email).not_like(f"%@{NAMELESS}"),
        )
        .order_by(col(Person.id))
    )
    return sorted(session.exec(found).all(), key=lambda person: alphabetical(person.name))
