"""A strict Slack in a process of its own: the Web API, response URLs and file uploads, with faults on demand.

    python -m tests.fakes.slack_fake LOG [TOKEN [APP_TOKEN]]

prints `{"port": N}` and appends one JSON object a line to LOG for everything it saw: `method`, `args`,
`accepted` (it took effect), `error`, `mentions` (what Slack would have made of the text), `fault`, `query`
(what stood in the address).

`POST /control/fault` `{"method": "chat.postMessage", "kind": …, "times": n, …}` with the kinds

- `answer` (`status`, `headers`, `body`, `type`): that answer, no effect;
- `error` (`error`): `{"ok": false, "error": …}`, no effect;
- `close`, `hang`, `lost` (`status`): takes effect, then the connection ends, never ends, or says 5xx;
- `reset`: the connection ends before anything took effect.

`POST /control/envelope`, `refresh` and `drop` are the Socket Mode of slack_socket_fake.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.server import listen
from tests.fakes import slack_blockkit
from tests.fakes.slack_socket_fake import SocketHub

Args = dict[str, Any]
USES = 5
"""How often a response_url can be used."""


class SlackSaysError(Exception):
    """An answer `{"ok": false, "error": …}`."""


class FakeSlack:
    """What Slack remembers."""

    def __init__(self, log: Path, token: str, app_token: str) -> None:
        self.log, self.token, self.app_token = log, token, app_token
        self.socket = SocketHub(self.write)
        self.faults: list[Args] = []
        self.messages: dict[str, list[Args]] = {}
        self.uploads: dict[str, Args] = {}
        self.hooks: dict[str, int] = {}
        self.triggers: set[str] = set()
        self.users: dict[str, Args] = {}
        self.issued: dict[str, str] = {}
        """Tokens of other workspaces, and which."""
        self.clock = 1_700_000_000

    # --- the wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, without a framework in between: a fault may need the very socket."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        response = await self.handle(request, await request.body())
        if response is None:
            send.__self__.transport.abort()  # type: ignore[attr-defined] # uvicorn's own cycle object
            return
        await response(scope, receive, send)

    async def handle(self, request: Request, body: bytes) -> Response | None:
        """None ends the connection without an answer."""
        _, where, name = request.url.path.split("/", 2)
        if where == "control" and name in {"envelope", "refresh", "drop"}:
            return JSONResponse(await self.socket.control(name, json.loads(body)))
        if where == "control":
            return self.control(name, json.loads(body))
        args = _args(request, body)
        method = {"api": name, "hook": "response_url", "upload": "upload"}[where]
        fault = self.next_fault(method)
        if fault and fault["kind"] in {"answer", "error", "reset"}:
            self.write(method, args, accepted=False, fault=fault)
            return _refusal(fault)
        response = self.take(request, method, name, args, fault)
        if fault and fault["kind"] == "hang":
            await asyncio.Event().wait()
        if fault and fault["kind"] == "lost":
            return PlainTextResponse("lost", fault.get("status", 502))
        return None if fault else response

    def take(self, request: Request, method: str, name: str, args: Args, fault: Args | None) -> Response:
        """The call's effect and answer."""
        try:
            if method not in {"response_url", "upload", "oauth.v2.access"}:
                self.authorise(request, args, self.app_token if method.startswith("apps.") else self.token)
            answer = self.call(method, name, args, str(request.base_url))
            error = None
        except SlackSaysError as caught:
            answer, error = {"ok": False, "error": str(caught)}, str(caught)
        query = request.url.query if method != "upload" else ""
        told = {"error": error, "fault": fault, "ts": answer.get("ts"), "query": query}
        self.write(method, args, accepted=error is None, **told)
        if method == "response_url":
            return PlainTextResponse(error or "ok", 404 if error else 200)
        return PlainTextResponse("OK") if method == "upload" else JSONResponse(answer)

    def authorise(self, request: Request, args: Args, wanted: str) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ") or args.get("token")
        args["workspace"] = self.issued.get(str(given), "T1")
        if given != wanted and given not in self.issued:
            raise SlackSaysError("invalid_auth" if given else "not_authed")

    def control(self, name: str, args: Args) -> Response:
        if name == "fault":
            self.faults.append({"times": 1} | args)
        elif name == "user":
            self.users[args["id"]] = args
        else:
            self.faults.clear()
        return JSONResponse({})

    def next_fault(self, method: str) -> Args | None:
        fault = next((f for f in self.faults if f["method"] == method and f["times"] > 0), None)
        if fault:
            fault["times"] -= 1
        return fault

    def write(self, method: str, args: Args, **more: Any) -> None:
        kept = {key: value for key, value in args.items() if key != "token"}
        line = {"method": method, "args": kept, "mentions": slack_blockkit.markup(args)} | more
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")

    # --- what the calls do

    def call(self, method: str, name: str, args: Args, base: str) -> Args:
        if method == "files.getUploadURLExternal":
            return self.upload_url(args, base)
        if method in {"upload", "response_url"}:
            return self.upload(name, args) if method == "upload" else self.respond(name, args)
        calls = {
            "apps.connections.open": lambda _: {"ok": True, "url": self.socket.address()},
            "auth.test": self.identity,
            "conversations.open": self.open,
            "conversations.history": self.history,
            "chat.postMessage": self.post,
            "chat.postEphemeral": self.whisper,
            "chat.update": self.update,
            "files.completeUploadExternal": self.complete,
            "oauth.v2.access": self.access,
            "users.info": self.user,
            "views.open": self.open_view,
            "views.publish": self.publish_view,
        }
        if method not in calls:
            raise SlackSaysError("unknown_method")
        return calls[method](args)

    def identity(self, args: Args) -> Args:
        return {"ok": True, "user_id": "UBOT", "team_id": "T1", "bot_id": "B1"}

    def open(self, args: Args) -> Args:
        return {"ok": True, "channel": {"id": self.channel(args["users"])}}

    def user(self, args: Args) -> Args:
        if args["user"] not in self.users:
            raise SlackSaysError("user_not_found")
        return {"ok": True, "user": self.users[args["user"]]}

    def access(self, args: Args) -> Args:
        """A code is `good-` and the workspace; it works once."""
        code, secret = args.pop("code"), args.pop("client_secret")
        if (args["client_id"], secret) != ("11.22", "oauth-canary-5"):
            raise SlackSaysError("bad_client_secret")
        if code == "org":
            return {"ok": True, "access_token": "xoxb-org", "team": None, "is_enterprise_install": True}
        token = f"xoxb-canary-{code}"
        if not code.startswith("good-") or token in self.issued:
            raise SlackSaysError("invalid_code")
        workspace = self.issued[token] = code.removeprefix("good-")
        return {
            "ok": True,
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": "UBOT2",
            "team": {"id": workspace, "name": f"Kliniken {workspace}"},
        }

    def open_view(self, args: Args) -> Args:
        """A trigger works once."""
        if args["trigger_id"] in self.triggers:
            raise SlackSaysError("exchanged_trigger_id")
        if args["trigger_id"].startswith("expired"):
            raise SlackSaysError("expired_trigger_id")
        _checked_view(args, "modal")
        self.triggers.add(args["trigger_id"])
        return {"ok": True, "view": {"id": f"V{len(self.triggers)}"}}

    def publish_view(self, args: Args) -> Args:
        self.channel(args["user_id"])
        for block in _checked_view(args, "home")["blocks"]:
            if block["type"] == "image":
                self.look_at(block["slack_file"]["id"])
        return {"ok": True, "view": {"id": "VHOME"}}

    def whisper(self, args: Args) -> Args:
        _checked(args)
        if "metadata" in args:
            raise SlackSaysError("invalid_arguments")
        self.channel(args["user"])
        self.channel(args["channel"])
        return {"ok": True, "message_ts": self.stamp()}

    def upload(self, name: str, args: Args) -> Args:
        self.uploads[name]["size"] = args["size"]
        return {}

    def post(self, args: Args) -> Args:
        _checked(args)
        channel, stamp = self.channel(args["channel"]), self.stamp()
        message: Args = {key: args[key] for key in ("text", "blocks", "metadata") if key in args}
        message |= {"ts": stamp, "bot_id": "B1", "user": "UBOT"}
        self.messages.setdefault(channel, []).append(message)
        return {"ok": True, "channel": channel, "ts": stamp}

    def update(self, args: Args) -> Args:
        _checked(args)
        for message in self.messages.get(args["channel"], []):
            if message["ts"] == args["ts"]:
                message |= {key: args[key] for key in ("text", "blocks", "metadata") if key in args}
                return {"ok": True, "channel": args["channel"], "ts": args["ts"]}
        raise SlackSaysError("message_not_found")

    def history(self, args: Args) -> Args:
        """Newest first; metadata only for who asks for it."""
        messages = self.messages.get(self.channel(args["channel"]), [])[::-1][: int(args.get("limit", 100))]
        if args.get("include_all_metadata") in {"1", "true", True}:
            return {"ok": True, "messages": messages}
        return {"ok": True, "messages": [{k: v for k, v in m.items() if k != "metadata"} for m in messages]}

    def respond(self, name: str, args: Args) -> Args:
        self.hooks[name] = self.hooks.get(name, 0) + 1
        if name.startswith("expired") or self.hooks[name] > USES:
            raise SlackSaysError("expired_url")
        _checked(args)
        return {}

    def upload_url(self, args: Args, base: str) -> Args:
        file = f"F{len(self.uploads) + 1:08}"
        self.uploads[file] = {"name": args["filename"], "length": int(args["length"])}
        return {"ok": True, "file_id": file, "upload_url": f"{base}upload/{file}"}

    def complete(self, args: Args) -> Args:
        files = args["files"] if isinstance(args["files"], list) else json.loads(args["files"])
        for file in files:
            upload = self.uploads.get(file["id"], {})
            if upload.get("size") != upload.get("length"):
                raise SlackSaysError("file_not_found")
        if "channel_id" not in args:
            return {"ok": True, "files": files}
        if not args["channel_id"].startswith(("C", "D", "G")):
            raise SlackSaysError("channel_not_found")
        shared = {"ts": self.stamp(), "bot_id": "B1", "files": files}
        self.messages.setdefault(args["channel_id"], []).append(shared)
        return {"ok": True, "files": files}

    def look_at(self, file: str) -> None:
        """A picture is known a while after its upload: here, when it is asked for the second time."""
        upload = self.uploads.get(file, {"asked": 0})
        upload["asked"] = upload.get("asked", 0) + 1
        if "size" not in upload or upload["asked"] < 2:
            raise SlackSaysError("invalid_blocks")

    def channel(self, name: str) -> str:
        if name.startswith("U"):
            if name == "UGONE":
                raise SlackSaysError("user_not_found")
            return "D" + name[1:]
        if not name.startswith(("C", "D", "G")) or "GONE" in name:
            raise SlackSaysError("channel_not_found")
        return name

    def stamp(self) -> str:
        self.clock += 1
        return f"{self.clock}.000100"


def _checked(args: Args) -> None:
    try:
        if "blocks" in args:
            slack_blockkit.check(args["blocks"])
        elif not args.get("text"):
            raise SlackSaysError("no_text")
    except (slack_blockkit.InvalidBlocksError, KeyError, AttributeError) as error:
        raise SlackSaysError("invalid_blocks") from error
    if len(args.get("text", "")) > 40_000:
        raise SlackSaysError("msg_too_long")


def _checked_view(args: Args, kind: str) -> Args:
    try:
        view = args["view"] if isinstance(args["view"], dict) else json.loads(args["view"])
        slack_blockkit.check_view(view)
    except (slack_blockkit.InvalidBlocksError, KeyError, AttributeError) as error:
        raise SlackSaysError("invalid_arguments") from error
    if view["type"] != kind:
        raise SlackSaysError("invalid_arguments")
    checked: Args = view
    return checked


def _args(request: Request, body: bytes) -> Args:
    """Query, form and JSON arguments alike; of an upload its size."""
    if request.url.path.startswith("/upload/"):
        return {"size": len(body)}
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(request.query_params) | dict(json.loads(body))
    return dict(request.query_params) | dict(parse_qsl(body.decode()))


def _refusal(fault: Args) -> Response | None:
    if fault["kind"] == "reset":
        return None
    if fault["kind"] == "error":
        return JSONResponse({"ok": False, "error": fault["error"]})
    body = fault.get("body", json.dumps({"ok": False, "error": "ratelimited"}))
    media = fault.get("type", "application/json")
    return Response(body, fault["status"], headers=fault.get("headers", {}), media_type=media)


async def main() -> None:
    """Serve on 127.0.0.1 until terminated."""
    log, *tokens = sys.argv[1:]
    token, app_token = [*tokens, *("xoxb-fake", "xapp-fake")[len(tokens) :]]
    with listen("127.0.0.1", 0) as listener:  # before the port is told: the first call is not refused
        slack = FakeSlack(Path(log), token, app_token)
        await slack.socket.start()
        sys.stdout.write(json.dumps({"port": listener.getsockname()[1]}) + "\n")
        sys.stdout.flush()
        config = uvicorn.Config(slack, log_level="critical", lifespan="off")
        config.timeout_graceful_shutdown = 1
        await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(main())
