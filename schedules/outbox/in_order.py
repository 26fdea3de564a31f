"""One chat is told things in the order in which they came about: "ångrat" never before its "sparat".

What is behind one that is being sent, by whatever process, or that waits for its next try, waits with it:
asked in the claim's own statement. Not for ever: one that keeps failing, or whose process died, is passed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_

from schedules.outbox.outgoing import PRIORITIES
from storage.columns import Columns, columns, table
from storage.states import is_pending
from storage.tables import Outbox

LONGEST: Final = timedelta(minutes=1)
"""From when the one in front was due."""
SEND: Final = timedelta(seconds=30)
"""A send is over by then, with its look-up: who has held one for longer is taken for dead."""

_O, _FRONT = columns(Outbox), table(Outbox).alias().c
_NUDGE: Final = PRIORITIES["nudge"]
_STAMP: Final = _O.due_at.type
_ALIVE: Final = or_(_FRONT.lease_until.is_(None), _FRONT.lease_until > bindparam("alive", type_=_STAMP))
_LATELY: Final = _FRONT.due_at > bindparam("lately", type_=_STAMP)


def _is_behind(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether another one of the same urgency, to the same place, came before it and has not ended."""
    front = exists().where(
        is_pending(_FRONT),
        _FRONT.person_id == _O.person_id,
        _FRONT.priority == _O.priority,
        _FRONT.id < _O.id,
        _FRONT.due_at <= _O.due_at,
        *_same_place(_FRONT, _O),
        *more,
    )
    return and_(_O.priority < _NUDGE, front)


def _same_place(one: Columns, other: Columns) -> tuple[ColumnElement[bool], ...]:
    return (
        func.coalesce(one.platform, "") == func.coalesce(other.platform, ""),
        one.workspace == other.workspace,
        one.address == other.address,
    )


MUST_WAIT: Final = _is_behind(_LATELY, _ALIVE)
"""In a statement about the outbox, told by `moments`. Bundles and digests, one a day, wait for nothing."""
IS_BEHIND: Final = _is_behind()
"""The same without an end to the patience: such a row is not the next one to look for."""


def moments(now: datetime, lease: timedelta) -> dict[str, Any]:
    """What `MUST_WAIT` is to be told; `lease` is how long a claim is held."""
    return {"lately": now - LONGEST, "alive": now + lease - SEND}
