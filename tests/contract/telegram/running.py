"""What the tests share: a running platform, and what it is asked to send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.platforms.contract import Address
from bot.platforms.telegram import Telegram
from bot.platforms.telegram_poll import Pace
from handlers.message import Message
from tests.fakes.process import Fake
from tests.support.ear import Ear

TOKEN = "4242:AAE-kanariefågel_token".replace("å", "a")
SECRET = "webb-hemlighet_1"
NOW = datetime(2026, 11, 22, 9, 45, tzinfo=UTC)
QUICK = Pace(poll=2, answer=2.0, upload=2.0, first_wait=0.01, longest_wait=0.05, stop=3.0)
HASTY = Pace(poll=2, answer=0.3, upload=0.3, first_wait=0.01, longest_wait=0.05, stop=3.0)
DEADLINE = 20.0
"""Seconds after which something that should happen has not; never waited for when all is well."""


def build(fake: Fake, ear: Callable[..., Any], pace: Pace = QUICK, url: str = "", **more: Any) -> Telegram:
    return Telegram(TOKEN, ear, lambda: NOW, url or fake.url, pace=pace, **more)


@asynccontextmanager
async def running(fake: Fake, ear: Callable[..., Any], **more: Any) -> AsyncIterator[Telegram]:
    platform = build(fake, ear, **more)
    await platform.start()
    try:
        yield platform
    finally:
        await platform.stop()


@asynccontextmanager
async def webhook(fake: Fake, ear: Callable[..., Any], **more: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the routes the platform mounts in webhook mode; a 500 would raise here."""
    async with running(fake, ear, mode="webhook", webhook_secret=SECRET, **more) as platform:
        transport = httpx.ASGITransport(app=Starlette(routes=list(platform.routes())))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            yield client


async def until(true: Callable[[], object]) -> None:
    """Wait for something to become true; fails after DEADLINE."""
    async with asyncio.timeout(DEADLINE):
        while not true():  # noqa: ASYNC110 what is waited for is in another process
            await asyncio.sleep(0.01)


async def send(fake: Fake, message: Message, chat: int = 1, delivery: str = "d1", **more: Any) -> str:
    """One message through a platform of its own that does not listen."""
    platform = build(fake, Ear(), **({"mode": "webhook", "webhook_secret": SECRET} | more))
    await platform.start()
    try:
        return await platform.send(Address("telegram", str(chat), chat=str(chat)), message, delivery)
    finally:
        await platform.stop()
