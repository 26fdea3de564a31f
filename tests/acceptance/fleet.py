"""Several `handledd run` on one PostgreSQL, each a process with a folder and a port of its own."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from handlers.envelope import pack
from handlers.message import Message
from storage.columns import table
from storage.engine import open_engine
from storage.tables import Inbox, Outbox, OutboxState
from tests.acceptance.house import Home, until

FIRST_CHAT = 10_000


class Replica(Home):
    """One process of a fleet. PostgreSQL knows it by its name."""

    def __init__(self, folder: Path, settings: Mapping[str, str], url: str, name: str) -> None:
        folder.mkdir()
        named = f"{url}&application_name={name}"
        super().__init__(folder, {**settings, "HANDLEDD_DATABASE_URL": named})
        self.name = name

    def signal(self, number: signal.Signals) -> None:
        """A signal to this process, by its own id."""
        assert self.process is not None
        self.process.send_signal(number)


class Fleet:
    """`count` processes, and the database seen from beside them."""

    def __init__(self, folder: Path, settings: Mapping[str, str], url: str, count: int) -> None:
        self.url = url
        self.engine: Engine = open_engine(url)
        self.replicas = [Replica(folder / f"r{n}", settings, url, f"r{n}") for n in range(count)]

    def enrol(self) -> None:
        """Import the roster once, as an operator does."""
        self.replicas[0].enrol()

    def start(self, **settings: str) -> None:
        """Start every process and wait until it has started."""
        for replica in self.replicas:
            replica.start(**settings)

    def stop(self) -> list[int]:
        """SIGTERM to all at once, then their exit statuses."""
        running = [replica for replica in self.replicas if replica.process is not None]
        for replica in running:
            replica.signal(signal.SIGTERM)
        return [replica.wait() for replica in running]

    def kill(self) -> None:
        """End whatever still runs."""
        for replica in self.replicas:
            if replica.process is not None:
                replica.signal(signal.SIGCONT)  # a stopped process cannot be waited for
            replica.kill()
        self.engine.dispose()

    def rows(self, query: str, **values: object) -> list[Any]:
        """A query's rows, read beside the processes."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), values).all())

    def change(self, statement: str, **values: object) -> None:
        """A statement of the test's own, committed."""
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    # --- messages

    def queue(self, count: int, first: int = FIRST_CHAT) -> list[int]:
        """Queue one message each for as many Telegram chats, as if people there had asked; their chat ids."""
        answers = self.answer(count, first)
        self.send(answers)
        return list(answers)

    def answer(self, count: int, first: int = FIRST_CHAT) -> dict[int, int]:
        """Write the answers and do not queue them yet: chat id → inbox id."""
        with self.engine.begin() as connection:
            return _answers(connection, range(first, first + count))

    def send(self, answers: Mapping[int, int]) -> None:
        """Queue answers."""
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            connection.execute(table(Outbox).insert(), [_outgoing(*each, now) for each in answers.items()])

    def ended(self) -> bool:
        """Whether nothing waits to be sent any more."""
        return not self.rows("SELECT id FROM outbox WHERE state = 'pending' LIMIT 1")

    def states(self) -> dict[str, int]:
        """How many messages of each end there are."""
        return {row[0]: row[1] for row in self.rows("SELECT state, count(*) FROM outbox GROUP BY state")}


def _answers(connection: Connection, chats: Sequence[int]) -> dict[int, int]:
    now = datetime.now(UTC)
    inbox = [
        {
            "platform": "telegram",
            "workspace": "",
            "delivery_key": f"queued:{chat}",
            "message_ref": "",
            "kind": "text",
            "received_at": now,
            "outcome": "help",
            "subject": "",
            "reply": pack(Message(f"svar till {chat}")),
        }
        for chat in chats
    ]
    inserted = table(Inbox).insert().returning(table(Inbox).c.id, table(Inbox).c.delivery_key)
    return {int(row.delivery_key[7:]): row.id for row in connection.execute(inserted, inbox).all()}


def _outgoing(chat: int, inbox: int, now: datetime) -> dict[str, Any]:
    return {
        "recipient": f"telegram::{chat}",
        "kind": "reply",
        "subject": f"inbox:{inbox}",
        "period": "",
        "step": "",
        "facts": {"inbox": inbox, "external_id": str(chat), "open": False},
        "priority": 5,
        "created_at": now,
        "due_at": now,
        "next_at": now,
        "state": OutboxState.PENDING,
        "reason": "",
        "attempts": 0,
        "perhaps_sent": False,
        "sent_as": "",
        "platform": "telegram",
        "workspace": "",
        "address": str(chat),
        "reference": "",
    }


def short_lease(seconds: float) -> list[str]:
    """A command line for `handledd run` whose leases last so long: else a test of twenty takes an hour."""
    program = (
        "import bot.ledger; from datetime import timedelta;"
        f" bot.ledger.LEASE = timedelta(seconds={seconds});"
        f" bot.ledger.SENDING = timedelta(seconds={seconds / 2});"
        " from bot.cli import main; main()"
    )
    return [sys.executable, "-c", program, "run"]


def who_waits_for_the_lock(fleet: Fleet) -> str:
    """The process that waits until it may read the table `inbox`."""
    query = (
        "SELECT application_name FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND application_name LIKE 'r%' AND query LIKE '%FROM inbox%'"
    )
    return str(until(lambda: fleet.rows(query), "a process to have claimed the message")[0][0])
