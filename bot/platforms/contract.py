"""What every platform can do, and nothing else: routes, start, stop, one verb to send, one error.

A platform's file has these sections in this order: settings and limits, what comes in (platform update →
`Incoming`), what goes out (`Message` → the platform's own form), sending, the platform itself. Where one file
would hold too much, each section stands beside it as `NAME_*.py`: reading and rendering are pure functions.
A platform never opens the database: it hands an `Incoming` to `hear`, which returns only after the commit.
So a platform acknowledges ("received", HTTP 200, next offset) strictly after `hear` has returned.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from starlette.routing import BaseRoute

from handlers.message import Incoming, Message, Reply

Hear = Callable[[Incoming], Awaitable[Reply]]
"""Commits what came in and returns the answer. The platform itself shows the answer only when it marked
the `Incoming` as `inline`; every other answer is delivered through `send`, by the delivery."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person is reached: `external_id` is the person there, `chat` a chat or channel the bot is in.

    `open` is true where others read along (a channel): only the addressee may then be shown the message.
    `locale` is the person's language, for the few words a platform adds of its own.
    """

    platform: str
    external_id: str
    workspace: str = ""
    chat: str = ""
    open: bool = False
    locale: str = "sv"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the platform takes: characters a message, seconds between two to one chat, messages a second.

    `group_seconds` is the pace where others read along, `at_once` how many sends may be under way together.
    `certain`: what was sent in private under a name can be found by it, or sent again without being shown
    twice: there a send whose end is unknown is taken up again (reliability.md, N4).
    """

    characters: int
    chat_seconds: float
    per_second: float
    group_seconds: float = 0.0
    at_once: int = 1
    certain: bool = False


class SendError(Exception):
    """A message that was not, or perhaps not, delivered.

    `permanent`: trying again cannot help (blocked, unknown chat): the address is disabled, a human is told.
    `perhaps`: the platform may have shown it all the same (the answer was lost after the body went out).
    `retry_after`: seconds the platform asked for. `ours`: the bot's own token or installation is at fault,
    not the address: nobody is disabled for it, and it is tried again once somebody has mended it.
    `refused`: this very message is at fault (too long, malformed): not tried again, and the address stays.
    `away`: the platform could not be reached, or asks for a pause without saying how long: no message is at
    fault, and none is given up for it. Only one that is certain says `away` and `perhaps` together.
    The text never holds a token or what the message said.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        perhaps: bool = False,
        retry_after: float | None = None,
        ours: bool = False,
        refused: bool = False,
        away: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.perhaps = perhaps
        self.retry_after = retry_after
        self.ours = ours
        self.refused = refused
        self.away = away


class Platform(Protocol):
    """One chat platform, or the demo's page."""

    @property
    def name(self) -> str:
        """As in `Sender.platform`: slack, telegram, teams, matrix, web, sim."""
        ...

    @property
    def limits(self) -> Limits:
        """What delivery keeps to."""
        ...

    def routes(self) -> Sequence[BaseRoute]:
        """What the host mounts, webhooks first of all; empty for a platform that only polls."""
        ...

    async def start(self) -> None:
        """Connect and begin to listen. Called once, in the host's event loop."""
        ...

    async def stop(self) -> None:
        """Finish what is under way and disconnect; at most a few seconds."""
        ...

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """Show `message` to `to` and return the platform's reference to it.

        `delivery` names this delivery, the same on every try, for platforms that can carry it along (Slack's
        metadata, Matrix's transaction id) or go on where an earlier try stopped. Raises SendError, and
        nothing else.
        """
        ...

    async def find(self, to: Address, delivery: str) -> str | None:
        """The reference of an earlier `send` with this name; None when there is none or no platform can tell.

        Raises SendError when the platform could tell, but not now.
        """
        ...


@runtime_checkable
class Streams(Protocol):
    """A platform that keeps answers open to stream into: only the demo's page does."""

    def hang_up(self) -> None:
        """End every open stream at once."""
        ...
