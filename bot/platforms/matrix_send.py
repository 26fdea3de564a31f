"""Sending: each part under a transaction id of its own, so that a part sent again is the same event."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence

from bot.platforms import matrix_render as render
from bot.platforms import matrix_wire as wire
from bot.platforms.contract import Address, SendError
from bot.platforms.matrix_incoming import reference
from bot.platforms.matrix_rooms import CLIENT, Rooms
from handlers.message import Message

LOOKED_THROUGH = 100
"""How many of our own latest messages in a room are looked through for a delivery."""

LOOKED_BACK = 20
"""How many of our own messages before a number are looked through for one that is not an edit."""


class Courier:
    """Sends messages to one person each. Raises what the wire raises, and SendError."""

    def __init__(self, api: wire.Wire, rooms: Rooms, phrases: render.Phrases, upload_seconds: float) -> None:
        self._wire, self._rooms, self._phrases, self._upload_seconds = api, rooms, phrases, upload_seconds

    async def send(self, me: str, to: Address, message: Message, delivery: str) -> str:
        """Show a message where only its addressee reads; the reference is the text's with the choices."""
        parts = render.parts(message, self._phrases.hint(to.locale))
        if not parts:
            raise SendError("Matrix: empty message", refused=True)
        room = await self._room(me, to)
        earlier = await self._replaceable(message.replaces, room) if parts[0].text else ""
        marks = [_Mark(delivery, number, len(parts)) for number in range(len(parts))]
        contents = [
            await self._content(part, mark, earlier if mark.part == 0 else "")
            for part, mark in zip(parts, marks, strict=True)
        ]
        sent = await self._post(room, contents, marks)
        return reference(room, earlier if len(sent) == 1 and earlier else sent[-1])

    async def find(self, me: str, to: Address, delivery: str) -> str | None:
        """The reference of a delivery that went out whole; None when some of it, or all, is missing."""
        room = await self._room(me, to)
        found: dict[int, str] = {}
        for event in await self.own(me, room, LOOKED_THROUGH):
            mark = event.get("content", {}).get(render.DELIVERY)
            if isinstance(mark, dict) and mark.get("name") == delivery:
                found[mark["part"]] = render.edited(event) or event["event_id"]
                if len(found) == mark["of"]:
                    return reference(room, found[mark["of"] - 1])
        return None

    async def own(self, me: str, room: str, limit: int) -> list[wire.JSON]:
        """Our own latest messages in a room, newest first."""
        path = (*CLIENT, "rooms", room, "messages")
        answer = await self._wire.get(*path, dir="b", limit=limit, filter=_sent_by(me))
        return [event for event in answer.get("chunk", []) if isinstance(event, dict)]

    async def newest_before(self, me: str, room: str, event_id: str) -> wire.JSON:
        """Our own latest message before an event, edits aside; {} when there is none near it."""
        path = (*CLIENT, "rooms", room, "context", event_id)
        answer = await self._wire.get(*path, limit=2 * LOOKED_BACK, filter=_sent_by(me))
        before = [event for event in answer.get("events_before", []) if isinstance(event, dict)]
        return next((event for event in before if not render.edited(event)), {})

    async def event(self, room: str, event_id: str) -> wire.JSON:
        """An event with its last edit; {} when there is none that we may see."""
        try:
            return await self._wire.get(*CLIENT, "rooms", room, "event", event_id)
        except wire.RefusedError as refused:
            if refused.status in (400, 403, 404):
                return {}
            raise

    async def _room(self, me: str, to: Address) -> str:
        if not to.external_id.startswith("@") or ":" not in to.external_id:
            raise SendError("Matrix: the address is no @name:server", permanent=True)
        return await self._rooms.direct(me, to.external_id, "" if to.open else to.chat, anew=to.open)

    async def _replaceable(self, replaces: str, room: str) -> str:
        """The id of the message in this very room that is to be edited; "" when it is gone."""
        where, _, event_id = replaces.partition("|")
        found = await self.event(room, event_id) if where == room and event_id else {}
        return event_id if found.get("content", {}).get("body") else ""

    async def _content(self, part: render.Part, mark: _Mark, earlier: str) -> wire.JSON:
        """One part's event; a file is uploaded, all of them before anything is shown."""
        if part.file is None:
            return render.text_content(part, mark.content, earlier)
        file = part.file
        name, seconds = render.clean(file.name), self._upload_seconds
        address = await self._wire.upload(name, file.content, file.media_type, seconds)
        return render.file_content(file, address, mark.content)

    async def _post(self, room: str, contents: Sequence[wire.JSON], marks: Sequence[_Mark]) -> list[str]:
        """The ids of the parts' events. Raises SendError, and nothing else."""
        sent: list[str] = []
        for content, mark in zip(contents, marks, strict=True):
            path = (*CLIENT, "rooms", room, "send", "m.room.message", mark.transaction)
            try:
                answer = await self._wire.put(*path, body=content)
            except Exception as error:  # noqa: BLE001 what is in doubt depends on where it came
                raise wire.send_error(error, posting=True, begun=bool(sent)) from None
            sent.append(str(answer.get("event_id", "")))
        return sent


def _sent_by(user: str) -> str:
    """A filter for one person's messages."""
    return json.dumps({"types": ["m.room.message"], "senders": [user]})


class _Mark:
    """Which part of which delivery an event is: in its content, and as its transaction's id."""

    def __init__(self, delivery: str, part: int, of: int) -> None:
        self.content: wire.JSON | None = {"name": delivery, "part": part, "of": of} if delivery else None
        self.part, self.transaction = part, f"{delivery or secrets.token_hex(16)}.{part}"
