"""A figure that a document promises is the one that holds: a test that asks the code for it cannot fail."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import calendar_page, callers, health, lane, sending, server
from bot.platforms import bodies, slack_guard
from bot.settings import Settings
from handlers import installing, linking
from handlers.privacy import retention
from schedules import bookings, habits, requests
from schedules.digests import missed
from schedules.outbox import in_order
from storage import offers

ROOT = Path(__file__).parents[2]
MINUTES, HOURS, DAYS = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
DEPLOYMENT, GUIDE = "docs/deployment.md", "docs/guider/st-lakare.md"
PROMISED: list[tuple[Any, Any, str, str]] = [
    (linking.TRIES, 5, "docs/platforms/telegram.md", "After five wrong codes an account waits ten minutes"),
    (linking.VALID, 10 * MINUTES, "docs/platforms/telegram.md", "a code that works once and for ten minutes"),
    (installing.VALID, 1 * HOURS, "docs/platforms/slack.md", "a link that works once and for an hour"),
    (offers.LASTS, 1 * DAYS, "docs/platforms/teams.md", "anything else is offered for a day"),
    (callers.REFUSALS, 1_000, DEPLOYMENT, "fails a platform's check more than 1,000 times a minute"),
    (calendar_page.MISSES, 30, DEPLOYMENT, "guesses at calendars' addresses more than 30 times"),
    (server.HEAD_SECONDS, 10, "docs/threat-model.md", "ten seconds for a head, ten for a body"),
    (bodies.BODY_SECONDS, 10, "docs/threat-model.md", "ten seconds for a head, ten for a body"),
    (slack_guard.MAX_AGE_SECONDS, 300, "docs/platforms/slack.md", "clock is more than five minutes off"),
    (sending.TRIES, 8, "docs/decisions/0008-outages-are-no-tries.md", "still has its eight tries"),
    (sending.LONGEST, 24 * HOURS, "docs/decisions/0008-outages-are-no-tries.md", "when it is 24 hours old"),
    (lane.LONGEST_QUEUE, timedelta(seconds=20), "docs/reliability.md", "at most twenty seconds long now"),
    (in_order.LONGEST, 1 * MINUTES, "docs/reliability.md", "who comes behind waits, a minute at most"),
    (health.OLDEST_TICK, 5 * MINUTES, "deploy/prometheus/alerts.yaml", "No tick for five minutes"),
    (
        health.OLDEST_PENDING,
        15 * MINUTES,
        "deploy/prometheus/alerts.yaml",
        "has waited for a quarter of an hour",
    ),
    (retention.Kept().training, 731 * DAYS, "README.md", "`731`, `30`, `365`"),
    (retention.Kept().inbox, 30 * DAYS, "README.md", "messages' outcomes after 30 days"),
    (retention.Kept().outbox, 365 * DAYS, "README.md", "what was sent after a year"),
    (Settings.model_fields["lines_a_minute"].default, 30, "README.md", "`HANDLEDD_LINES_A_MINUTE` | `30`"),
    (missed.FEWEST, 5, "docs/guider/studierektor.md", "aldrig för färre än fem"),
    (requests.AGAIN, (3 * DAYS, 7 * DAYS), "docs/guider/handledare.md", "påmind efter tre och sju dagar"),
    (bookings.AFTER_END, 15 * MINUTES, GUIDE, "En kvart efteråt: **Blev det av?**"),
    ((habits.EARLIEST, habits.LATEST), (time(8), time(17)), GUIDE, "på arbetsdagar mellan 8 och 17"),
]


@pytest.mark.parametrize(("held", "figure", "file", "words"), PROMISED, ids=[row[3] for row in PROMISED])
def test_what_is_promised_holds(held: Any, figure: Any, file: str, words: str) -> None:
    assert held == figure
    assert words in re.sub(r"\s+", " ", (ROOT / file).read_text("utf-8"))
