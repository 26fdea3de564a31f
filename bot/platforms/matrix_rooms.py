"""Rooms: which invitations are accepted, who is in a room, and where one person alone reads."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.platforms.contract import SendError
from bot.platforms.matrix_wire import JSON, RefusedError, Wire

CLIENT = ("client", "v3")
DIRECT = "m.direct"
"""Where every Matrix client keeps, on the server, which rooms are direct and with whom."""

NOT_FOUND = 404
"""The status tells: of its code some versions of Synapse make M_UNKNOWN."""

_IN = frozenset({"join", "invite"})
_OUT = frozenset({"leave", "ban"})


class Verdict(StrEnum):
    """What to do with an invitation."""

    ACCEPT = "accept"
    LOOK = "look"
    """It does not say that it is for two, as few programs' invitations do: who is in it tells."""
    ELSEWHERE = "elsewhere"
    """It is encrypted, which the bot cannot read: ask the person into a room that is not."""
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the bot listens to: servers (`annan.se`) and people (`@lars:annan.se`).

    Nobody else gets as much as an answer.
    """

    named: frozenset[str]

    def __contains__(self, user: str) -> bool:
        is_user = user.startswith("@") and ":" in user
        return is_user and (user.partition(":")[2] in self.named or user in self.named)


def trust(setting: str, me: str) -> Trust:
    """What an operator named, parted by commas or spaces; everybody on the bot's own server where nothing."""
    return Trust(frozenset(setting.replace(",", " ").split()) or frozenset([me.partition(":")[2]]))


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it is now: each member's membership, and whether it is encrypted."""

    members: Mapping[str, str]
    encrypted: bool

    def holds_only(self, me: str, person: str) -> bool:
        """Whether these two are in it, or asked into it, and nobody else."""
        return self.members.get(me) == "join" and self.readers() == {me, person}

    def readers(self) -> set[str]:
        """Everybody who reads it, or can as soon as they wish."""
        return {user for user, stands in self.members.items() if stands in _IN}

    def was_left_by(self, person: str) -> bool:
        """Whether the person has turned away from it."""
        return self.members.get(person) in _OUT


def room_of(state: Iterable[Any]) -> Room:
    """The room that a list of state events describes; what is malformed counts for nothing."""
    members, encrypted = {}, False
    for event in state:
        kind, content = _kind(event)
        if kind == "m.room.member" and isinstance(event.get("state_key"), str):
            members[event["state_key"]] = str(content.get("membership"))
        encrypted = encrypted or kind == "m.room.encryption"
    return Room(members, encrypted)


def verdict(state: Sequence[Any], me: str, trusted: Trust) -> tuple[Verdict, str]:
    """What to do with an invitation, and who sent it."""
    mine = [event for event in state if _kind(event)[0] == "m.room.member" and event.get("state_key") == me]
    inviter = mine[-1].get("sender") if mine else None
    if not isinstance(inviter, str) or inviter not in trusted:
        return Verdict.IGNORE, ""
    if room_of(state).encrypted:
        return Verdict.ELSEWHERE, inviter
    is_direct = _kind(mine[-1])[1].get("is_direct") is True
    return (Verdict.ACCEPT if is_direct else Verdict.LOOK), inviter


def asked_in(event: Mapping[str, Any]) -> str:
    """The person whom an event asks into a direct room, or ""."""
    kind, content = _kind(event)
    asks = (
        kind == "m.room.member" and content.get("membership") == "invite" and content.get("is_direct") is True
    )
    return str(event.get("state_key", "")) if asks else ""


def _kind(event: Any) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(event, Mapping):
        return "", {}
    kind, content = event.get("type"), event.get("content")
    return (kind if isinstance(kind, str) else ""), (content if isinstance(content, Mapping) else {})


class Rooms:
    """The bot's rooms. Every method raises what the wire raises."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._known: dict[str, Room | None] = {}
        self._alone = asyncio.Lock()

    async def known(self, room: str) -> Room | None:
        """A room as of the last change that was heard of: for reading, where the order is the sync's own."""
        if room not in self._known:
            self._known[room] = await self.now(room)
        return self._known[room]

    def changed(self, room: str) -> None:
        """Something in the room's membership or settings is not as it was."""
        self._known.pop(room, None)

    async def now(self, room: str) -> Room | None:
        """A room as it is this moment: for sending, where nobody else may read along. None: we are not in."""
        try:
            return room_of((await self._wire.get(*CLIENT, "rooms", room, "state")).get("chunk", []))
        except RefusedError as refused:
            if refused.code in ("M_FORBIDDEN", "M_NOT_FOUND"):
                return None
            raise

    async def direct(self, me: str, person: str, room: str = "", *, anew: bool = False) -> str:
        """A room that only `person` and the bot read: `room` if it is one, another, or a new one.

        Raises SendError, permanent, for a person who has left the last one: that is how one turns a bot away
        on Matrix. `anew` asks them in again all the same, because they have just written.
        """
        if room and await self._suits(room, me, person):
            return room
        async with self._alone:
            others = [other for other in await self._mapped(me, person) if other != room]
            for other in others:
                if await self._suits(other, me, person):
                    return other
            if not anew:
                await self._refuse_if_left([room, *others], person)
            return await self._create(me, person)

    async def remember(self, me: str, person: str, room: str) -> None:
        """Put a room first among those shared with a person alone."""
        async with self._alone:
            await self._remember(me, person, room)

    async def _remember(self, me: str, person: str, room: str) -> None:
        path = (*CLIENT, "user", me, "account_data", DIRECT)
        all_rooms = await self._direct_rooms(me)
        before = all_rooms.get(person)
        rest = [other for other in before if other != room] if isinstance(before, list) else []
        if [room, *rest] != before:
            await self._wire.put(*path, body={**all_rooms, person: [room, *rest]})

    async def accept(self, me: str, person: str, room: str) -> None:
        """Accept somebody's invitation; who is looking for a room with them meanwhile waits for this one."""
        async with self._alone:
            self.changed(room)
            await self._wire.post(*CLIENT, "rooms", room, "join", body={})
            await self._remember(me, person, room)

    async def look(self, me: str, person: str, room: str, reason: str) -> None:
        """Come in, and stay where nobody is but the one who asked; else leave, and say why."""
        async with self._alone:
            self.changed(room)
            await self._wire.post(*CLIENT, "rooms", room, "join", body={})
            if await self._suits(room, me, person):
                await self._remember(me, person, room)
                return
        await self.leave(room, reason)

    async def leave(self, room: str, reason: str = "") -> None:
        """Leave; the reason is shown with it."""
        self.changed(room)
        await self._wire.post(*CLIENT, "rooms", room, "leave", body={"reason": reason} if reason else {})

    async def _suits(self, room: str, me: str, person: str) -> bool:
        found = await self.now(room)
        return found is not None and not found.encrypted and found.holds_only(me, person)

    async def _refuse_if_left(self, rooms: Iterable[str], person: str) -> None:
        for room in filter(None, rooms):
            found = await self.now(room)
            if found is not None and found.was_left_by(person):
                raise SendError("Matrix: the person has left the room", permanent=True)

    async def _create(self, me: str, person: str) -> str:
        await self._require(person)
        body: JSON = {"preset": "private_chat", "is_direct": True, "invite": [person]}
        made = str((await self._wire.post(*CLIENT, "createRoom", body=body)).get("room_id", ""))
        await self._remember(me, person, made)
        return made

    async def _require(self, person: str) -> None:
        """A server invites whatever looks like a name; only the profile tells that nobody has it."""
        try:
            await self._wire.get(*CLIENT, "profile", person)
        except RefusedError as refused:
            if refused.status == NOT_FOUND:
                raise SendError("Matrix: nobody has that name", permanent=True) from None

    async def _mapped(self, me: str, person: str) -> list[str]:
        found = (await self._direct_rooms(me)).get(person)
        return [room for room in found if isinstance(room, str)] if isinstance(found, list) else []

    async def _direct_rooms(self, me: str) -> JSON:
        try:
            return await self._wire.get(*CLIENT, "user", me, "account_data", DIRECT)
        except RefusedError as refused:
            if refused.code == "M_NOT_FOUND":
                return {}
            raise
