"""The people behind the fake Telegram: updates as the Bot API words them, and orders to the fake."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import count
from typing import Any

import httpx

from tests.fakes.process import Fake
from tests.support.plain import plain

JSON = dict[str, Any]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
DATE = 1_795_339_800
"""2026-11-22T09:30:00Z"""
GROUP = -100_200

_numbers = count(5000)


def person(user: int, name: str = "Åsa") -> JSON:
    """A person as `from`."""
    return {"id": user, "is_bot": False, "first_name": name, "language_code": "sv"}


def _message(user: int, *, group: bool = False, **content: Any) -> JSON:
    private = {"id": user, "type": "private", "first_name": "Åsa"}
    chat = {"id": GROUP, "type": "supergroup", "title": "ST-läkare"} if group else private
    return {"message_id": next(_numbers), "from": person(user), "chat": chat, "date": DATE, **content}


def text(user: int, words: str, *, group: bool = False) -> JSON:
    """A text in the private chat or in the group."""
    return {"message": _message(user, group=group, text=words)}


def just_now(user: int, words: str) -> JSON:
    """A text in the private chat, stamped by the real clock: for a bot that is a process with that clock."""
    return {"message": {**_message(user, text=words), "date": int(time.time())}}


def caption(user: int, words: str) -> JSON:
    """A photo with words under it."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]
    return {"message": _message(user, photo=photo, caption=words)}


def sticker(user: int) -> JSON:
    """Something without words."""
    return {"message": _message(user, dice={"emoji": "🎲", "value": 3})}


def edit(original: JSON, words: str) -> JSON:
    """The same message with other words, a minute later."""
    return {"edited_message": {**original["message"], "text": words, "edit_date": DATE + 60}}


def press(user: int, message: int, data: str, query: str = "q1") -> JSON:
    """A press on a button under the bot's message."""
    bot = {"id": 4242, "is_bot": True, "first_name": "Handledd", "username": "handledd_bot"}
    under = {**_message(user, text="Sparat"), "message_id": message, "from": bot}
    return {
        "callback_query": {
            "id": query,
            "from": person(user),
            "chat_instance": "c",
            "message": under,
            "data": data,
        }
    }


def member(user: int, *, group: bool = False, back: bool = False) -> JSON:
    """The person blocked the bot, or let it in again; in the group, somebody put it out."""
    bot = {"id": 4242, "is_bot": True, "first_name": "Handledd"}
    inside: JSON = {"user": bot, "status": "member"}
    outside: JSON = {"user": bot, "status": "kicked", "until_date": 0}
    in_group: JSON = {"id": GROUP, "type": "group", "title": "ST"}
    return {
        "my_chat_member": {
            "chat": in_group if group else {"id": user, "type": "private"},
            "from": person(user),
            "date": DATE,
            "old_chat_member": outside if back else inside,
            "new_chat_member": inside if back else outside,
        }
    }


def migrated(user: int) -> JSON:
    """The group became a supergroup with another id: nobody wrote anything."""
    return {"message": _message(user, group=True, migrate_to_chat_id=GROUP - 1)}


def enqueue(fake: Fake, update: JSON) -> int:
    """Put an update in the fake's queue; returns its id."""
    return int(_order(fake, "update", update))


def pending(fake: Fake) -> list[int]:
    """The ids not yet confirmed."""
    return list(_order(fake, "pending", {}))


def calm(fake: Fake) -> None:
    """Forget the faults that were set."""
    _order(fake, "calm", {})


def reset(fake: Fake) -> None:
    """Forget the faults and the updates that wait."""
    _order(fake, "reset", {})


def know(fake: Fake, chat: int, state: str = "ok") -> None:
    """Let the fake know a chat: "ok", "blocked", or the id it has moved to."""
    _order(fake, "chat", {"id": chat, "state": state})


def know_many(fake: Fake, chats: Sequence[int]) -> None:
    """Let the fake know chats that work."""
    _order(fake, "chats", {"ids": list(chats)})


def fault(fake: Fake, method: str, kind: str, **more: Any) -> None:
    """The next `times` calls to `method` fail: 429, refuse, page, 5xx, close, hang or garbled."""
    _order(fake, "fault", {"method": method, "kind": kind, **more})


def flood(fake: Fake, method: str, parameters: JSON, times: int = 1) -> None:
    """429, with these `parameters` in the answer."""
    words = "Too Many Requests: retry later"
    fault(fake, method, "429", status=429, description=words, parameters=parameters, times=times)


def _order(fake: Fake, what: str, order: JSON) -> Any:
    with plain(timeout=10) as client:
        return client.post(f"{fake.url}/control/{what}", json=order).raise_for_status().json()


async def post_webhook(client: httpx.AsyncClient, update: JSON, secret: str, number: int = 7) -> int:
    """Deliver an update as Telegram does; returns the status."""
    body = {"update_id": number, **update}
    answer = await client.post("/telegram/webhook", json=body, headers={SECRET_HEADER: secret})
    return answer.status_code
