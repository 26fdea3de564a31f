"""Teams' side of the wire: activities with real tokens to a running host, and forged ones."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from tests.fakes.process import Fake
from tests.support.plain import plain

CLIENT_ID = "11111111-2222-4333-8444-555555555555"
TENANT = "99999999-8888-4777-8666-555555555555"
SECRET = "teams-secret-canary-4b"
ANNA = "aaaaaaaa-0000-4000-8000-000000000001"
CHAT = f"a:1{ANNA}"
BOT = {"id": f"28:{CLIENT_ID}", "name": "handledd"}
_numbers = itertools.count(1_795_339_800_000)

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TeamsDriver:
    """Sends to `base_url` what the connector would send, over a real socket."""

    base_url: str
    fake: Fake
    clock: Callable[[], datetime]
    client: httpx.Client = field(default_factory=plain)

    def close(self) -> None:
        """Close the sockets."""
        self.client.close()

    @property
    def service(self) -> str:
        """The connector's address, as it stands in every activity."""
        return f"{self.fake.url}/teams/"

    def post(self, activity: Mapping[str, Any], **more: Any) -> httpx.Response:
        """An activity with the token that belongs to it."""
        body = {"serviceUrl": self.service} | dict(activity)
        return self.raw(json.dumps(body).encode(), self.bearer(**more))

    def raw(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """A request with just these headers."""
        url = f"{self.base_url}/api/messages"
        return self.client.post(url, content=body, headers={"content-type": "application/json", **headers})

    def bearer(self, **more: Any) -> dict[str, str]:
        """A right token's header; `claims`, `key` and `header` replace what is right in it."""
        return {"authorization": f"Bearer {self.token(**more)}"}

    def token(
        self,
        claims: Mapping[str, Any] | None = None,
        key: str = "main",
        header: Mapping[str, Any] | None = None,
    ) -> str:
        """A token signed by the fake. A claim of None is left out."""
        now = int(self.clock().timestamp())
        whole = {
            "iss": "https://api.botframework.com",
            "aud": CLIENT_ID,
            "nbf": now - 10,
            "exp": now + 3600,
            "serviceurl": self.service,
        } | dict(claims or {})
        asked = {"claims": {k: v for k, v in whole.items() if v is not None}, "key": key}
        asked |= {"header": dict(header)} if header else {}
        answer = self.client.post(f"{self.fake.url}/control/sign", json=asked)
        return str(answer.json()["token"])


def activity(kind: str, **more: Any) -> Body:
    """What every activity in a personal chat has."""
    number = str(next(_numbers))
    return {
        "type": kind,
        "id": number,
        "timestamp": "2026-11-22T09:30:00.1234567Z",
        "localTimestamp": f"2026-11-22T10:30:00.{number[-6:]}+01:00",
        "channelId": "msteams",
        "from": {"id": "29:1anna", "name": "Anna Berg", "aadObjectId": ANNA},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": CHAT},
        "recipient": BOT,
        "channelData": {"tenant": {"id": TENANT}},
    } | more


def message(text: str, **more: Any) -> Body:
    """A line in the chat with the bot."""
    return activity("message", text=text, textFormat="plain", **more)


def mention(text: str, **more: Any) -> Body:
    """A line in a channel that names the bot where `text` says `<at>handledd</at>`."""
    where = {"conversationType": "channel", "tenantId": TENANT, "isGroup": True, "id": "19:st@thread.tacv2"}
    ours = {"type": "mention", "mentioned": BOT, "text": "<at>handledd</at>"}
    data = {"tenant": {"id": TENANT}, "channel": {"id": "19:st@thread.tacv2"}, "team": {"id": "19:team"}}
    return message(text, conversation=where, entities=[ours], channelData=data) | more


def edited(original: Mapping[str, Any], text: str, **more: Any) -> Body:
    """The same message, changed later."""
    change = {"type": "messageUpdate", "text": text, "timestamp": "2026-11-22T09:40:00.5Z"}
    return dict(original) | change | {"channelData": _event(original, "editMessage")} | more


def deleted(original: Mapping[str, Any], **more: Any) -> Body:
    """The same message, taken away later."""
    change = {"type": "messageDelete", "text": "", "channelData": _event(original, "softDeleteMessage")}
    return dict(original) | change | more


def _event(original: Mapping[str, Any], event: str) -> Body:
    return dict(original["channelData"]) | {"eventType": event}


def press(data: Mapping[str, Any], card: str = "1795339800999", **more: Any) -> Body:
    """A pressed Action.Execute."""
    action = {"type": "Action.Execute", "title": "Ångra", "verb": "handledd", "data": dict(data)}
    value = {"action": action, "trigger": "manual"}
    invoke = activity("invoke", name="adaptiveCard/action", value=value, replyToId=card, **more)
    return invoke | {"id": f"f:{invoke['id']}"}


def submit(data: Mapping[str, Any], card: str = "1795339800999", **more: Any) -> Body:
    """A pressed Action.Submit: a message without words."""
    return activity("message", value=dict(data), replyToId=card, **more)


def installed(**more: Any) -> Body:
    """The app was added by a person."""
    return activity("installationUpdate", **{"action": "add"} | more)


def consent(offer: str, upload: str = "", card: str = "1795339800888", **more: Any) -> Body:
    """The answer to an offered file: yes with a place to put it, no without."""
    value: Body = {"type": "fileUpload", "action": "decline", "context": {"offer": offer}}
    if upload:
        info = {
            "contentUrl": "https://kliniken-my.sharepoint.com/personal/anna/versikt.xlsx",
            "name": "översikt.xlsx",
            "uploadUrl": upload,
            "uniqueId": "1150d938-8870-4044-9f2c-5bbdebbbbbbb",
            "fileType": "xlsx",
        }
        value |= {"action": "accept", "uploadInfo": info}
    return activity("invoke", name="fileConsent/invoke", value=value, replyToId=card, **more)
