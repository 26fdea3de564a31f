"""Telegram, by long poll or webhook, through python-telegram-bot's `Bot`.

PTB's `Application` is not used: it moves the offset, or answers 200, before an update is processed.
The sections have files of their own, in the contract's order: what comes in (telegram_guard for the webhook,
telegram_poll and its telegram_window, telegram_incoming), what goes out (telegram_render), sending
(telegram_send and telegram_wire, which says what each fault means). Here: settings and limits, the platform.

In webhook mode Telegram is told at the start where we are, with the secret, where the public address is set;
else the operator does it, once. In polling mode a webhook left behind is removed at the start. Neither drops
what waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from telegram import Bot, Update

from bot.platforms import telegram_incoming as incoming
from bot.platforms import telegram_render as render
from bot.platforms import telegram_wire as wire
from bot.platforms.bodies import RefusedError
from bot.platforms.contract import Address, Hear, Limits
from bot.platforms.stopping import Stopping, finish
from bot.platforms.telegram_guard import posted
from bot.platforms.telegram_poll import KINDS, Pace, Poll
from bot.platforms.telegram_send import Courier
from bot.platforms.trusted import certificates
from handlers.message import Message

_log = logging.getLogger(__name__)

# --- settings and limits

Menu = Mapping[str, Sequence[tuple[str, str]]]
"""Commands and what they do, by language code; "" for everybody else."""

LIMITS = Limits(
    characters=render.CHARACTERS, chat_seconds=1.0, per_second=30.0, group_seconds=3.0, at_once=16
)
PACE = Pace()
ANSWERED = 1000
"""Answered presses kept in mind, so that a press that comes twice is not answered twice."""

# --- the platform


class Telegram:
    """See `contract.Platform`. `clock` gives an aware UTC moment; webhook mode needs a `webhook_secret`."""

    def __init__(
        self,
        token: str,
        hear: Hear,
        clock: Callable[[], datetime],
        api_url: str = "https://api.telegram.org",
        mode: Literal["polling", "webhook"] = "polling",
        webhook_secret: str | None = None,
        pace: Pace = PACE,
        public_url: str = "",
        menu: Menu | None = None,
    ) -> None:
        if mode == "webhook" and not webhook_secret:
            msg = (
                "webhook mode needs HANDLEDD_TELEGRAM_WEBHOOK_SECRET: without it anyone could write as anyone"
            )
            raise ValueError(msg)
        self._hear, self._clock, self._pace = hear, clock, pace
        self._public_url, self._menu = public_url.rstrip("/"), menu or {}
        self._secret = webhook_secret or ""
        self._requests = _requests(pace)
        root = api_url.rstrip("/")
        self._bot = Bot(token, f"{root}/bot", f"{root}/file/bot", *self._requests)
        self._poll = Poll(self._bot, self._prepare, self._take, pace) if mode == "polling" else None
        self._courier = Courier(self._bot, pace.upload)
        self._errands: set[asyncio.Task[None]] = set()
        self._stopping = Stopping(pace.first_wait, pace.longest_wait)
        self._answered: deque[str] = deque(maxlen=ANSWERED)
        self._username = ""

    @property
    def name(self) -> str:
        """As in `Sender.platform`."""
        return "telegram"

    @property
    def limits(self) -> Limits:
        """Telegram's: 4,096 UTF-16 units, one message a second and chat, thirty a second."""
        return LIMITS

    def routes(self) -> Sequence[BaseRoute]:
        """The webhook, in webhook mode."""
        return [] if self._poll else [Route("/telegram/webhook", self._webhook, methods=["POST"])]

    async def start(self) -> None:
        """Begin to listen. Does not wait for Telegram: one platform away must not hold up the others."""
        for request in self._requests:
            await request.initialize()
        if self._poll:
            self._poll.start()
        elif self._public_url:
            self._errand(self._insist(self._set_webhook, "the webhook could not be set"))
        if self._menu:
            self._errand(self._insist(self._set_commands, "the menu of commands could not be set"))

    async def stop(self) -> None:
        """Finish what is under way, confirm what was heard, close. At most about twice `Pace.stop`."""
        self._stopping.ask()
        if self._poll:
            await self._poll.stop()
        await finish(self._errands, self._pace.stop)
        for request in self._requests:
            await request.shutdown()

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """Post or edit in the addressee's private chat; returns `<chat>:<message>`. Raises SendError."""
        return await self._courier.send(to, message, delivery)

    async def find(self, to: Address, delivery: str) -> str | None:  # noqa: ARG002 the contract's
        """None: Telegram cannot tell what was sent."""
        return None

    async def _webhook(self, request: Request) -> Response:
        """200 only after `hear`, and for what cannot be read: Telegram repeats what is refused, and lets the
        rest wait. 503 asks it to come again. Nothing of the body is ever logged.
        """
        try:
            update = await posted(request, self._secret)
        except RefusedError as refused:
            return Response(status_code=refused.status)
        except ClientDisconnect:
            return Response(status_code=400)
        return Response(status_code=await self._status(update))

    async def _status(self, update: Update) -> int:
        try:
            await self._take(update)
        except incoming.MalformedError:
            wire.passed_over(update.update_id, partial(getattr, update))
        except Exception as error:  # noqa: BLE001 whatever it is, the update was not committed
            _log.error("Telegram: update %s could not be taken in (%s)", update.update_id, wire.fault(error))
            return 503
        return 200

    async def _prepare(self) -> None:
        await self._me()
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def _take(self, update: Update) -> None:
        """Hear one update, then end the pressed button's wait. Raises MalformedError and what `hear` does."""
        me = await self._me() if incoming.in_group(update) else ""
        read = incoming.read(update, me, self._clock())
        if read is not None:
            await self._hear(read)
        if update.callback_query is not None:
            self._answer_once(update.callback_query.id)

    def _answer_once(self, query: str) -> None:
        """In the background: a slow answer must hold up neither the next update nor the webhook's 200."""
        if query not in self._answered:
            self._answered.append(query)
            self._run(self._bot.answer_callback_query(query), "a press could not be acknowledged")

    def _run(self, work: Coroutine[Any, Any, object], otherwise: str) -> None:
        """In the background, and no harm done when it fails: a button's wait ends by itself."""
        self._errand(_quietly(work, otherwise))

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        errand = asyncio.create_task(work)
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def _insist(self, work: Callable[[], Coroutine[Any, Any, None]], otherwise: str) -> None:
        """Until Telegram has taken it, or refuses it for good: away at the start, it would never call."""
        faults, done = 0, False
        while not done and not self._stopping.is_asked:
            try:
                await work()
                done = True
            except Exception as error:  # noqa: BLE001 PTB lets anything out of an odd answer
                _log.warning("Telegram: %s (%s): %s", otherwise, wire.fault(error), wire.mend(error))
                faults, done = faults + 1, wire.is_final(error)
            await self._stopping.pause(0 if done else faults)

    async def _set_webhook(self) -> None:
        """Telegram keeps what waits, and tells what we want to hear of with the secret."""
        address = f"{self._public_url}/telegram/webhook"
        await self._bot.set_webhook(address, allowed_updates=KINDS, secret_token=self._secret)

    async def _set_commands(self) -> None:
        for language, entries in self._menu.items():
            await self._bot.set_my_commands(tuple(entries), language_code=language or None)

    async def _me(self) -> str:
        """The bot's user name, asked for once. Raises TelegramError."""
        if not self._username:
            self._username = (await self._bot.get_me()).username or ""
        return self._username


async def _quietly(work: Coroutine[Any, Any, object], otherwise: str) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 PTB lets anything out of an odd answer
        _log.warning("Telegram: %s (%s)", otherwise, wire.fault(error))


def _requests(pace: Pace) -> tuple[wire.Request, wire.PollRequest]:
    """For everything but getUpdates, and for getUpdates alone."""
    wait = pace.answer
    shared = {"verify": certificates()}
    return (
        wire.Request(
            connect_timeout=wait,
            read_timeout=wait,
            write_timeout=wait,
            pool_timeout=wait,
            media_write_timeout=pace.upload,
            httpx_kwargs=shared,
        ),
        wire.PollRequest(
            connection_pool_size=1,
            connect_timeout=wait,
            read_timeout=wait,
            write_timeout=wait,
            httpx_kwargs=shared,
        ),
    )
