"""Erasing a person: what was counted stays, who it was does not (decision 0018)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String, cast, delete, literal, or_, select, update
from sqlmodel import Session, SQLModel

from handlers.privacy.sweep import GONE, sweep
from schedules.calendar import DAY
from schedules.standings import refresh
from schedules.zone import to_local
from storage.columns import columns, table
from storage.people import forget_wishes
from storage.states import IS_PENDING
from storage.tables import (
    NAMELESS,
    Agenda,
    AssessmentRequest,
    Audit,
    Away,
    Booking,
    CalendarFeed,
    Concern,
    ConcernStep,
    Draft,
    Entry,
    Identity,
    Inbox,
    LeftAccount,
    LinkCode,
    LinkTry,
    Mute,
    Outbox,
    OutboxState,
    Pairing,
    Person,
    Placement,
    Remark,
    Role,
    Trainee,
    Transfer,
)

LONG_ENOUGH: Final = 8
"""A note of fewer characters is not looked for in kept answers: it would be found in others' words."""
_TOLD_OF: Final = (Identity, LinkCode, CalendarFeed, Draft, Agenda, Role, Away)


def erase(session: Session, person: Person, now: datetime, zone: str) -> int:
    """Take a person's name, address, accounts and words out of every table; returns the rows swept.

    Entries, bookings, placements, absences and trainings stay as figures of nobody. The training and
    the pairs end yesterday: nobody is shown a nameless trainee of theirs.
    """
    key, today = person.id or 0, to_local(now, zone).date()
    accounts = _accounts(session, key)
    training = session.execute(select(columns(Trainee).id).where(columns(Trainee).person_id == key)).scalar()
    written = _written(session, key, training)
    _empty_words(session, key, training)
    _forget_messages(session, key, now)
    for model in _TOLD_OF:
        _run(session, delete(table(model)).where(columns(model).person_id == key))
    _forget_accounts(session, accounts)
    _end(session, key, training, today, now)
    words = {person.name, person.email, *accounts, *written}
    person.email, person.name = f"{key}@{NAMELESS}", GONE
    forget_wishes(person)
    session.add(person)
    swept = sweep(session, words)
    session.add(Audit(at=now, act="erased", subject=f"person:{key}", facts={"swept": swept}))
    if training is not None:
        refresh(session, training, now, "erased")
    return swept


def _run(session: Session, statement: Any) -> None:
    session.flush()
    session.execute(statement, execution_options={"synchronize_session": "fetch"})


def _accounts(session: Session, key: int) -> set[str]:
    """Every id and address the person was written to, also on accounts that were unlinked since."""
    i, o = columns(Identity), columns(Outbox)
    linked = session.execute(select(i.external_id, i.chat).where(i.person_id == key)).all()
    wrote = session.execute(select(o.facts, o.address).where(o.person_id == key)).all()
    found = {part for row in linked for part in row}
    found |= {part for facts, address in wrote for part in (facts.get("external_id"), address)}
    return {str(part) for part in found if part}


def _mine(model: type[SQLModel], key: int, training: int | None, author: str = "") -> ColumnElement[bool]:
    """The rows of one's own training, and those one wrote where `author` names the column."""
    c = columns(model)
    own = c.trainee_id == training if training is not None else literal(value=False)
    return or_(own, c[author] == key) if author else own


def _chains(training: int | None) -> Any:
    return select(columns(Entry).chain_id).where(columns(Entry).trainee_id == training)


def _of_remarks(key: int, training: int | None) -> ColumnElement[bool]:
    c = columns(Remark)
    return or_(c.author_id == key, c.chain_id.in_(_chains(training)))


def _of_concerns(key: int, training: int | None) -> ColumnElement[bool]:
    c, step = columns(Concern), columns(ConcernStep)
    about = select(c.id).where(_mine(Concern, key, training, "raised_by"))
    return or_(step.written_by == key, step.concern_id.in_(about))


def _written(session: Session, key: int, training: int | None) -> set[str]:
    """The words that are taken out, to be looked for in kept answers and questions too."""
    asked = [
        select(columns(model).note).where(_mine(model, key, training))
        for model in (Entry, Booking, AssessmentRequest)
    ]
    asked.append(select(columns(Placement).place).where(_mine(Placement, key, training)))
    asked.append(select(columns(Remark).text).where(_of_remarks(key, training)))
    asked.append(select(columns(Concern).text).where(_mine(Concern, key, training, "raised_by")))
    asked.append(select(columns(Mute).reason).where(_mine(Mute, key, training, "written_by")))
    found = {text for each in asked for text in session.execute(each).scalars()}
    return {text for text in found if text and len(text) >= LONG_ENOUGH}


def _empty_words(session: Session, key: int, training: int | None) -> None:
    """Notes, people, places, remarks and reasons; what was counted is not touched."""
    said: Sequence[tuple[type[SQLModel], ColumnElement[bool], dict[str, Any]]] = (
        (Entry, _mine(Entry, key, training), {"note": None, "people": [], "imported": None}),
        (Booking, _mine(Booking, key, training), {"note": None}),
        (AssessmentRequest, _mine(AssessmentRequest, key, training), {"note": None}),
        (Placement, _mine(Placement, key, training), {"place": GONE, "supervisor_name": None}),
        (Mute, _mine(Mute, key, training, "written_by"), {"reason": GONE}),
        (Remark, _of_remarks(key, training), {"text": GONE}),
        (Concern, _mine(Concern, key, training, "raised_by"), {"text": GONE, "look_at": None}),
        (ConcernStep, _of_concerns(key, training), {"text": None}),
        (Transfer, _mine(Transfer, key, training), {"history": None, "from_unit": GONE}),
    )
    for model, mine, values in said:
        _run(session, update(table(model)).where(mine).values(values))


def _forget_messages(session: Session, key: int, now: datetime) -> None:
    """What came in and went out: that it did stays, from where, to where and what not."""
    i, o = columns(Inbox), columns(Outbox)
    number = literal("erased:") + cast(i.id, String)
    inbox = {"delivery_key": number, "message_ref": "", "workspace": "", "reply": None}
    _run(session, update(table(Inbox)).where(i.person_id == key).values(inbox))
    waiting = {"state": OutboxState.SKIPPED, "ended_at": now, "lease_until": None, "lease_token": None}
    pending = update(table(Outbox)).where(o.person_id == key, IS_PENDING)
    _run(session, pending.values(waiting))
    sent = {"facts": {}, "reason": "erased", "address": "", "workspace": "", "reference": "", "sent_as": ""}
    named = {"recipient": literal("erased:") + cast(o.id, String)}
    _run(session, update(table(Outbox)).where(o.person_id == key).values({**sent, **named}))


def _forget_accounts(session: Session, accounts: set[str]) -> None:
    """Wrong codes of theirs, and what was remembered of accounts they had left."""
    for model in (LinkTry, LeftAccount):
        c = columns(model).account
        for account in accounts:
            _run(session, delete(table(model)).where(c.endswith(f":{account}", autoescape=True)))


def _end_pairs(session: Session, key: int, training: int | None, last: date) -> None:
    """One that has not begun by then lasts no day."""
    p = columns(Pairing)
    theirs = or_(p.supervisor_id == key, p.trainee_id == training)
    running = select(Pairing).where(theirs, or_(p.to_on.is_(None), p.to_on > last))
    for pair in session.scalars(running).all():
        pair.to_on = max(last, pair.from_on - DAY)
        session.add(pair)
    session.flush()


def _end(session: Session, key: int, training: int | None, today: date, now: datetime) -> None:
    """Nothing runs on: pairs, the training, what is booked and asked for."""
    b, a = columns(Booking), columns(AssessmentRequest)
    _end_pairs(session, key, training, today - DAY)
    booked = update(table(Booking)).where(b.trainee_id == training, b.state == "planned")
    _run(session, booked.values(state="cancelled", look_at=None))
    asked = update(table(AssessmentRequest)).where(or_(a.trainee_id == training, a.assessor_id == key))
    open_ = asked.where(a.ended_at.is_(None))
    _run(session, open_.values(state="withdrawn", ended_at=now, look_at=None))
    trainee = session.get(Trainee, training) if training is not None else None
    if trainee is not None:
        last = max(trainee.starts_on, today - DAY)
        trainee.ends_on = min(trainee.ends_on or last, last)
        session.add(trainee)
        session.flush()
