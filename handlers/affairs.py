"""Whose affairs a line may be about: those who write about the same people take turns (decision 23)."""

from __future__ import annotations

from sqlalchemy import Integer, cast, null, select, union
from sqlmodel import Session

from handlers.message import Sender
from handlers.people import IS_ACCOUNT, account
from storage.columns import columns, table
from storage.lists import written
from storage.prepared import Prepared
from storage.tables import AssessmentRequest, Identity, Pairing, Role, RoleName, Trainee

_I, _A, _P = columns(Identity), columns(AssessmentRequest), columns(Pairing)
_R, _T = columns(Role), columns(Trainee)

ANSWERING = (RoleName.STUDIEREKTOR, RoleName.HEAD, RoleName.CHIEF_DIRECTOR, RoleName.SECRETARY)
"""Roles in which a line may be about anybody in a unit."""
_ANSWERS = _R.role.in_(written(*ANSWERING))

_ME = select(_I.person_id).where(*IS_ACCOUNT).order_by(_I.workspace.desc()).limit(1).cte("me")
_PAIRS = table(Pairing).join(table(Trainee), _T.id == _P.trainee_id)
_ASKED = table(AssessmentRequest).join(table(Trainee), _T.id == _A.trainee_id)
_THEIRS = Prepared(
    union(
        select(_ME.c.person_id),
        select(_P.supervisor_id).select_from(_PAIRS).where(_T.person_id == _ME.c.person_id),
        select(_T.person_id).select_from(_PAIRS).where(_P.supervisor_id == _ME.c.person_id),
        select(_T.person_id).select_from(_ASKED).where(_A.assessor_id == _ME.c.person_id),
        select(cast(null(), Integer)).where(_R.person_id == _ME.c.person_id, _ANSWERS),
    )
)
"""Oneself, one's supervisors, whom one supervises, who asked for an assessment; null for who answers."""


def of_sender(session: Session, sender: Sender) -> list[int]:
    """Persons' ids, then and now. None for a stranger and for who answers for a unit: it may be anybody's."""
    found = _THEIRS.values(session, account(sender))
    return [] if None in found else found
