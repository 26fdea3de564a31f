"""Letting virtual time pass: stop at every moment at which something is to be done, and do it."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy import Engine

from bot.clock import MovableClock
from bot.delivery import Delivery
from schedules.outbox.postbox import next_due
from schedules.tick import next_moment, tick
from storage.engine import reading


async def pass_time(
    engine: Engine, clock: MovableClock, delivery: Delivery, zone: str, until: datetime
) -> None:
    """Move the clock up to and with `until`, ticking and delivering at each moment on the way."""
    while (at := await asyncio.to_thread(_next, engine)) is not None and at <= until:
        clock.move_to(at)
        await asyncio.to_thread(tick, engine, max(at, clock()), zone)
        await delivery.drain()
    clock.move_to(until)


def _next(engine: Engine) -> datetime | None:
    with reading(engine) as session:
        return min((moment for moment in (next_moment(session), next_due(session)) if moment), default=None)
