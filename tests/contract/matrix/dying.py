"""A bot that dies, as by kill -9, while it hears an event. Run as a module with URL, USER and TOKEN."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from typing import NoReturn

from bot.platforms.matrix import Matrix
from bot.serving import matrix_phrases
from handlers.message import Incoming


async def die(incoming: Incoming) -> NoReturn:
    """Never returns."""
    os._exit(9)


async def main(url: str, user: str, token: str) -> None:
    """Listen until the first event."""
    await Matrix(url, user, token, die, lambda: datetime(2026, 11, 22, tzinfo=UTC), matrix_phrases()).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
