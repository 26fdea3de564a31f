"""Before each reminder it is looked up whether it still holds and may be told: no more than that."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import Engine, select

from handlers.desk import Worded
from handlers.outgoing import word
from schedules.tick import tick
from storage.columns import columns
from storage.engine import reading, writing
from storage.tables import Outbox
from tests.support import crowd
from tests.support.statements import listening

MONDAY = crowd.NOW + timedelta(days=6)


def test_a_days_reminders_ask_once_for_whom_they_are_and_once_how_all_of_them_stand(sqlite: Engine) -> None:
    with writing(sqlite) as session:
        crowd.settle(session, 3, years=1)
    tick(sqlite, MONDAY)
    outbox = columns(Outbox)
    with reading(sqlite) as session:
        about = select(Outbox).where(outbox.kind == "nudge").order_by(outbox.id)
        rows = session.execute(about).scalars().all()
    whose = Counter(row.person_id for row in rows).most_common(1)[0][0]
    several = [row for row in rows if row.person_id == whose]
    assert len(several) > 1
    with reading(sqlite) as session, listening(sqlite) as said:
        assert isinstance(word(session, several, MONDAY, "Europe/Stockholm"), Worded)
    whom, what = (statement for statement, _ in said)
    assert "FROM person" in whom
    assert "FROM standing JOIN trainee" in what
