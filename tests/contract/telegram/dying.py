"""A bot that dies, as by kill -9, while it hears an update. Run as a module with TOKEN and URL."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from typing import NoReturn

from bot.platforms.telegram import Telegram
from handlers.message import Incoming


async def die(incoming: Incoming) -> NoReturn:
    """Never returns."""
    os._exit(9)


async def main(token: str, url: str) -> None:
    """Listen until the first update."""
    await Telegram(token, die, lambda: datetime(2026, 11, 22, tzinfo=UTC), url).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
