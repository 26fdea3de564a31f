"""The simulator's platform: everybody is reachable, nothing is ever lost, nobody is there."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.platforms.contract import Address, Limits
from handlers.message import Message


class Sim:
    """Takes every message. What was sent is seen through the delivery's watcher."""

    name = "sim"
    limits = Limits(characters=100_000, chat_seconds=0.0, per_second=1e9)

    def __init__(self) -> None:
        self._sent = 0

    def routes(self) -> Sequence[BaseRoute]:
        """None: what people say comes from the script."""
        return ()

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to leave."""

    async def send(self, to: Address, message: Message, delivery: str) -> str:  # noqa: ARG002
        """Take it."""
        self._sent += 1
        return f"sim:{self._sent}"

    async def find(self, to: Address, delivery: str) -> str | None:  # noqa: ARG002
        """No send is ever interrupted."""
        return None
