"""Our own sync loop: its token moves only past events that were heard (see matrix_ledger).

The token is kept in the bot's account data on the homeserver: it needs no file, outlives a new database, and
several processes may move it, for none moves it past what is not committed and all know a repeated event.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from bot.platforms import matrix_wire as wire
from bot.platforms.matrix_ledger import TRIES, Ledger
from bot.platforms.matrix_rooms import CLIENT, Rooms
from bot.platforms.stopping import Stopping, finish

JSON = wire.JSON
_log = logging.getLogger(__name__)

TOKEN = "se.handledd.sync"  # noqa: S105 the account data's name
ROUNDS_UNSAVED = 20
"""So many rounds with nothing for us may pass before the token is saved all the same."""
GAP_EVENTS = 5000
"""More than this in one room while the bot was away is not read back: an error in the log says so."""
GAP_PAGE = 100
OF_ROOMS = frozenset({"m.room.member", "m.room.encryption"})
HEARD = ("m.room.message", "m.reaction", "m.room.redaction", "m.room.encrypted", *sorted(OF_ROOMS))


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: a long poll, an answer, an upload, the first and the longest wait after a fault, `stop`.

    `timeline`: how many events of a room come in one sync; what is beyond is fetched.
    """

    poll: float = 30.0
    answer: float = 10.0
    upload: float = 60.0
    first_wait: float = 1.0
    longest_wait: float = 20.0
    stop: float = 3.0
    timeline: int = 50


Take = Callable[[str, JSON], Awaitable[None]]
"""Hears one event of a room; raises when it was not committed."""
Invited = Callable[[str, list[Any]], Awaitable[None]]
"""Answers an invitation to a room with this state."""


class Sync:
    """Fetches events and hands each to `take` until stopped. `prepare` gives the bot's user id."""

    def __init__(
        self,
        api: wire.Wire,
        rooms: Rooms,
        prepare: Callable[[], Coroutine[Any, Any, str]],
        take: Take,
        invited: Invited,
        pace: Pace,
    ) -> None:
        self._wire, self._rooms, self._pace = api, rooms, pace
        self._prepare, self._take, self._invited = prepare, take, invited
        self._ledger = Ledger()
        self._waiting: dict[str, tuple[list[Any], int]] = {}
        """Invitations not yet answered: the room's state, and how many times it was tried."""
        self._me, self._since, self._saved, self._unsaved = "", "", "", 0
        self._asked, self._repeats = "", 0
        self._stopping = Stopping(pace.first_wait, pace.longest_wait)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; does not wait for the homeserver."""
        self._task = asyncio.create_task(self._stopping.listen(self._begin, self._round, _told))

    async def stop(self) -> None:
        """Finish the event under way (at most `Pace.stop` seconds) and save what was heard."""
        self._stopping.ask()
        if self._task is not None:
            await finish([self._task], self._pace.stop)
            with contextlib.suppress(Exception):  # a duplicate after the restart does no harm
                await asyncio.wait_for(self._save(), 1.0)

    async def _begin(self) -> None:
        me = await self._prepare()
        try:
            kept = await self._wire.get(*CLIENT, "user", me, "account_data", TOKEN)
        except wire.RefusedError as refused:
            if refused.code != "M_NOT_FOUND":
                raise
            kept = {}
        self._since = self._saved = str(kept.get("since", ""))
        self._me = me

    async def _round(self) -> bool:
        """One sync and what it brought; False when something of it could not be heard."""
        answer = await self._stopping.until_asked(self._ask())
        rooms = answer.get("rooms", {})
        calm = await self._answer_invitations(rooms.get("invite", {}))
        # The very first time what was said before is not ours; rooms joined from now on come whole.
        events = await self._events(rooms.get("join", {})) if self._since else []
        calm = await self._hear(events) and calm
        if self._ledger.is_done:
            self._since, self._unsaved = str(answer["next_batch"]), self._unsaved + 1
            if events or not self._saved or self._unsaved >= ROUNDS_UNSAVED:
                await self._save()
        return calm

    async def _ask(self) -> JSON:
        """The next sync; one asked again from the same token is asked in other words.

        Synapse keeps its answer to the same question for two minutes: what was written since is not in it.
        """
        self._repeats = self._repeats + 1 if self._asked == self._since else 0
        self._asked = self._since
        poll = 0.0 if self._waiting else self._pace.poll
        timeout = int(poll * 1000) + self._repeats if self._since else 0
        since = {"since": self._since} if self._since else {}
        path = (*CLIENT, "sync")
        chosen = json.dumps(_filter(self._pace.timeline))
        return await self._wire.get(
            *path, seconds=self._pace.poll, timeout=timeout, filter=chosen, set_presence="offline", **since
        )

    async def _events(self, joined: Mapping[str, Any]) -> list[tuple[str, JSON]]:
        found: list[tuple[str, JSON]] = []
        for room, entry in joined.items():
            timeline = entry.get("timeline", {})
            missed = await self._missed(room, timeline) if timeline.get("limited") else []
            events = [event for event in (*missed, *timeline.get("events", [])) if _is_event(event)]
            if missed or any(event["type"] in OF_ROOMS for event in events):
                self._rooms.changed(room)
            found += [(room, event) for event in events]
        return found

    async def _missed(self, room: str, timeline: JSON) -> list[JSON]:
        """What was said between the token and the part of the timeline that came, oldest first."""
        self._rooms.changed(room)
        missed: list[JSON] = []
        at = timeline.get("prev_batch")
        path = (*CLIENT, "rooms", room, "messages")
        chosen = json.dumps({"types": HEARD})
        while at and len(missed) < GAP_EVENTS:
            page = await self._wire.get(
                *path, dir="b", **{"from": at}, to=self._since, limit=GAP_PAGE, filter=chosen
            )
            missed += page.get("chunk", [])
            at = page.get("end")
        if at:
            _log.error("Matrix: more than %s events in one room while away; the rest is not read", GAP_EVENTS)
        return missed[::-1]

    async def _hear(self, events: list[tuple[str, JSON]]) -> bool:
        self._ledger.open([event["event_id"] for _, event in events])
        failed = False
        for room, event in events:
            if self._ledger.wants(event["event_id"]) and not self._stopping.is_asked:
                failed = not await self._try(room, event) or failed
        for lost in self._ledger.close():
            _log.error("Matrix: event %s was given up: it could not be taken in", lost)
        return not failed

    async def _try(self, room: str, event: JSON) -> bool:
        try:
            await self._take(room, event)
        except Exception as error:  # noqa: BLE001 whatever it is, the event was not committed
            _log.warning("Matrix: event %s could not be taken in (%s)", event["event_id"], wire.fault(error))
            self._ledger.failed(event["event_id"])
            return False
        self._ledger.heard(event["event_id"])
        return True

    async def _answer_invitations(self, invited: Mapping[str, Any]) -> bool:
        for room, entry in invited.items():
            self._waiting[room] = (entry.get("invite_state", {}).get("events", []), 0)
        for room, (state, tries) in list(self._waiting.items()):
            try:
                await self._invited(room, state)
            except Exception as error:  # noqa: BLE001 an invitation must not hold up what people write
                _log.warning("Matrix: an invitation could not be answered (%s)", wire.fault(error))
                if not isinstance(error, wire.RefusedError) and tries + 1 < TRIES:
                    self._waiting[room] = (state, tries + 1)
                    continue
            del self._waiting[room]
        return not self._waiting

    async def _save(self) -> None:
        if self._since and self._since != self._saved:
            path = (*CLIENT, "user", self._me, "account_data", TOKEN)
            await self._wire.put(*path, body={"since": self._since})
            self._saved, self._unsaved = self._since, 0


def _filter(timeline: int) -> JSON:
    """Of everything a homeserver tells, only what people say and who comes and goes."""
    nothing: JSON = {"types": []}
    return {
        "presence": nothing,
        "account_data": nothing,
        "room": {
            "ephemeral": nothing,
            "account_data": nothing,
            "state": nothing,
            "timeline": {"limit": timeline, "types": HEARD},
        },
    }


def _is_event(event: object) -> bool:
    return (
        isinstance(event, dict)
        and isinstance(event.get("type"), str)
        and isinstance(event.get("event_id"), str)
    )


def _told(error: Exception) -> None:
    _log.warning("Matrix is not reached (%s): %s", wire.fault(error), wire.mend(error))
