"""People on Matrix, each with a client of their own: what they do is plain client-server API calls."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from tests.support.plain import plain

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Someone:
    """A person (or the bot's own account, to look at things as it sees them)."""

    url: str
    user: str
    token: str
    client: httpx.Client = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        client = plain(base_url=f"{self.url}/_matrix", headers=headers)
        object.__setattr__(self, "client", client)

    # --- oneself

    def be_called(self, name: str) -> None:
        """Take a display name."""
        self.client.put(f"/client/v3/profile/{quote(self.user)}/displayname", json={"displayname": name})

    def device(self) -> str:
        """What the access token is one of."""
        return str(self._get("/client/v3/account/whoami")["device_id"])

    # --- rooms

    def direct_room(self, *others: str, encrypted: bool = False, is_direct: bool = True) -> str:
        """A new room to which others are invited, as a client's "start chat" makes it."""
        secret = {"algorithm": "m.megolm.v1.aes-sha2"}
        state = [{"type": "m.room.encryption", "state_key": "", "content": secret}] if encrypted else []
        room = self._post(
            "/client/v3/createRoom",
            {
                "preset": "trusted_private_chat",
                "is_direct": is_direct,
                "invite": list(others),
                "initial_state": state,
            },
        )
        return str(room["room_id"])

    def invite(self, room: str, other: str) -> None:
        """Ask somebody into a room."""
        self._post(f"/client/v3/rooms/{quote(room)}/invite", {"user_id": other})

    def join(self, room: str) -> None:
        """Accept an invitation."""
        self._post(f"/client/v3/rooms/{quote(room)}/join", {})

    def leave(self, room: str) -> None:
        """Leave, or decline an invitation."""
        self._post(f"/client/v3/rooms/{quote(room)}/leave", {})

    def encrypt(self, room: str) -> None:
        """Turn encryption on."""
        path = f"/client/v3/rooms/{quote(room)}/state/m.room.encryption/"
        self.client.put(path, json={"algorithm": "m.megolm.v1.aes-sha2"}).raise_for_status()

    def invitations(self) -> dict[str, str]:
        """Rooms one is asked into, and by whom."""
        invited: JSON = self._sync().get("rooms", {}).get("invite", {})
        return {room: self._inviter(one["invite_state"]["events"]) for room, one in invited.items()}

    def _inviter(self, state: list[JSON]) -> str:
        mine = [event for event in state if event.get("state_key") == self.user]
        return str(mine[-1]["sender"])

    def members(self, room: str) -> dict[str, str]:
        """Who stands how to a room: join, invite, leave."""
        found = self._get(f"/client/v3/rooms/{quote(room)}/members")["chunk"]
        return {event["state_key"]: event["content"]["membership"] for event in found}

    # --- saying

    def say(self, room: str, text: str, **more: Any) -> str:
        """Write a line; returns the event's id."""
        return self.put(room, "m.room.message", {"msgtype": "m.text", "body": text} | more)

    def edit(self, room: str, event: str, text: str) -> str:
        """Change an earlier line, as clients do."""
        return self.say(
            room,
            f"* {text}",
            **{
                "m.new_content": {"msgtype": "m.text", "body": text},
                "m.relates_to": {"rel_type": "m.replace", "event_id": event},
            },
        )

    def react(self, room: str, event: str, key: str) -> str:
        """Put an emoji under a message."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return self.put(room, "m.reaction", {"m.relates_to": relation})

    def answer(self, room: str, event: str, text: str) -> str:
        """Write a line as a reply to a message."""
        return self.say(room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": event}}})

    def delete(self, room: str, event: str) -> None:
        """Take a line away."""
        path = f"/client/v3/rooms/{quote(room)}/redact/{quote(event)}/{secrets.token_hex(8)}"
        self.client.put(path, json={}).raise_for_status()

    def put(self, room: str, kind: str, content: JSON, transaction: str = "") -> str:
        """Send any event at all; under the same transaction's name it is the same event."""
        path = f"/client/v3/rooms/{quote(room)}/send/{kind}/{transaction or secrets.token_hex(8)}"
        return str(self.client.put(path, json=content).raise_for_status().json()["event_id"])

    # --- looking

    def events(self, room: str, kind: str = "m.room.message") -> list[JSON]:
        """A room's events of one kind, oldest first."""
        found = self._get(f"/client/v3/rooms/{quote(room)}/messages", dir="b", limit=200)["chunk"]
        return [event for event in reversed(found) if event["type"] == kind]

    def read(self, room: str, sender: str) -> list[str]:
        """What somebody has said in a room, as a client shows it: edits in their message's place."""
        shown: dict[str, str] = {}
        for event in self.events(room):
            content, relation = event["content"], event["content"].get("m.relates_to", {})
            if event["sender"] == sender and content:
                is_edit = relation.get("rel_type") == "m.replace"
                said = content["m.new_content"] if is_edit else content
                shown[relation["event_id"] if is_edit else event["event_id"]] = said["body"]
        return list(shown.values())

    def download(self, mxc: str) -> bytes:
        """A file's content."""
        path = f"/client/v1/media/download/{mxc.removeprefix('mxc://')}"
        return self.client.get(path).raise_for_status().content

    def _sync(self) -> JSON:
        # Synapse keeps its answer to a question for two minutes; another timeout makes it another question.
        return self._get("/client/v3/sync", timeout=secrets.randbelow(1_000_000))

    def _get(self, path: str, **params: Any) -> JSON:
        found: JSON = self.client.get(path, params=params).raise_for_status().json()
        return found

    def _post(self, path: str, body: JSON) -> JSON:
        answer: JSON = self.client.post(path, json=body).raise_for_status().json()
        return answer
