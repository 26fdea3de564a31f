"""Requested assessments in time: sent again after three and seven days, given up after fourteen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from schedules.calendar import SWEDEN
from schedules.choices import morning_of
from schedules.lives.life import Life
from schedules.lives.reading import load
from schedules.manners import speaking_time
from schedules.outbox.outgoing import Notice, queued, tell, withdraw
from schedules.zone import midnight, to_local, to_utc
from storage.tables import AssessmentRequest, Outbox, OutboxState, Trainee

AGAIN = (timedelta(days=3), timedelta(days=7))
GIVEN_UP = timedelta(days=14)
OPEN = ("sent", "reminded")


def subject_of(request: AssessmentRequest) -> str:
    """The outbox subject of everything said about a request."""
    return f"request:{request.id}"


def plan(session: Session, request: AssessmentRequest, now: datetime) -> None:
    """Set when the request is next looked at; None once it has ended."""
    life = load(session, request.trainee_id, now)
    ends = _ends(request, life)
    rounds = [_morning(session, request, life, _sent_on(request, life) + days) for days in AGAIN]
    moments = [at for at in rounds if at and at < ends] + [ends]
    later = [at for at in moments if at > now]
    request.look_at = min(later, default=None) if request.state in OPEN else None
    session.add(request)


def _sent_on(request: AssessmentRequest, life: Life) -> date:
    """The day on which it was sent: what is asked about may have taken place before it."""
    return to_local(request.asked_at, life.unit.timezone).date()


def _ends(request: AssessmentRequest, life: Life) -> datetime:
    return midnight(_sent_on(request, life) + GIVEN_UP, life.unit.timezone)


def _morning(session: Session, request: AssessmentRequest, life: Life, day: date) -> datetime | None:
    """The first morning from a day on with nobody away: nobody is nudged about an absent trainee."""
    own = session.exec(select(Trainee).where(Trainee.person_id == request.assessor_id)).first()
    assessor = load(session, own.id or 0, to_utc(life.local, life.unit.timezone)) if own else None

    def away(on: date) -> bool:
        return life.timeline.is_absent(on) or (assessor is not None and assessor.timeline.is_absent(on))

    morning = morning_of(session, request.assessor_id)
    at = speaking_time(datetime.combine(day, morning), SWEDEN, away, morning)
    return to_utc(at, life.unit.timezone) if at else None


def look(session: Session, now: datetime, most: int = 200) -> int:
    """Send again, or give up, what has waited long enough; returns how many were looked at."""
    due = session.exec(
        select(AssessmentRequest)
        .where(col(AssessmentRequest.look_at) <= now)
        .order_by(col(AssessmentRequest.look_at))
        .limit(most)
    ).all()
    for request in due:
        life = load(session, request.trainee_id, now)
        if now >= _ends(request, life):
            finish(session, request, "expired", now)
            tell_trainee(session, request, now, at=_waking(life, now))
        elif request.state in OPEN and _may_be_told(session, request, life, now):
            _again(session, request, life, now)
        plan(session, request, now)
    session.flush()
    return len(due)


def _waking(life: Life, now: datetime) -> datetime:
    """It is given up at midnight; the trainee reads of it when a reminder might come."""
    at = speaking_time(life.local, SWEDEN, life.timeline.is_absent)
    return to_utc(at, life.unit.timezone) if at else now


def _may_be_told(session: Session, request: AssessmentRequest, life: Life, now: datetime) -> bool:
    """Whether nobody has gone away, and no morning has moved, since it was planned."""
    at = _morning(session, request, life, life.local.date())
    return at is not None and at <= now


def _again(session: Session, request: AssessmentRequest, life: Life, now: datetime) -> None:
    """In the day's bundle, as every reminder: once for each round, after a downtime only the latest."""
    days = (life.local.date() - _sent_on(request, life)).days
    rounds = sum(days >= each.days for each in AGAIN)
    notice = Notice(
        person_id=request.assessor_id,
        kind="nudge",
        subject=subject_of(request),
        period=str(rounds),
        step="repeat",
        due_at=now,
        bundle=to_local(now, life.unit.timezone).date(),
        expires_at=_ends(request, life),
        facts={"request": request.id, "trainee": request.trainee_id, "requirement": "assessment"},
    )
    tell(session, notice, now)
    request.state = "reminded"
    show_in_place(session, request, now)


def finish(session: Session, request: AssessmentRequest, state: str, now: datetime) -> None:
    """It is done, declined, expired or withdrawn: nobody is asked any more."""
    request.state, request.ended_at, request.look_at = state, now, None
    session.add(request)
    for kind in ("nudge", "notice"):
        for row in queued(session, kind, [subject_of(request)]):
            withdraw(session, row, state, now)
    show_in_place(session, request, now)


def reopen(session: Session, request: AssessmentRequest, now: datetime) -> None:
    """The answer was taken back: the assessor may answer anew."""
    request.state, request.ended_at, request.chain_id = "sent", None, None
    plan(session, request, now)
    show_in_place(session, request, now)


def ask(session: Session, request: AssessmentRequest, now: datetime) -> None:
    """Put the question to the assessor, at once: a colleague asks, not the bot."""
    _tell(session, request, request.assessor_id, "ask", "request", now)


def tell_trainee(
    session: Session, request: AssessmentRequest, now: datetime, at: datetime | None = None
) -> None:
    """The trainee hears how it ended: now, or `at` a moment."""
    trainee = session.get_one(Trainee, request.trainee_id)
    _tell(session, request, trainee.person_id, request.state, "request_ended", now, at=at)


def show_in_place(session: Session, request: AssessmentRequest, now: datetime) -> None:
    """The trainee's receipt follows, where it was sent as a message that can be edited."""
    receipt = session.exec(
        select(Outbox).where(Outbox.kind == "reply", Outbox.subject == f"inbox:{request.inbox_id}")
    ).first()
    if receipt is not None and receipt.state == OutboxState.SENT:
        trainee = session.get_one(Trainee, request.trainee_id)
        _tell(session, request, trainee.person_id, "place", "request_place", now, instead_of=receipt)


def _tell(
    session: Session,
    request: AssessmentRequest,
    person: int,
    step: str,
    notice: str,
    now: datetime,
    instead_of: Outbox | None = None,
    at: datetime | None = None,
) -> None:
    tell(
        session,
        Notice(
            person_id=person,
            kind="notice",
            subject=subject_of(request),
            # Each turn of a request is told once: after a change of mind it has another moment.
            period=f"{now:%Y%m%dT%H%M%S}",
            step=step,
            due_at=at or now,
            facts={"notice": notice, "request": request.id, "trainee": request.trainee_id},
            instead_of=instead_of,
        ),
        now,
    )


def open_requests(session: Session, trainee_id: int, since: datetime) -> list[AssessmentRequest]:
    """A trainee's requests that wait, or have ended since a moment; the newest last."""
    found = select(AssessmentRequest).where(
        AssessmentRequest.trainee_id == trainee_id,
        col(AssessmentRequest.ended_at).is_(None) | (col(AssessmentRequest.ended_at) >= since),
        AssessmentRequest.state != "withdrawn",
    )
    return list(session.exec(found.order_by(col(AssessmentRequest.id))).all())


def next_look(session: Session) -> datetime | None:
    """The earliest moment at which a request is to be looked at."""
    upcoming = select(col(AssessmentRequest.look_at)).where(col(AssessmentRequest.look_at).is_not(None))
    return session.exec(upcoming.order_by(col(AssessmentRequest.look_at)).limit(1)).first()
