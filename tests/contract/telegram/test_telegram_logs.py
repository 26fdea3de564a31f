"""The token, the secret and what people wrote are in no log, whatever happens."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator

import pytest

from bot.logs import CHATTY, MASK, Redact, quiet, redact
from bot.platforms.contract import SendError
from handlers.message import Message
from tests.contract.telegram.running import SECRET, TOKEN, running, send, until, webhook
from tests.fakes import telegram_driver as people
from tests.fakes.process import Fake
from tests.support.ear import Ear

CANARY = "kanarietext om en samtalspartner"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The root logger at DEBUG into a text, with nobody quieted."""
    text, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(text), root.level
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    for guarded in (*root.handlers, logging.lastResort):
        if guarded is not None:
            guarded.filters = [one for one in guarded.filters if not isinstance(one, Redact)]
    root.removeHandler(handler)
    root.setLevel(level)


def live(fake: Fake) -> None:
    """A bot's life with every kind of fault: polls, posts, presses, refusals, a webhook."""
    people.know(fake, 7)
    for kind in ("close", "5xx", "garbled"):
        people.fault(fake, "getUpdates", kind)
        people.fault(fake, "sendMessage", kind)
    people.fault(fake, "getMe", "refuse", status=401, description="Unauthorized")
    people.fault(fake, "answerCallbackQuery", "refuse", status=400, description="Bad Request: old")

    async def scenario() -> None:
        ear = Ear(OSError(CANARY))
        people.enqueue(fake, people.text(7, CANARY))
        people.enqueue(fake, people.press(7, 1, "undo:5"))
        people.enqueue(fake, {"message": {"text": CANARY}})
        async with running(fake, ear):
            await until(lambda: fake.seen(method="answerCallbackQuery") and len(ear.heard) == 2)
        for _ in range(4):
            try:
                await send(fake, Message(CANARY), chat=7)
            except SendError:
                logging.getLogger("handledd.test").exception("sändning")
        async with webhook(fake, Ear(OSError(CANARY))) as client:
            await people.post_webhook(client, people.text(7, CANARY), SECRET)
            await people.post_webhook(client, people.text(7, CANARY), "fel")
            await client.post("/telegram/webhook", content=CANARY, headers={people.SECRET_HEADER: SECRET})

    asyncio.run(scenario())


def test_quieted_nothing_written_or_secret_is_logged(fake: Fake, log: io.StringIO) -> None:
    quiet()
    live(fake)
    assert "could not be taken in" in log.getvalue()
    for secret in (TOKEN, SECRET, CANARY):
        assert secret not in log.getvalue()


def test_with_every_logger_at_debug_the_token_is_masked(fake: Fake, log: io.StringIO) -> None:
    redact([TOKEN, SECRET])
    live(fake)
    assert f"/bot{MASK}/sendMessage" in log.getvalue()
    assert TOKEN not in log.getvalue()
    assert SECRET not in log.getvalue()


def test_without_the_mask_httpx_would_log_the_token(fake: Fake, log: io.StringIO) -> None:
    live(fake)
    assert TOKEN in log.getvalue()


def test_a_traceback_a_stack_and_a_faulty_format_are_masked(log: io.StringIO) -> None:
    redact(["hemlig:ord"])
    logger = logging.getLogger("handledd.test")
    try:
        raise OSError("https://x/bothemlig:ord/getMe och hemlig%3Aord") from ValueError("hemlig:ord")
    except OSError:
        logger.exception("fel %s", "hemlig:ord", stack_info=True)
    record = logger.makeRecord("n", 20, "f", 1, "%d", ("hemlig:ord",), None)
    assert Redact(["hemlig:ord"]).filter(record)
    assert "hemlig:ord" not in record.getMessage()
    assert "OSError" in log.getvalue()
    assert "hemlig:ord" not in log.getvalue()
    assert "hemlig%3Aord" not in log.getvalue()


def test_an_event_of_structlogs_stays_one_and_is_masked_down_to_its_traceback() -> None:
    guard = Redact(["hemlig:ord", "event"])
    said = {"event": "sent", "to": ["hemlig:ord", 7], "count": 7, "exception": "OSError: hemlig:ord"}
    record = logging.makeLogRecord({"msg": said})
    assert guard.filter(record)
    assert record.msg is said  # its formatter takes nothing but the event
    shown = guard.event(None, "info", said)
    assert shown == {
        "event": "sent",
        "to": f"['{MASK}', 7]",
        "count": 7,
        "exception": f"OSError: {MASK}",
    }


def test_without_secrets_nothing_is_masked() -> None:
    assert Redact(["", "det"]).mask("som det är") == "som det är"
