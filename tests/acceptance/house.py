"""`handledd run` as a process of its own, in a home of its own; what it wrote and what its database holds."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from tests.fakes.process import ROOT, Fake
from tests.fakes.slack_driver import SlackDriver

T = TypeVar("T")

DEADLINE = 90.0
"""Seconds after which something that should happen has not; never waited for when all is well."""
STOP_SECONDS = 90.0
"""The bot bounds its stopping at about nine seconds; this is how long a busy machine is waited for."""
WITHIN = timedelta(minutes=5)
"""Longer than any back-off."""

SLACK_SECRET = "signing-canary-5e1d"
SLACK_TOKEN = "xoxb-bot-token-canary-91"
TELEGRAM_TOKEN = "4242:AAE-token-canary-37"
WEBHOOK_SECRET = "webhook-canary-8c2"
SECRETS = (SLACK_SECRET, SLACK_TOKEN, TELEGRAM_TOKEN, WEBHOOK_SECRET)

LARS = 501
"""Telegram ids: a supervisor's and a trainee's."""
BO = 601

_HEAD = "email,name,role,unit,rulebook,supervisor,start,end,employed,kind,locale,platform,platform_id"
_ROSTER = """\
anna@exempel.se,Anna Berg,trainee,Ekbacken,skane-primarvard,eva@exempel.se,{start},,,,,slack,T1/U1
cia@exempel.se,Cia Strand,trainee,Ekbacken,,lars@exempel.se,{start},,,,,slack,T1/U3
bo@exempel.se,Bo Noor,trainee,Ekbacken,,eva@exempel.se,{start},,,,,telegram,601
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,,,,slack,T1/U2
lars@exempel.se,Lars Lind,supervisor,Ekbacken,,,,,,,,telegram,501
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,,,,,slack,T1/U4
"""

NAMES = ("Anna Berg", "Cia Strand", "Bo Noor", "Eva Ek", "Lars Lind", "Siv Rektorsson", "@exempel.se")


def roster(today: date) -> str:
    """Three made-up pairs: Slack with Slack, Slack with Telegram, Telegram with Slack."""
    return f"{_HEAD}\n{_ROSTER.format(start=today - timedelta(days=300))}"


def until(true: Callable[[], T | None], what: str, seconds: float = DEADLINE) -> T:
    """Wait for a true value and return it; fails, saying what was waited for, after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
    return value


class Home:
    """An operator's machine: a folder, a database file, settings, and the processes started there."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.log = folder / "stderr.jsonl"
        self.log.touch()
        self.file = folder / "handledd.sqlite"
        self.settings = {
            "HANDLEDD_DATABASE_URL": f"sqlite:///{self.file}",
            "HANDLEDD_PORT": "0",
            "HANDLEDD_LOG_LEVEL": "DEBUG",
            "HANDLEDD_LINES_A_MINUTE": "0",  # tests write faster than people; who tests the limit sets it
            **settings,
        }
        self.port = 0
        self.program = [sys.executable, "-m", "bot", "run"]
        self.process: subprocess.Popen[bytes] | None = None

    # --- processes

    def environment(self, **more: str) -> dict[str, str]:
        """What a process here sees: nothing of the test's own settings."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("HANDLEDD_")}
        here = {"HOME": str(self.folder), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
        return {**plain, **here, **self.settings, **more}

    def command(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """`handledd WORDS…`, run to its end."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environment(**settings),
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )

    def enrol(self) -> None:
        """Import the roster, as an operator does."""
        file = self.folder / "roster.csv"
        file.write_text(roster(datetime.now(UTC).date()), encoding="utf-8")
        done = self.command("roster", "import", str(file))
        assert done.returncode == 0, done.stderr

    def start(self, **settings: str) -> None:
        """Start the bot and wait until it has started."""
        before = len(self.events("started"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.program,
                cwd=self.folder,
                env=self.environment(**settings),
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        until(lambda: len(self.events("started")) > before or self.process_ended(), "the bot to start")
        assert not self.process_ended(), self.said()
        self.port = int(self.events("listening")[-1]["port"])

    def process_ended(self) -> bool:
        """Whether the bot has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def kill(self) -> None:
        """SIGKILL to the bot, by its own id."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """SIGTERM to the bot; its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.wait()

    def wait(self) -> int:
        """Wait for a bot that was told to end; its exit status. Fails after STOP_SECONDS."""
        assert self.process is not None
        try:
            return self.process.wait(STOP_SECONDS)
        finally:
            self.kill()

    # --- what it wrote

    def said(self) -> str:
        """Everything the bot has written to standard error."""
        return self.log.read_text("utf-8")

    def events(self, event: str) -> list[dict[str, Any]]:
        """The log lines of one event."""
        wanted = f'"event": "{event}"'
        return [json.loads(line) for line in self.said().splitlines() if wanted in line and line[-1] == "}"]

    @property
    def url(self) -> str:
        """Where the running bot listens."""
        return f"http://127.0.0.1:{self.port}"

    def slack(self) -> SlackDriver:
        """Slack, speaking to the running bot."""
        return SlackDriver(self.url, SLACK_SECRET, lambda: datetime.now(UTC))

    # --- what its database holds

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """A query's rows, read beside the running bot."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def let_leases_run_out(self) -> None:
        """As if a minute had passed since the bot was killed: what it was sending is free to be taken up."""
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute("UPDATE outbox SET lease_until = created_at WHERE lease_until IS NOT NULL")

    def entries(self, email: str, state: str = "live") -> list[dict[str, Any]]:
        """A trainee's entries in a state."""
        query = (
            "SELECT entry.* FROM entry JOIN trainee ON trainee.id = entry.trainee_id"
            " JOIN person ON person.id = trainee.person_id WHERE person.email = ? AND entry.state = ?"
        )
        return self.rows(query, email, state)

    def settled(self) -> bool:
        """Whether nothing waits to be sent within minutes: a question may wait for the bundle of the day."""
        soon = (datetime.now(UTC) + WITHIN).replace(tzinfo=None).isoformat(" ")
        waiting = (
            "SELECT id FROM outbox WHERE state = 'pending' AND kind IN ('reply', 'confirm') AND next_at < ?"
        )
        return not self.rows(waiting, soon)


def sent_to(fake: Fake, channel: str) -> list[dict[str, Any]]:
    """What the fake Slack has shown in a private chat, in order."""
    posts = fake.seen(method="chat.postMessage", accepted=True)
    return [post["args"] for post in posts if "D" + post["args"]["channel"][1:] == channel]


def shown_to(fake: Fake, chat: int) -> list[dict[str, Any]]:
    """What the fake Telegram has shown in a chat, edits included, in order."""
    return [line for line in fake.seen(chat=chat) if "shown" in line]


def buttons(body: Mapping[str, Any]) -> dict[str, str]:
    """The buttons in a Slack message: label → value."""
    blocks = body["blocks"] if isinstance(body["blocks"], list) else json.loads(body["blocks"])
    found = [e for block in blocks if block["type"] == "actions" for e in block["elements"]]
    return {element["text"]["text"]: element["value"] for element in found}


def keys(shown: Mapping[str, Any]) -> dict[str, str]:
    """The buttons under a Telegram message: label → data."""
    return {key["text"]: key["callback_data"] for row in shown["buttons"] for key in row}
