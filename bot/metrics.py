"""Figures for the operator: how much came in and went out, and what waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import Engine, func, select
from starlette.requests import Request
from starlette.responses import Response

from bot.clock import Clock
from bot.platforms.contract import Hear
from bot.sending import Delivered
from handlers.message import Incoming, Reply
from schedules.outbox.postbox import oldest_wait
from storage.columns import columns
from storage.engine import reading
from storage.tables import Outbox, OutboxState

_O = columns(Outbox)
NOT_ARRIVED = (OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.EXPIRED)


class Metrics:
    """Counters of one process, and gauges read from the database when the page is asked for."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._registry = CollectorRegistry()
        self._inbound = Counter(
            "handledd_inbound", "Updates taken in", ["platform", "outcome"], registry=self._registry
        )
        self._sent = Counter(
            "handledd_sent", "Messages delivered", ["platform", "kind"], registry=self._registry
        )
        self._outbox = Gauge("handledd_outbox", "Outbox rows by state", ["state"], registry=self._registry)
        self._oldest = Gauge(
            "handledd_oldest_pending_seconds", "Age of the oldest row that waits", registry=self._registry
        )
        self._hearing = Histogram(
            "handledd_hearing_seconds",
            "From an update's arrival to its answer, committed",
            ["platform"],
            registry=self._registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
        )
        self._undelivered = Gauge(
            "handledd_undelivered",
            "Messages of a week that did not arrive",
            ["state"],
            registry=self._registry,
        )
        self._tick_age = Gauge(
            "handledd_tick_age_seconds", "Since this process last ticked", registry=self._registry
        )
        self._drift = Gauge(
            "handledd_drift", "Standing rows that were wrong when last checked", registry=self._registry
        )
        self.last_tick: Callable[[], datetime | None] = lambda: None

    def drifted(self, rows: int) -> None:
        """How many standing rows do not say what the journal says."""
        self._drift.set(rows)

    def counting(self, hear: Hear) -> Hear:
        """`hear`, with every update counted by platform and outcome."""

        async def counted(incoming: Incoming) -> Reply:
            with self._hearing.labels(incoming.sender.platform).time():
                reply = await hear(incoming)
            outcome = "repeated" if reply.repeated else reply.outcome
            self._inbound.labels(incoming.sender.platform, outcome).inc()
            return reply

        return counted

    def watching(self, watch: Callable[[Delivered], None] | None) -> Callable[[Delivered], None]:
        """A delivery's watcher that counts, and passes on."""

        def watched(delivered: Delivered) -> None:
            self._sent.labels(delivered.to.platform, delivered.rows[0].kind).inc()
            if watch:
                watch(delivered)

        return watched

    async def page(self, _request: Request) -> Response:
        """GET /metrics, in the Prometheus text format."""
        await asyncio.to_thread(self._read)
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def _read(self) -> None:
        with reading(self._engine) as session:
            states = session.execute(select(_O.state, func.count()).group_by(_O.state)).all()
            oldest = oldest_wait(session)
            lately = self._clock() - timedelta(days=7)
            ends = select(_O.state, func.count()).where(_O.ended_at > lately, _O.state.in_(NOT_ARRIVED))
            lost = dict(tuple(row) for row in session.execute(ends.group_by(_O.state)))
        counts = {row[0]: row[1] for row in states}
        for state in OutboxState:
            self._outbox.labels(state.value).set(counts.get(state.value, 0))
        for state in NOT_ARRIVED:
            self._undelivered.labels(state.value).set(lost.get(state, 0))
        self._oldest.set(self._age(oldest))
        self._tick_age.set(self._age(self.last_tick()))

    def _age(self, oldest: datetime | None) -> float:
        return max(0.0, (self._clock() - oldest).total_seconds()) if oldest else 0.0
