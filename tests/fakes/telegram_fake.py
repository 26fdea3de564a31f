"""A strict Bot API on loopback, for `tests.fakes.process.start("tests.fakes.telegram_fake", TOKEN)`.

It keeps Telegram's rules where ours must meet them: an update is confirmed only by a higher offset, one
getUpdates at a time and none beside a webhook, a press answered once, known and unblocked chats, lengths,
buttons' bytes, HTML. What it finds wrong is answered as Telegram answers and logged with `"ok": false`.

Log lines: `{"method", "params", "files", "ok", "status", "error", "fault"}` for each call, in order of
arrival at the answer, and `{"shown": id, "chat", "text", "entities", "buttons", "file", "edited"}` for
what a person would see. Control (POST, JSON): /control/update, /control/fault, /control/chat,
/control/pending, /control/calm (no more faults), /control/reset (nothing waits either).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes import telegram_entities as entities
from tests.fakes.serving import serve

JSON = dict[str, Any]
ME: JSON = {"id": 4242, "is_bot": True, "first_name": "Handledd", "username": "handledd_bot"}


class ApiError(Exception):
    """What Telegram answers when it refuses."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class World:
    """Everything the fake remembers."""

    def __init__(self, log: Path, token: str) -> None:
        self.log_path, self.token = log, token
        self.updates: list[JSON] = []
        self.update_ids, self.message_ids = count(1000), count(1)
        self.arrived = asyncio.Event()
        self.polls = 0
        self.webhook = ""
        self.chats: dict[int, str] = {}
        """Known chats: "ok", "blocked", or the id a group has moved to."""
        self.messages: dict[tuple[int, int], JSON] = {}
        self.answered: set[str] = set()
        self.faults: list[JSON] = []

    def log(self, line: JSON) -> None:
        with self.log_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def fault(self, method: str) -> JSON:
        """The next fault set for this method, used up; {} for none."""
        for fault in self.faults:
            if fault["method"] == method and fault["times"] > 0:
                fault["times"] -= 1
                return fault
        return {}


# --- receiving -------------------------------------------------------------------------------------------


async def get_updates(world: World, params: JSON) -> list[JSON]:
    if world.webhook:
        raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
    world.polls += 1
    mine, deadline = world.polls, time.monotonic() + float(params.get("timeout", 0))
    offset = int(params.get("offset", 0))
    world.updates = [update for update in world.updates if update["update_id"] >= offset]
    world.arrived.set()  # wakes an older poll, so that it ends
    while not world.updates and time.monotonic() < deadline:
        world.arrived.clear()
        try:
            await asyncio.wait_for(world.arrived.wait(), max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            break
        if mine != world.polls:
            raise ApiError(409, "Conflict: terminated by other getUpdates request")
    return world.updates[: int(params.get("limit", 100))]


async def get_me(world: World, params: JSON) -> JSON:
    return ME


async def set_webhook(world: World, params: JSON) -> bool:
    world.webhook = params["url"]
    return True


async def delete_webhook(world: World, params: JSON) -> bool:
    world.webhook = ""
    if params.get("drop_pending_updates") == "true":
        world.updates = []
    return True


async def set_my_commands(world: World, params: JSON) -> bool:
    for command in json.loads(params["commands"]):
        name = command["command"]
        if not 1 <= len(name) <= 32 or not (name.isascii() and name == name.lower()):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    return True


async def answer_callback_query(world: World, params: JSON) -> bool:
    query = params["callback_query_id"]
    if query in world.answered:
        raise ApiError(
            400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    world.answered.add(query)
    return True


# --- showing ---------------------------------------------------------------------------------------------


async def send_message(world: World, params: JSON) -> JSON:
    return show(world, params, read_text(params, "text", 4096))


async def send_photo(world: World, params: JSON) -> JSON:
    return show(world, params, read_text(params, "caption", 1024), file=params["photo"])


async def send_document(world: World, params: JSON) -> JSON:
    return show(world, params, read_text(params, "caption", 1024), file=params["document"])


async def edit_message_text(world: World, params: JSON) -> JSON:
    chat, number = chat_of(world, params), int(params["message_id"])
    old = world.messages.get((chat, number))
    if old is None:
        raise ApiError(400, "Bad Request: message to edit not found")
    if old["file"]:
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    text = read_text(params, "text", 4096)
    if (old["text"], old["buttons"]) == (text["text"], read_buttons(params)):
        raise ApiError(400, "Bad Request: message is not modified: specified new message content is the same")
    return show(world, params, text, number=number)


def show(world: World, params: JSON, text: JSON, file: JSON | None = None, number: int = 0) -> JSON:
    chat = chat_of(world, params)
    shown = {
        "shown": number or next(world.message_ids),
        "chat": chat,
        **text,
        "buttons": read_buttons(params),
        "file": file,
        "edited": bool(number),
        "preview": not json.loads(params.get("link_preview_options", "{}")).get("is_disabled", False),
    }
    world.messages[chat, shown["shown"]] = shown
    world.log(shown)
    return {
        "message_id": shown["shown"],
        "from": ME,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private" if chat > 0 else "group"},
        "text": text["text"],
    }


def chat_of(world: World, params: JSON) -> int:
    chat = int(params["chat_id"])
    state = world.chats.get(chat)
    if state is None:
        raise ApiError(400, "Bad Request: chat not found")
    if state == "blocked":
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    if state != "ok":
        moved = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, moved, migrate_to_chat_id=int(state))
    return chat


def read_text(params: JSON, key: str, limit: int) -> JSON:
    text: str = params.get(key, "")
    marked: list[entities.Entity] = []
    if params.get("parse_mode") == "HTML":
        try:
            text, marked = entities.from_html(text)
        except ValueError as error:
            raise ApiError(400, f"Bad Request: {error}") from None
    elif "parse_mode" in params:
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    if key == "text" and not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if entities.units(text) > limit:
        raise ApiError(400, "Bad Request: message is too long")
    return {"text": text, "entities": marked + entities.found(text)}


def read_buttons(params: JSON) -> list[list[JSON]]:
    rows: list[list[JSON]] = json.loads(params.get("reply_markup", "{}")).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if not button["text"].strip() or not 1 <= len(button["callback_data"].encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return rows


METHODS: dict[str, Callable[[World, JSON], Awaitable[Any]]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "setMyCommands": set_my_commands,
    "answerCallbackQuery": answer_callback_query,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "editMessageText": edit_message_text,
}

# --- HTTP ------------------------------------------------------------------------------------------------


async def read_params(request: Request) -> JSON:
    """Form fields as strings; a file as `{"name", "size", "head"}` (head: the first bytes as Latin-1)."""
    body, kind = await request.body(), request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))
    boundary = b"--" + kind.partition("boundary=")[2].encode()
    return dict(_field(part[2:-2]) for part in body.split(boundary)[1:-1])


def _field(part: bytes) -> tuple[str, str | JSON]:
    head, _, content = part.partition(b"\r\n\r\n")
    line = head.decode().split("\r\n")[0]
    name = line.partition('name="')[2].partition('"')[0]
    if 'filename="' not in line:
        return name, content.decode()
    filename = line.partition('filename="')[2].partition('"')[0]
    return name, {"name": filename, "size": len(content), "head": content[:16].decode("latin-1")}


async def api(request: Request) -> Response:
    """One call. Faults: "429", "refuse" and "page" (any status) before it is accepted, all others after."""
    world: World = request.app.state.world
    method, params = request.path_params["method"], await read_params(request)
    fault = world.fault(method)
    status, answer = await outcome(world, request.path_params["token"], method, params, fault)
    line = {"method": method, "params": params, "ok": answer["ok"], "status": status}
    world.log({**line, "error": answer.get("description"), "fault": fault.get("kind")})
    match fault.get("kind"):
        case "close":
            request.receive.__self__.transport.abort()  # type: ignore[attr-defined]
        case "hang":
            while not await request.is_disconnected():  # noqa: ASYNC110 it has no event to wait for
                await asyncio.sleep(0.02)
        case "5xx":
            return Response(fault.get("body", "<html>Bad Gateway</html>"), fault.get("status", 502))
        case "page":
            return Response("<html>", status, {"Location": "/elsewhere"}, "text/html")
        case "garbled":
            return Response('{"ok": true, "resu')
    return JSONResponse(answer, status)


async def outcome(world: World, token: str, method: str, params: JSON, fault: JSON) -> tuple[int, JSON]:
    try:
        if token != world.token:
            raise ApiError(401, "Unauthorized")
        if method not in METHODS:
            raise ApiError(404, "Not Found")
        if fault.get("kind") in ("429", "refuse", "page"):
            raise ApiError(fault["status"], fault.get("description", ""), **fault.get("parameters", {}))
        return 200, {"ok": True, "result": await METHODS[method](world, params)}
    except ApiError as error:
        answer = {"ok": False, "error_code": error.status, "description": error.description}
        return error.status, {**answer, "parameters": error.parameters} if error.parameters else answer


async def control(request: Request) -> Response:
    world: World = request.app.state.world
    order = await request.json()
    match request.path_params["what"]:
        case "update":
            world.updates.append({"update_id": next(world.update_ids), **order})
            world.updates.sort(key=lambda update: int(update["update_id"]))
            world.arrived.set()
            return JSONResponse(world.updates[-1]["update_id"])
        case "fault":
            world.faults.append({"times": 1, **order})
        case "chat":
            world.chats[order["id"]] = order["state"]
        case "chats":
            world.chats.update(dict.fromkeys(order["ids"], "ok"))
        case "calm":
            world.faults.clear()
        case "reset":
            world.faults.clear()
            world.updates.clear()
        case "pending":
            return JSONResponse([update["update_id"] for update in world.updates])
    return JSONResponse(None)


def main(log: str, token: str) -> None:
    """Listen on a free port of loopback, say which, serve until killed."""
    routes = [
        Route("/bot{token}/{method}", api, methods=["POST"]),
        Route("/control/{what}", control, methods=["POST"]),
    ]
    app = Starlette(routes=routes)
    app.state.world = World(Path(log), token)
    serve(app, http="h11", proxy_headers=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
