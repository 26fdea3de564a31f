"""A pair whose bot sleeps and wakes, and what must hold for it: the material of the tests of time."""

from __future__ import annotations

from collections import Counter
from datetime import date

from schedules.manners import EVENING, MORNING
from storage.tables import Outbox, OutboxState
from tests.support.world import World


def roster(begun: date) -> str:
    """A pair whose training began on a day."""
    return (
        "email,name,role,unit,rulebook,supervisor,start,end,employed\n"
        f"anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,{begun},,\n"
        "eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,\n"
        "siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,,\n"
    )


def wake(world: World) -> int:
    """What the bot does when it is there again; returns how many bundles of reminders went out."""
    before = len(world.sent)
    world.tick()
    world.deliver()
    return sum(sent.kind == "nudge" for sent in world.sent[before:])


def check(world: World) -> None:
    """No step twice, one bundle a day to each, none at night, and nothing left over."""
    nudges = [sent for sent in world.sent if sent.kind == "nudge"]
    assert max(Counter((sent.to, sent.at.date()) for sent in nudges).values(), default=0) <= 1
    assert all(MORNING <= sent.at.time() <= EVENING for sent in nudges)
    rows = world.rows(Outbox)
    said = Counter((row.recipient, row.kind, row.subject, row.period, row.step) for row in rows)
    assert set(said.values()) <= {1}
    assert [
        row for row in rows if row.state not in (OutboxState.PENDING, OutboxState.SENT) and not row.reason
    ] == []
    overdue = [row for row in rows if row.state == OutboxState.PENDING and row.next_at <= world.clock()]
    assert overdue == []
    assert world.drift() == []


def wakes_once(world: World) -> int:
    """The catch-up, and that a second and a third look at the same moment add nothing."""
    first = wake(world)
    messages, rows = len(world.sent), len(world.rows(Outbox))
    assert (wake(world), wake(world)) == (0, 0)
    assert (len(world.sent), len(world.rows(Outbox))) == (messages, rows)
    return first
