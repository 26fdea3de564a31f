"""Stands between the bot and a real homeserver: `process.start("tests.fakes.matrix_proxy", HOMESERVER)`.

It passes every request on as it is and logs `{"method", "path", "status", "fault", "body"}`, the status
being the homeserver's own (0 where it was never asked). Control (POST, JSON): /control/fault sets a fault
for the next `times` requests whose method and path match; /control/calm forgets all faults.
Faults: "refuse" answers `status`, `body` and `headers` without asking; the others ask first and then lose
the answer: "close", "hang", "5xx", "garbled".
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.serving import serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

JSON = dict[str, Any]
PASSED_ON = ("authorization", "content-type")


class Between:
    """The faults that are set, and the log."""

    def __init__(self, log: Path, homeserver: str) -> None:
        self.log_path, self.faults = log, list[JSON]()
        self.client = httpx.AsyncClient(base_url=homeserver, timeout=120)

    def fault(self, method: str, path: str) -> JSON:
        """The next fault for this request, used up; {} for none."""
        for fault in self.faults:
            if fault["times"] > 0 and fault["method"] == method and re.search(fault["path"], path):
                fault["times"] -= 1
                return fault
        return {}

    def log(self, line: JSON) -> None:
        with self.log_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


async def passed_on(request: Request) -> Response:
    """One request."""
    between: Between = request.app.state.between
    path = request.scope["raw_path"].decode()
    fault, body = between.fault(request.method, path), await request.body()
    line = {"method": request.method, "path": path, "fault": fault.get("kind"), "body": _read(body)}
    if fault.get("kind") == "refuse":
        between.log({**line, "status": 0})
        return JSONResponse(fault.get("body", {}), fault["status"], fault.get("headers"))
    answer = await between.client.request(
        request.method,
        f"{path}?{request.url.query}",
        content=body,
        headers={name: request.headers[name] for name in PASSED_ON if name in request.headers},
    )
    between.log({**line, "status": answer.status_code})
    return await _lost(request, fault, answer)


async def _lost(request: Request, fault: JSON, answer: httpx.Response) -> Response:
    match fault.get("kind"):
        case "close":
            request.receive.__self__.transport.abort()  # type: ignore[attr-defined]
        case "hang":
            while not await request.is_disconnected():  # noqa: ASYNC110 it has no event to wait for
                await asyncio.sleep(0.02)
        case "5xx":
            return Response("<html>Bad Gateway</html>", fault.get("status", 502))
        case "garbled":
            return Response('{"event_id": "$ab')
    kind = {"Content-Type": answer.headers.get("content-type", "")}
    return Response(answer.content, answer.status_code, headers=kind)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


async def control(request: Request) -> Response:
    """Set a fault, or forget all."""
    between: Between = request.app.state.between
    if request.path_params["what"] == "fault":
        between.faults.append({"times": 1, **await request.json()})
    else:
        between.faults.clear()
    return JSONResponse(None)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    await app.state.between.client.aclose()


def main(log: str, homeserver: str) -> None:
    """Listen on a free port of loopback, say which, serve until killed."""
    routes = [
        Route("/control/{what}", control, methods=["POST"]),
        Route("/{path:path}", passed_on, methods=["GET", "PUT", "POST", "DELETE"]),
    ]
    app = Starlette(routes=routes, lifespan=_lifespan)
    app.state.between = Between(Path(log), homeserver)
    serve(app, http="h11", proxy_headers=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
