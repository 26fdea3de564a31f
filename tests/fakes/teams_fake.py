"""A strict Teams in a process of its own: login, signing keys, the bot connector and a OneDrive, with faults.

    python -m tests.fakes.teams_fake LOG CLIENT_ID CLIENT_SECRET TENANT_ID

prints `{"port": N}` and appends one JSON object a line to LOG for everything it saw: `method` (token, keys,
open, create, update, delete, upload), `chat`, `id`, `body`, `accepted`, `error`, `markup` (what Teams would
have made of the text), `fault`.

`POST /control/sign` `{"claims": {…}, "key": "main" | "other" | "unendorsed" | "bare", "header": {…}}` gives a
real token signed with RS256; `other` is a key that is not published, `bare` one without endorsements.
`POST /control/fault` `{"method": …, "kind": …, "times": n, …}` with the kinds

- `answer` (`status`, `headers`, `body`): that answer, no effect;
- `hold`: waits for `POST /control/release`, then goes on as usual;
- `close`, `hang`, `lost` (`status`), `empty`: takes effect, then the connection ends, never ends, says 5xx,
  or the answer is `{}`;
- `reset`: the connection ends before anything took effect.

`POST /control/forward` `{"to": URL}` names a bot; from then on whatever comes to `POST /api/messages` goes on
to it with a right token, which Microsoft's own playground does not make. `POST /control/revoke` makes the
bot's token worthless; `POST /control/reset` ends all faults.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from tests.fakes import teams_card
from tests.fakes.serving import serve

Body = dict[str, Any]
MESSAGE_BYTES = 28 * 1024
PICTURE_CHARACTERS = 1024 * 1024 * 4 // 3 + 100


class TeamsSaysError(Exception):
    """An answer with this status and error code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class FakeTeams:
    """What Teams remembers."""

    def __init__(self, log: Path, client_id: str, secret: str, tenant: str) -> None:
        self.log, self.client_id, self.secret, self.tenant = log, client_id, secret, tenant
        names = ("main", "unendorsed", "bare", "other")
        self.keys = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in names}
        self.faults: list[Body] = []
        self.messages: dict[str, dict[str, Body]] = {}
        self.held = asyncio.Event()
        self.bot = ""
        self.tokens, self.good = 0, set[str]()
        self.clock = 1_795_339_800_000

    # --- the wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, without a framework in between: a fault may need the very socket."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        response = await self.handle(request, scope["raw_path"].decode(), await request.body())
        if response is None:
            send.__self__.transport.abort()  # type: ignore[attr-defined] # uvicorn's own cycle object
            return
        await response(scope, receive, send)

    async def handle(self, request: Request, path: str, raw: bytes) -> Response | None:
        """None ends the connection without an answer."""
        if path == "/api/messages":
            return await self.forward(raw)
        if path.startswith("/control/"):
            return self.control(path.removeprefix("/control/"), json.loads(raw or b"{}"))
        method, names = _route(request.method, path)
        fault = self.next_fault(method)
        if fault and fault["kind"] == "hold":
            self.write({"method": method, "fault": fault})
            await self.held.wait()
            fault = None
        if fault and fault["kind"] in {"answer", "reset"}:
            self.write({"method": method, "accepted": False, "fault": fault})
            return _answer(fault) if fault["kind"] == "answer" else None
        response = self.take(request, method, names, raw, fault)
        if fault and fault["kind"] == "hang":
            await asyncio.Event().wait()
        if fault and fault["kind"] == "lost":
            return PlainTextResponse("lost", fault.get("status", 502))
        if fault and fault["kind"] == "empty":
            return JSONResponse({})
        return None if fault else response

    def take(
        self, request: Request, method: str, names: list[str], raw: bytes, fault: Body | None
    ) -> Response:
        """The call's effect and answer."""
        line: Body = {"method": method, "accepted": True, "fault": fault, "error": None}
        try:
            answer = self.call(request, method, names, raw, line)
        except TeamsSaysError as refused:
            line |= {"accepted": False, "error": refused.code}
            answer = JSONResponse({"error": {"code": refused.code, "message": "no"}}, refused.status)
        self.write(line)
        return answer

    def call(self, request: Request, method: str, names: list[str], raw: bytes, line: Body) -> Response:
        if method == "keys":
            return JSONResponse(self.jwks())
        if method == "token":
            return self.login(names[0], raw)
        if method == "upload":
            line |= {"id": names[0], "size": len(raw), "authorized": "authorization" in request.headers}
            return JSONResponse({}, 201)
        if method == "unknown":
            raise TeamsSaysError(404, "NoSuchRoute")
        if request.headers.get("authorization") not in self.good:
            raise TeamsSaysError(401, "Unauthorized")
        return JSONResponse(self.connector(method, names, raw, line), 201 if method == "create" else 200)

    def control(self, name: str, args: Body) -> Response:
        match name:
            case "sign":
                return JSONResponse({"token": self.sign(args)})
            case "public":
                return JSONResponse({"pem": _pem(self.keys["main"])})
            case "forward":
                self.bot = args["to"]
            case "fault":
                self.faults.append({"times": 1} | args)
            case "release":
                self.held.set()
            case "revoke":
                self.good.clear()
            case _:
                self.faults.clear()
                self.held = asyncio.Event()
        return JSONResponse({})

    async def forward(self, raw: bytes) -> Response:
        """An activity of a client that signs nothing, with a token to the bot and its answer back."""
        claims = {"iss": "https://api.botframework.com", "aud": self.client_id, "exp": 4_000_000_000}
        token = self.sign({"claims": claims | {"serviceurl": json.loads(raw)["serviceUrl"]}})
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.post(f"{self.bot}/api/messages", content=raw, headers=headers)
        self.write({"method": "forward", "body": json.loads(raw), "status": answer.status_code})
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    def next_fault(self, method: str) -> Body | None:
        fault = next((f for f in self.faults if f["method"] == method and f["times"] > 0), None)
        if fault:
            fault["times"] -= 1
        return fault

    def write(self, line: Body) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")

    # --- login and keys

    def jwks(self) -> Body:
        found = []
        endorsed = {"main": ["msteams", "webchat"], "unendorsed": ["webchat"], "bare": None}
        for name, channels in endorsed.items():
            more = {} if channels is None else {"endorsements": channels}
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[name].public_key(), as_dict=True)
            found.append(public | {"kid": name, "use": "sig"} | more)
        return {"keys": [*found, {"kty": "EC", "kid": "odd"}, {"kty": "RSA", "kid": "broken", "n": "?"}]}

    def sign(self, args: Body) -> str:
        key, header = args.get("key", "main"), args.get("header", {})
        return jwt.encode(args["claims"], self.keys[key], "RS256", headers={"kid": key} | header)

    def login(self, tenant: str, raw: bytes) -> Response:
        form = dict(parse_qsl(raw.decode(), strict_parsing=True))
        wanted = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
            "scope": "https://api.botframework.com/.default",
        }
        if tenant != self.tenant or form != wanted:
            raise TeamsSaysError(401, "invalid_client")
        self.tokens += 1
        token = f"token-canary-{self.tokens}"
        self.good.add(f"Bearer {token}")
        return JSONResponse({"token_type": "Bearer", "expires_in": 3600, "access_token": token})

    # --- the connector

    def connector(self, method: str, names: list[str], raw: bytes, line: Body) -> Body:
        if method == "open":
            return self.open(json.loads(raw), line)
        chat, message = names[0], names[1] if len(names) > 1 else ""
        line |= {"chat": chat, "id": message}
        self.in_chat(chat)
        posts = self.messages.setdefault(chat, {})
        if method in {"update", "delete"} and message not in posts:
            raise TeamsSaysError(404, "ActivityNotFoundInConversation")
        if method == "delete":
            posts.pop(message)
            return {}
        body = json.loads(raw)
        line |= {"body": _short(body), "markup": teams_card.markup(body)}
        self.check(body)
        line["id"] = message or self.stamp()
        posts[line["id"]] = body
        return {"id": line["id"]}

    def open(self, body: Body, line: Body) -> Body:
        line["body"] = body
        [member] = body["members"]
        if body.get("tenantId") != self.tenant or body["channelData"]["tenant"]["id"] != self.tenant:
            raise TeamsSaysError(400, "BadArgument")
        if "gone" in member["id"]:
            raise TeamsSaysError(403, "ForbiddenOperationException")
        return {"id": f"a:1{member['id']}"}

    def in_chat(self, chat: str) -> None:
        if not chat.startswith("a:"):
            raise TeamsSaysError(403, "BotNotInConversationRoster")
        for code in ("ConversationBlockedByUser", "MessageWritesBlocked", "BotDisabledByAdmin"):
            if code.casefold() in chat:
                raise TeamsSaysError(403, code)

    def check(self, body: Body) -> None:
        pictures = [a for a in body.get("attachments", []) if "contentUrl" in a]
        if any(len(a["contentUrl"]) > PICTURE_CHARACTERS for a in pictures):
            raise TeamsSaysError(413, "MessageSizeTooBig")
        if len(json.dumps(_short(body), ensure_ascii=False).encode()) > MESSAGE_BYTES:
            raise TeamsSaysError(413, "MessageSizeTooBig")
        try:
            teams_card.check(body)
        except teams_card.InvalidActivityError as error:
            raise TeamsSaysError(400, "BadSyntax") from error

    def stamp(self) -> str:
        self.clock += 1
        return str(self.clock)


def _route(method: str, path: str) -> tuple[str, list[str]]:
    """The call's name, and the names in its path, decoded once as Teams does."""
    match [method, *map(unquote, path.strip("/").split("/"))]:
        case ["GET", "keys"]:
            return "keys", []
        case ["POST", tenant, "oauth2", "v2.0", "token"]:
            return "token", [tenant]
        case ["PUT", "upload", name]:
            return "upload", [name]
        case ["POST", "teams", "v3", "conversations"]:
            return "open", []
        case ["POST", "teams", "v3", "conversations", chat, "activities"]:
            return "create", [chat]
        case ["PUT", "teams", "v3", "conversations", chat, "activities", message]:
            return "update", [chat, message]
        case ["DELETE", "teams", "v3", "conversations", chat, "activities", message]:
            return "delete", [chat, message]
        case _:
            return "unknown", []


def _short(body: Body) -> Body:
    """The body, with pictures as their size."""
    attachments = [
        a
        | (
            {"contentUrl": f"{len(a['contentUrl'])} characters"}
            if a.get("contentUrl", "")[:5] == "data:"
            else {}
        )
        for a in body.get("attachments", [])
    ]
    return body | ({"attachments": attachments} if attachments else {})


def _answer(fault: Body) -> Response:
    body = fault.get("body", {"error": {"code": fault.get("code", "Odd"), "message": "no"}})
    text = body if isinstance(body, str) else json.dumps(body)
    return Response(text, fault["status"], headers=fault.get("headers", {}), media_type="application/json")


def _pem(key: rsa.RSAPrivateKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def main() -> None:
    """Serve on 127.0.0.1 until terminated."""
    log, client_id, secret, tenant = sys.argv[1:5]
    app = FakeTeams(Path(log), client_id, secret, tenant)
    serve(app, lifespan="off", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
