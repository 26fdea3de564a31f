"""Our own long poll: the offset moves only past updates that were heard (see telegram_window)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.platforms import telegram_incoming as incoming
from bot.platforms import telegram_wire as wire
from bot.platforms.stopping import Stopping, finish
from bot.platforms.telegram_window import Window

_log = logging.getLogger(__name__)

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: a long poll, an answer, an upload, the first and the longest wait after a fault, `stop`."""

    poll: int = 30
    answer: float = 10.0
    upload: float = 60.0
    first_wait: float = 1.0
    longest_wait: float = 20.0
    stop: float = 5.0


class Poll:
    """Fetches updates and hands each to `take` until stopped. `prepare` is awaited once, before the first."""

    def __init__(
        self,
        bot: Bot,
        prepare: Callable[[], Coroutine[Any, Any, object]],
        take: Callable[[Update], Awaitable[None]],
        pace: Pace,
    ) -> None:
        self._bot, self._prepare, self._take, self._pace = bot, prepare, take, pace
        self._window = Window()
        self._stopping = Stopping(pace.first_wait, pace.longest_wait)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; does not wait for Telegram."""
        self._task = asyncio.create_task(self._stopping.listen(self._prepare, self._round, _told))

    async def stop(self) -> None:
        """Finish the update under way (at most `Pace.stop` seconds) and confirm what was heard."""
        self._stopping.ask()
        if self._task is not None:
            await finish([self._task], self._pace.stop)
            await self._confirm()

    async def _round(self) -> bool:
        """One poll and what it brought; False when something of it could not be heard."""
        window = self._window
        updates = await self._stopping.until_asked(
            self._bot.get_updates(offset=window.offset, timeout=self._pace.poll, allowed_updates=KINDS)
        )
        window.open(update.update_id for update in updates)
        for update in updates:
            if window.wants(update.update_id) and not self._stopping.is_asked:
                await self._try(update)
        for lost in window.close():
            _log.error("Telegram: update %s was given up: it could not be taken in", lost)
        return window.calm

    async def _try(self, update: Update) -> None:
        try:
            await self._take(update)
        except incoming.MalformedError:
            wire.passed_over(update.update_id, partial(getattr, update))
        except Exception as error:  # noqa: BLE001 whatever it is, the update was not committed
            _log.warning(
                "Telegram: update %s could not be taken in (%s)", update.update_id, wire.fault(error)
            )
            self._window.failed(update.update_id)
            return
        self._window.heard(update.update_id)

    async def _confirm(self) -> None:
        """Tell Telegram what was heard, so that a restart is not told it again; a duplicate does no harm."""
        if self._window.offset is None:
            return
        try:
            await self._bot.get_updates(
                offset=self._window.offset, limit=1, timeout=0, read_timeout=1.0, connect_timeout=1.0
            )
        except TelegramError as error:
            _log.info("Telegram: the last of it could not be confirmed (%s)", wire.fault(error))


def _told(error: Exception) -> None:
    _log.warning("Telegram is not reached (%s): %s", wire.fault(error), wire.mend(error))
