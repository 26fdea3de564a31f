"""Matrix, by long poll, as an ordinary account with an access token: any homeserver, no appservice.

The sections have files of their own, in the contract's order: what comes in (matrix_incoming, matrix_sync
and its matrix_ledger; matrix_rooms says which rooms), what goes out (matrix_render), sending (matrix_send
and matrix_wire, which says what each fault means). Here: settings and limits, the platform.

Matrix has no buttons: choices are numbered, and a number, a reply with it or a reaction presses one. Nobody
but the addressee reads an answer: each goes to a room of two. Encrypted rooms cannot be read: the bot says
so and asks into one that is not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from starlette.routing import BaseRoute

from bot.platforms import matrix_incoming as incoming
from bot.platforms import matrix_render as render
from bot.platforms import matrix_wire as wire
from bot.platforms.contract import Address, Hear, Limits
from bot.platforms.matrix_rooms import CLIENT, Rooms, Trust, Verdict, asked_in, trust, verdict
from bot.platforms.matrix_send import Courier
from bot.platforms.matrix_sync import Pace, Sync
from handlers.message import Incoming, IncomingKind, Message

_log = logging.getLogger(__name__)

# --- settings and limits

LIMITS = Limits(
    characters=render.CHARACTERS, chat_seconds=0.5, per_second=5.0, group_seconds=0.5, at_once=4, certain=True
)
"""A chat's messages are far enough apart to come in order, though several are under way at once.
Certain: a transaction id asked for again is the same event, and each event holds its delivery's name."""
PACE = Pace()

# --- the platform


class Matrix:
    """See `contract.Platform`. `user` is the account's id; `trusted` as `matrix_rooms.trust` reads it."""

    name = "matrix"
    limits = LIMITS

    def __init__(
        self,
        homeserver: str,
        user: str,
        token: str,
        hear: Hear,
        clock: Callable[[], datetime],
        phrases: render.Phrases,
        *,
        trusted: str = "",
        pace: Pace = PACE,
    ) -> None:
        self._hear, self._clock, self._user = hear, clock, user
        self._trusted, self._phrases = trusted, phrases
        self._wire = wire.Wire(homeserver, token, pace.answer, clock)
        self._rooms = Rooms(self._wire)
        self._courier = Courier(self._wire, self._rooms, phrases, pace.upload)
        self._sync = Sync(self._wire, self._rooms, self._prepare, self._take, self._invited, pace)
        self._me = self._display_name = ""

    def routes(self) -> Sequence[BaseRoute]:
        """None: what comes in is asked for."""
        return ()

    async def start(self) -> None:
        """Begin to listen. Does not wait for the homeserver: one away must not hold up the others."""
        self._sync.start()

    async def stop(self) -> None:
        """Finish what is under way, save what was heard, close. At most about `Pace.stop` and a second."""
        await self._sync.stop()
        await self._wire.close()

    # --- what comes in

    async def _take(self, room: str, event: wire.JSON) -> None:
        """Hear one event. Raises what `hear` and the wire raise; what is malformed is left."""
        try:
            heard = await self._read(room, event)
        except incoming.MalformedError:
            _log.warning("Matrix: event %.60s cannot be read", event["event_id"])
            return
        if heard is not None:
            await self._hear(heard)

    async def _read(self, room: str, event: wire.JSON) -> Incoming | None:
        sender = incoming.user(event)
        if sender == self._me:
            await self._own(room, event)
        if sender == self._me or sender not in self._trust:
            return None
        found = await self._rooms.known(room)
        if found is None:
            return None
        private = found.holds_only(self._me, sender)
        if private and event["type"] == "m.room.encrypted":
            await self._elsewhere(room, sender)
            return None
        place = incoming.Place(room, self._me, self._display_name, self._clock(), private)
        return await self._settled(room, incoming.read(event, place))

    async def _own(self, room: str, event: wire.JSON) -> None:
        """A room that we made, and perhaps never knew it: the answer may have been lost."""
        if person := asked_in(event):
            await self._rooms.remember(self._me, person, room)

    async def _settled(
        self, room: str, read: Incoming | incoming.Choice | incoming.Removal | None
    ) -> Incoming | None:
        if isinstance(read, incoming.Choice):
            return await self._chosen(room, read)
        if isinstance(read, incoming.Removal):
            gone = await self._courier.event(room, read.target)
            own = gone.get("type") == "m.room.message" and gone.get("sender") == read.said.sender.external_id
            return read.said if own else None
        if read is not None and read.kind is IncomingKind.EDIT:
            # A homeserver lets anybody in the room claim to have edited; clients show only the writer's own.
            changed = await self._courier.event(room, read.message_ref.partition("|")[2])
            return read if changed.get("sender") in (None, read.sender.external_id) else None
        return read

    async def _chosen(self, room: str, choice: incoming.Choice) -> Incoming | None:
        """The press that a number means; the number as a text where it means none; nothing for a reaction."""
        shown = await self._answered(room, choice)
        presses = render.choices(shown, self._me)
        if choice.number <= len(presses):
            ref = incoming.reference(room, shown["event_id"])
            return choice.pressed(presses[choice.number - 1], ref)
        return None if choice.reaction else choice.said

    async def _answered(self, room: str, choice: incoming.Choice) -> wire.JSON:
        """The message of ours that a number is about: the one replied or reacted to, else the newest then.

        Never one that came after the number, nor one before the newest: a number written twice would else
        undo two things.
        """
        if choice.target:
            return await self._courier.event(room, choice.target)
        number = choice.said.message_ref.partition("|")[2]
        newest = await self._courier.newest_before(self._me, room, number)
        return newest if incoming.is_fresh(newest, choice.said) else {}

    async def _invited(self, room: str, state: list[Any]) -> None:
        decision, inviter = verdict(state, self._me, self._trust)
        match decision:
            case Verdict.ACCEPT:
                await self._rooms.accept(self._me, inviter, room)
            case Verdict.LOOK:
                await self._rooms.look(self._me, inviter, room, self._phrases.group)
            case Verdict.ELSEWHERE:
                await self._elsewhere(room, inviter)
            case Verdict.IGNORE:
                _log.warning("Matrix: an invitation was left unanswered: see HANDLEDD_MATRIX_TRUSTED")

    async def _elsewhere(self, room: str, person: str) -> None:
        """Say in a room that can be read that this one cannot, once for each such room, and leave it."""
        said = Message(self._phrases.encrypted)
        to = Address(self.name, person, open=True)
        await self._courier.send(self._me, to, said, f"encrypted-{room}")
        await self._rooms.leave(room)

    # --- sending

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """Post or edit where only the addressee reads; returns `<room>|<event>`. Raises SendError."""
        try:
            return await self._courier.send(await self._prepare(), to, message, delivery)
        except Exception as error:  # noqa: BLE001 the contract's one error, whatever the server answered
            raise wire.send_error(error) from None

    async def find(self, to: Address, delivery: str) -> str | None:
        """The reference of an earlier delivery. Raises SendError where the homeserver cannot tell now."""
        try:
            return await self._courier.find(await self._prepare(), to, delivery)
        except Exception as error:  # noqa: BLE001 as in send
            raise wire.send_error(error) from None

    # --- who we are

    async def _prepare(self) -> str:
        """The account's own id as the homeserver tells it, asked for once. Raises what the wire raises."""
        if not self._me:
            me = str((await self._wire.get(*CLIENT, "account", "whoami"))["user_id"])
            if me != self._user:
                _log.warning("HANDLEDD_MATRIX_USER is not the account that the access token belongs to")
            self._display_name = await self._called(me)
            self._me = me
        return self._me

    async def _called(self, me: str) -> str:
        """The account's display name; "" where it has none, or the homeserver keeps profiles to itself."""
        try:
            return str((await self._wire.get(*CLIENT, "profile", me)).get("displayname") or "")
        except wire.RefusedError as refused:
            if refused.status in (403, 404):
                return ""
            raise

    @property
    def _trust(self) -> Trust:
        return trust(self._trusted, self._me)
