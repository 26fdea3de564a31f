"""Who keeps failing the platforms' checks is told to wait, and nobody else is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.callers import REFUSALS, Limit
from bot.host import build
from bot.platforms.contract import Hear, Platform
from bot.platforms.slack import Slack
from tests.fakes.slack_driver import FORM, command_body, sign
from tests.support.world import ZONE, World

SECRET = "a-made-up-signing-secret"
BODY = urlencode(command_body("/handledd", "hjälp")).encode()


Ask = Callable[..., Awaitable[httpx.Response]]


def asking(world: World, work: Callable[[Ask], Coroutine[Any, Any, None]]) -> None:
    """Let `work` ask the house with Slack in it: from which address, and signed by whom."""

    def slack(hear: Hear) -> Platform:
        return Slack(SECRET, "xoxb-made-up", "http://127.0.0.1:1/api/", hear, world.clock)

    app = build(world.engine, world.clock, ZONE, [slack], beats=False).app

    async def ask(caller: str, secret: str = "guessed") -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(caller, 4711))
        stamp = f"{world.clock().timestamp():.0f}"
        signed = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(secret, stamp, BODY),
            "Content-Type": FORM,
        }
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return await client.post("/slack/events", content=BODY, headers=signed)

    asyncio.run(work(ask))


def test_who_fails_too_often_waits_for_the_rest_of_the_minute(world: World) -> None:
    async def work(ask: Ask) -> None:
        assert [(await ask("192.0.2.1")).status_code for _ in range(REFUSALS)] == [401] * REFUSALS
        world.jump_to("2026-11-23T09:00:45")
        held = await ask("192.0.2.1")
        # 60 s from the first failure, of which 45 have passed.
        assert (held.status_code, held.headers["retry-after"], held.text) == (429, "15", "")
        world.jump_to("2026-11-23T09:01:00")
        assert (await ask("192.0.2.1")).status_code == 401

    asking(world, work)


def test_what_is_rightly_signed_passes_from_the_very_address_that_fails(world: World) -> None:
    async def work(ask: Ask) -> None:
        failed = [(await ask("192.0.2.1")).status_code for _ in range(REFUSALS + 5)]
        assert failed[-5:] == [429] * 5
        passed = [(await ask("192.0.2.1", SECRET)).status_code for _ in range(5)]
        assert passed == [200] * 5
        assert (await ask("192.0.2.2")).status_code == 401  # another address has its own count

    asking(world, work)


def test_valid_requests_are_never_counted(world: World) -> None:
    async def work(ask: Ask) -> None:
        passed = {(await ask("192.0.2.1", SECRET)).status_code for _ in range(REFUSALS + 5)}
        assert passed == {200}
        assert (await ask("192.0.2.1")).status_code == 401

    asking(world, work)


def test_a_limit_opens_again_when_its_window_has_passed_and_forgets_the_oldest() -> None:
    limit, now = Limit(2, timedelta(minutes=1), keys=2), datetime(2026, 11, 23, 8, tzinfo=UTC)
    limit.count("a", now)
    limit.count("a", now + timedelta(seconds=30))
    assert limit.wait("a", now + timedelta(seconds=59)) == 1
    assert limit.wait("a", now + timedelta(seconds=60)) == 0
    for key in ("b", "c"):
        limit.count(key, now)
    assert limit.wait("a", now) == 0
