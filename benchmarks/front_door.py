"""The bot's own front door without sockets: whole HTTP requests, as the server hands them to the app (ASGI).

What is left out is the server's parsing of bytes from a socket (uvicorn's), which the floor leaves out too.
Everything behind it is the real thing: routing, the platform's checks, Bolt, the worker thread, the commit.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, func, select, text, update
from sqlmodel import Session
from starlette.applications import Starlette

from benchmarks.floor import Signed
from bot.clock import MovableClock
from bot.host import House, Make, build
from bot.platforms.slack import Slack
from bot.registry import Registry
from storage.columns import columns, table
from storage.engine import open_engine, reading, writing
from storage.schema import migrate
from storage.tables import Audit, Entry, Identity, Inbox, Outbox, Pairing, Person, Role, Standing, Trainee
from tests.fakes.slack_driver import FORM, command_body, sign
from tests.support import crowd

SECRET = "made-up-signing-secret"  # noqa: S105 nobody's
ZONE = "Europe/Stockholm"
LIVED = 20
_STORED = (Inbox, Entry, Standing, Audit, Outbox)


def clock() -> MovableClock:
    """Stands still at the crowd's moment, unless it is moved."""
    return MovableClock(crowd.NOW)


@contextmanager
def peopled(url: str, trainees: int, years: int, platform: str, workspace: str = "") -> Iterator[Engine]:
    """A database with so many trainees with years behind them, linked as U1 … (Teams: u1, Telegram: 1)"""
    engine = open_engine(url)
    migrate(engine)
    with writing(engine) as session:
        crowd.settle(session, LIVED, years)
        crowd.multiply(session, trainees // LIVED - 1)
        mark = {"telegram": "", "teams": "u"}.get(platform, "U")
        known = session.execute(select(columns(Trainee).person_id).order_by(columns(Trainee).id)).scalars()
        links = [
            {"person_id": person, "external_id": f"{mark}{number}", "chat": f"{mark}{number}"}
            for number, person in enumerate(known, 1)
        ]
        same = {"platform": platform, "workspace": workspace, "linked_at": crowd.NOW}
        session.execute(table(Identity).insert(), [link | same for link in links])
        roles = [{"person_id": link["person_id"], "role": "trainee", "unit_id": 1} for link in links]
        session.execute(table(Role).insert(), roles)
        _spread(session, trainees // 2)
        session.execute(text("ANALYZE"))
    yield engine
    engine.dispose()


def _spread(session: Session, pairs: int) -> None:
    """As in life: a supervisor for every second trainee, and a topic in every second session."""
    supervisor = columns(Person)
    same = {"name": "Eva Ek", "locale": "sv", "created_at": crowd.NOW}
    last = session.execute(select(func.max(supervisor.id))).scalar_one()  # PostgreSQL has not counted copies
    made = [{"id": last + n, "email": f"handledare{n}@exempel.se"} | same for n in range(1, pairs + 1)]
    session.execute(table(Person).insert(), made)
    named = select(supervisor.id).where(supervisor.email.startswith("handledare"))
    ids = session.execute(named).scalars().all()
    pairing, entry = columns(Pairing), columns(Entry)
    for number, person in enumerate(ids):
        theirs = pairing.trainee_id % len(ids) == number
        session.execute(update(table(Pairing)).where(theirs).values(supervisor_id=person))
    every_second = (entry.activity == "supervision") & (entry.id % 2 == 0)
    session.execute(update(table(Entry)).where(every_second).values(topics=["ethics"]))


def stored(engine: Engine) -> dict[str, int]:
    """How many rows there are of each kind that a log writes."""
    with reading(engine) as session:
        count = {
            model.__name__: session.execute(select(func.count()).select_from(table(model))).scalar_one()
            for model in _STORED
        }
    return {name: int(number) for name, number in count.items()}


def slack_house(engine: Engine, at: MovableClock) -> House:
    """The bot as `handledd run` builds it for Slack, with no network under it."""

    def make(hear: Any) -> Slack:
        registry = Registry(engine, at, "slack")
        return Slack(SECRET, "xoxb-made-up", "http://127.0.0.1:1/", hear, at, registry=registry)

    return house(engine, at, [make])


def house(engine: Engine, at: MovableClock, makers: Sequence[Make]) -> House:
    """The bot without a metronome: nothing but what comes in takes time."""
    return build(engine, at, ZONE, makers, beats=False)


def signed(number: int, said: str, at: datetime = crowd.NOW) -> Signed:
    """The slash command of account U`number`, signed at a moment."""
    form = command_body("/handledning", said, user_id=f"U{number}", trigger_id=f"{number}.1.abc")
    body, stamp = urlencode(form).encode(), str(int(at.timestamp()))
    return Signed(body, stamp, sign(SECRET, stamp, body))


def slack_headers(request: Signed) -> dict[str, str]:
    """What Slack sends along."""
    return {
        "content-type": FORM,
        "x-slack-request-timestamp": request.stamp,
        "x-slack-signature": request.signature,
    }


async def post(app: Starlette, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """One whole HTTP request through the app. Raises RuntimeError for any answer but 200."""
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    length = (b"content-length", str(len(body)).encode())
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [*raw, length],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
    }
    await app(scope, receive, send)
    if sent[0]["status"] != 200:
        raise RuntimeError(sent[0]["status"])
    return b"".join(part.get("body", b"") for part in sent[1:])


class SlackDoor:
    """Commands through the front door, one after the other, by some accounts or all; each is receipted."""

    def __init__(
        self, engine: Engine, loop: asyncio.AbstractEventLoop, said: str, accounts: Sequence[int] = ()
    ) -> None:
        self.engine = engine
        self._app, self._loop, self._said = slack_house(engine, clock()).app, loop, said
        with reading(engine) as session:
            people = session.execute(select(func.count()).select_from(table(Identity))).scalar_one()
        self._waiting = [signed(number, said) for number in accounts or range(people, 0, -1)]

    def take(self, messages: int) -> None:
        """So many messages, each from somebody who has not written yet."""
        for _ in range(messages):
            request = self._waiting.pop()
            work = post(self._app, "/slack/events", request.body, slack_headers(request))
            answer = json.loads(self._loop.run_until_complete(work))
            if not answer["text"].startswith("Sparat"):
                raise RuntimeError(answer["text"])
