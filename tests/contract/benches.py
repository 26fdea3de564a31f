"""The platforms on their benches: each with its own peer, and the whole bot behind it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

import httpx
import uvicorn
from sqlalchemy import Engine
from sqlmodel import select

from bot.clock import MovableClock
from bot.host import Make, build
from bot.platforms.contract import Address, Hear, Platform
from bot.platforms.slack import Slack
from bot.platforms.telegram import Telegram
from bot.platforms.telegram_poll import Pace
from bot.platforms.web import Web
from bot.platforms.web_incoming import WebPerson
from bot.server import listen
from handlers.message import Incoming, Message, Reply
from schedules.zone import to_local
from storage.engine import writing
from storage.tables import Identity, Person
from tests.contract.suite import Shown
from tests.contract.web.events import shown as shown_on_page
from tests.fakes import process, slack_blockkit, slack_driver, teams_driver
from tests.fakes import telegram_driver as telegram
from tests.fakes.process import Fake
from tests.support import synapse
from tests.support.plain import plain
from tests.support.world import ZONE, World

SECRET = "signing-canary"
TOKEN = "4242:AAE-canary_token"


class Base(ABC):
    """The bot around one platform, served in a thread of its own. `ids` are the people's accounts."""

    faults: tuple[str, ...] = ("blocked", "flooded", "lost", "token")
    tells_deletions = False
    ids: ClassVar[dict[str, str]]
    workspace = ""

    def __init__(self, engine: Engine, make: Make) -> None:
        self.people = World(engine)
        self.people.clock = MovableClock(self.people.clock(), running=True)  # a chat's turn has to come
        self._link()
        house = build(engine, self.people.clock, ZONE, [make], beats=False)
        [self.platform] = house.platforms.values()
        self.app = house.app
        self.url = ""
        self.client = plain()
        self._loop: asyncio.AbstractEventLoop | None = None

    def _link(self) -> None:
        with writing(self.people.engine) as session:
            for name in self.ids:
                person = session.exec(select(Person).where(Person.email == f"{name}@exempel.se")).one()
                session.add(
                    Identity(
                        person_id=person.id or 0,
                        platform=self.name,
                        workspace=self.workspace,
                        external_id=self.account(name),
                        chat=self.chat(name),
                        linked_at=self.people.clock(),
                    )
                )

    name = ""

    def account(self, who: str) -> str:
        return self.ids[who]

    def chat(self, who: str) -> str:
        return self.account(who)

    @abstractmethod
    def seen(self, who: str) -> list[Shown]:
        """See suite.Bench."""

    def remade(self, seconds: float, url: str = "") -> Platform:
        """Another client of the platform, which waits so long for an answer; with `url` at another peer."""
        return self._make(_deaf, seconds, url)

    @abstractmethod
    def _make(self, hear: Hear, seconds: float = 5.0, url: str = "") -> Platform:
        """A client that waits so long for an answer; with `url` one of another peer."""

    def send(self, who: str, message: Message, delivery: str) -> str:
        to = Address(self.name, self.account(who), self.workspace, self.chat(who))
        assert self._loop
        return asyncio.run_coroutine_threadsafe(self.platform.send(to, message, delivery), self._loop).result(
            60
        )

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        with listen("127.0.0.1", 0) as listening:
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            server = uvicorn.Server(uvicorn.Config(self.app, ws="none", log_config=None, access_log=False))
            up: Future[asyncio.AbstractEventLoop] = Future()

            async def serve() -> None:
                up.set_result(asyncio.get_running_loop())
                await server.serve(sockets=[listening])

            thread = threading.Thread(target=asyncio.run, args=(serve(),))
            thread.start()
            self._loop = up.result(60)
            try:
                yield
            finally:
                server.should_exit = True
                thread.join(60)
                self.close()

    def close(self) -> None:
        """End the connections of the bench's own."""
        self.client.close()


class Remote(Base):
    """One whose client speaks to a process of its own: the platform's fake, or its real server."""

    @property
    @abstractmethod
    def peer(self) -> Fake:
        """That process."""


class SlackBench(Remote):
    """Slack over HTTP, and the strict fake."""

    name = "slack"
    ids: ClassVar[dict[str, str]] = {"anna": "U1", "bo": "U2", "eva": "U3"}
    workspace = "T1"
    tells_deletions = True

    def __init__(self, engine: Engine, fake: Fake) -> None:
        self.fake = fake.from_now_on()
        super().__init__(engine, self._make)
        self._stamps: dict[str, str] = {}

    @property
    def peer(self) -> Fake:
        return self.fake

    def _make(self, hear: Hear, seconds: float = 5.0, url: str = "") -> Platform:
        api = f"{url or self.fake.url}/api/"
        return Slack(SECRET, "xoxb-fake", api, hear, self.people.clock, call_seconds=seconds)

    def chat(self, who: str) -> str:
        return "D" + self.ids[who][1:]

    @property
    def driver(self) -> slack_driver.SlackDriver:
        return slack_driver.SlackDriver(self.url, SECRET, self.people.clock, self.client)

    def _stamp(self, name: str) -> str:
        now = int(self.people.clock().timestamp())
        return self._stamps.setdefault(name, f"{now}.{len(self._stamps) + 1:06}")

    def _event(self, who: str, event: dict[str, Any], name: str) -> None:
        place = {"user": self.ids[who], "channel": self.chat(who)}
        answer = self.driver.event(event | place, event_id=f"Ev{name}")
        assert answer.status_code == 200

    def say(self, who: str, text: str, name: str) -> None:
        stamp = self._stamp(name)
        self._event(who, slack_driver.direct(text, ts=stamp, event_ts=stamp), name)

    def edit(self, who: str, name: str, text: str) -> None:
        event = slack_driver.edited("förut", text)
        self._event(who, self._about(who, event, name), f"{name}-edit")

    def delete(self, who: str, name: str) -> None:
        self._event(who, self._about(who, slack_driver.deleted("förut"), name), f"{name}-delete")

    def _about(self, who: str, event: dict[str, Any], name: str) -> dict[str, Any]:
        """The event with the inner messages' stamp and writer."""
        inner = {"ts": self._stamp(name), "user": self.ids[who]}
        return event | {key: event[key] | inner for key in ("message", "previous_message") if key in event}

    def press(self, who: str, on: Shown, press: str) -> None:
        stamp = on.ref.partition(":")[2]
        user = {"id": self.ids[who], "team_id": "T1"}
        body = slack_driver.press(press, channel=self.chat(who), user=user)
        body["container"] |= {"message_ts": stamp}
        body["trigger_id"] = f"expired-{who}-{press}"
        assert self.driver.interaction(body).status_code == 200

    def seen(self, who: str) -> list[Shown]:
        found: dict[str, Shown] = {}
        for line in self._taken("chat.postMessage", "chat.update"):
            args = line["args"]
            if args["channel"] not in (self.chat(who), self.ids[who]):
                continue
            blocks = args["blocks"] if isinstance(args["blocks"], list) else json.loads(args["blocks"])
            buttons = tuple(
                (each["text"]["text"], each["value"]) for b in blocks for each in b.get("elements", [])
            )
            assert line["mentions"] == []
            ref = f"{self.chat(who)}:{args.get('ts') or line['ts']}"
            found[ref] = Shown(ref, slack_blockkit.shown(blocks), buttons)
        return list(found.values())

    def files(self, who: str) -> list[str]:
        done = self._taken("files.completeUploadExternal")
        named = self._taken("files.getUploadURLExternal")
        return [line["args"]["filename"] for line in named] if done else []

    def _taken(self, *methods: str) -> list[dict[str, Any]]:
        return [line for line in self.fake.seen(accepted=True) if line["method"] in methods]

    def break_next(self, kind: str) -> None:
        faults: dict[str, dict[str, Any]] = {
            "blocked": {"kind": "error", "error": "user_disabled"},
            "flooded": {"kind": "answer", "status": 429, "headers": {"Retry-After": "3"}},
            "lost": {"kind": "lost"},
            "token": {"kind": "error", "error": "token_revoked"},
        }
        order = {"method": "chat.postMessage"} | faults[kind]
        self.client.post(f"{self.fake.url}/control/fault", json=order).raise_for_status()

    def forge(self) -> list[int]:
        body = json.dumps(slack_driver.event_body(slack_driver.direct("handledning idag 1h"))).encode()
        good = self.driver.headers(body, str(int(self.people.clock().timestamp())))
        wrong = good | {"x-slack-signature": "v0=" + "0" * 64}
        old = self.driver.headers(body, str(int(self.people.clock().timestamp()) - 301))
        answers = [self.driver.raw(body, headers) for headers in ({}, wrong, old)]
        return [answer.status_code for answer in (*answers, self.driver.post(b"[]"), self.driver.post(b"{"))]


class TelegramBench(Remote):
    """Telegram by webhook, and the strict fake."""

    name = "telegram"
    ids: ClassVar[dict[str, str]] = {"anna": "71", "bo": "72", "eva": "73"}

    def __init__(self, engine: Engine, fake: Fake) -> None:
        self.fake = fake.from_now_on()
        super().__init__(engine, self._make)
        self._numbers: dict[str, int] = {}
        self._lines: dict[str, dict[str, Any]] = {}
        for chat in self.ids.values():
            telegram.know(fake, int(chat))

    @property
    def peer(self) -> Fake:
        return self.fake

    def _make(self, hear: Hear, seconds: float = 5.0, url: str = "") -> Platform:
        pace = Pace(answer=seconds, upload=seconds)
        return Telegram(TOKEN, hear, self.people.clock, url or self.fake.url, "webhook", SECRET, pace)

    def _update(self, update: dict[str, Any], name: str) -> None:
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        headers = {telegram.SECRET_HEADER: SECRET}
        answer = self._post({"update_id": number, **update}, headers)
        assert answer.status_code == 200

    def _post(self, body: Any, headers: dict[str, str]) -> httpx.Response:
        return self.client.post(f"{self.url}/telegram/webhook", json=body, headers=headers)

    def say(self, who: str, text: str, name: str) -> None:
        line = self._lines.setdefault(name, telegram.text(int(self.ids[who]), text))
        line["message"]["date"] = int(self.people.clock().timestamp())
        self._update(line, name)

    def edit(self, who: str, name: str, text: str) -> None:
        self._update(telegram.edit(self._lines[name], text), f"{name}-edit")

    def delete(self, who: str, name: str) -> None:
        raise AssertionError("Telegram tells its bots of no deletion")

    def press(self, who: str, on: Shown, press: str) -> None:
        number = int(on.ref.partition(":")[2])
        name = f"{who}-{press}"
        self._update(telegram.press(int(self.ids[who]), number, press, query=name), name)

    def seen(self, who: str) -> list[Shown]:
        found: dict[str, Shown] = {}
        for line in self.fake.seen(chat=int(self.ids[who])):
            if line["file"] is None:
                buttons = tuple((b["text"], b["callback_data"]) for row in line["buttons"] for b in row)
                ref = f"{self.ids[who]}:{line['shown']}"
                found[ref] = Shown(ref, line["text"], buttons)
        return list(found.values())

    def files(self, who: str) -> list[str]:
        shown = self.fake.seen(chat=int(self.ids[who]))
        names = [line["file"]["name"] for line in shown if line["file"]]
        return names if len(names) > 1 else []

    def break_next(self, kind: str) -> None:
        match kind:
            case "blocked":
                telegram.know(self.fake, int(self.ids["anna"]), "blocked")
            case "flooded":
                telegram.flood(self.fake, "sendMessage", {"retry_after": 3})
            case "lost":
                telegram.fault(self.fake, "sendMessage", "5xx")
            case _:
                telegram.fault(self.fake, "sendMessage", "refuse", status=401, description="Unauthorized")

    def forge(self) -> list[int]:
        body = {"update_id": 1, **telegram.text(71, "handledning idag 1h")}
        secrets: Sequence[dict[str, str]] = ({}, {telegram.SECRET_HEADER: "fel"})
        answers = [self._post(body, headers) for headers in secrets]
        answers.append(self._post([], {telegram.SECRET_HEADER: SECRET}))
        return [answer.status_code for answer in answers]


class WebBench(Base):
    """The demo's page; it is its own peer."""

    name = "web"
    ids: ClassVar[dict[str, str]] = {"anna": "anna", "bo": "bo", "eva": "eva"}
    faults: tuple[str, ...] = ()

    def __init__(self, engine: Engine, fake: Fake | None = None) -> None:
        super().__init__(engine, self._make)

    def _make(self, hear: Hear, seconds: float = 0.0, url: str = "") -> Platform:
        return Web(hear, self.people.clock, self.controls())

    def controls(self) -> Any:
        bench = self

        class Controls:
            def people(self) -> Sequence[WebPerson]:
                return [WebPerson(name, name, "ST-läkare", "Ekbacken") for name in bench.ids]

            def now(self) -> datetime:
                return to_local(bench.people.clock(), ZONE)

            async def advance(self, days: int) -> datetime:
                raise AssertionError("no promise of the suite moves the page's clock")

        return Controls()

    def _id(self, name: str) -> str:
        return str(uuid5(NAMESPACE_URL, name))

    def _post(self, what: str, **body: str) -> httpx.Response:
        return self.client.post(f"{self.url}/api/{what}", json=body)

    def say(self, who: str, text: str, name: str) -> None:
        body = {"as": who, "text": text, "id": self._id(name)}
        assert self._post("say", **body).status_code == 200

    def edit(self, who: str, name: str, text: str) -> None:
        body = {"as": who, "text": text, "ref": self._id(name), "id": self._id(f"{name}-edit")}
        assert self._post("edit", **body).status_code == 200

    def delete(self, who: str, name: str) -> None:
        raise AssertionError("the page has no way to take a line back but undo")

    def press(self, who: str, on: Shown, press: str) -> None:
        body = {"as": who, "press": press, "ref": on.ref, "id": self._id(f"{who}-{press}")}
        assert self._post("press", **body).status_code == 200

    def _messages(self, who: str) -> list[dict[str, Any]]:
        with plain(base_url=self.url) as client:
            return [message for message in shown_on_page(client, who) if not message["own"]]

    def seen(self, who: str) -> list[Shown]:
        return [
            Shown(
                message["ref"],
                "\n".join([message["text"], *(f"{f['label']}: {f['value']}" for f in message["fields"])]),
                tuple((button["label"], button["press"]) for button in message["buttons"]),
            )
            for message in self._messages(who)
        ]

    def files(self, who: str) -> list[str]:
        return [file["name"] for message in self._messages(who) for file in message["files"]]

    def break_next(self, kind: str) -> None:
        raise AssertionError(f"no network lies between the bot and its own page: {kind}")

    def forge(self) -> list[int]:
        body = {"as": "anna", "text": "handledning idag 1h", "id": self._id("forged")}
        elsewhere: Sequence[dict[str, str]] = ({"host": "demo.example"}, {"origin": "https://demo.example"})
        url = f"{self.url}/api/say"
        answers = [self.client.post(url, json=body, headers=headers) for headers in elsewhere]
        answers += [self._post("say", **body | {"as": "nobody"}), self.client.post(url, content=b"[")]
        return [answer.status_code for answer in answers]


PEERS = {
    "slack": ("tests.fakes.slack_fake",),
    "telegram": ("tests.fakes.telegram_fake", TOKEN),
    "teams": ("tests.fakes.teams_fake", teams_driver.CLIENT_ID, teams_driver.SECRET, teams_driver.TENANT),
}


@contextlib.contextmanager
def bench_of(name: str, engine: Engine) -> Iterator[Base]:
    """A platform's bench, with its peer."""
    with _peer(name) as fake:
        bench = _build(name, engine, fake)
        with bench.serving():
            yield bench


@contextlib.contextmanager
def bench_at(name: str, engine: Engine) -> Iterator[Base]:
    """A platform's bench with its peer, and nobody serving: for who brings a delivery along."""
    with _peer(name) as fake:
        bench = _build(name, engine, fake)
        yield bench
        bench.close()


async def _deaf(_incoming: Incoming) -> Reply:
    raise AssertionError("nobody writes")


@contextlib.contextmanager
def _peer(name: str) -> Iterator[Fake | None]:
    """One of its own; a homeserver is too dear for that, and each test has accounts of its own there."""
    if name == "matrix":
        yield synapse.proxy()
        return
    fake = process.start(*PEERS[name]) if name in PEERS else None
    try:
        yield fake
    finally:
        if fake:
            fake.stop()


def _build(name: str, engine: Engine, fake: Fake | None) -> Base:
    if fake is None:
        return WebBench(engine)
    if name == "matrix":
        from tests.contract.matrix.bench import MatrixBench

        return MatrixBench(engine, fake, synapse.server())
    if name == "teams":
        from tests.contract.teams.bench import TeamsBench

        return TeamsBench(engine, fake)
    return SlackBench(engine, fake) if name == "slack" else TelegramBench(engine, fake)
