"""What may reach a log: libraries that print whole requests are quieted, known secrets are masked."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from sqlalchemy.exc import SQLAlchemyError

MASK = "[hemligt]"
SHORTEST = 4
"""Fewer characters keep nothing secret, and masking them would blot out words in every line."""

CHATTY = ("httpx", "httpcore", "telegram", "sqlalchemy", "apscheduler", "alembic")
"""httpx prints every URL at INFO, and Telegram's holds the token; at DEBUG PTB prints what messages say and
SQLAlchemy every row it reads. The last two only fill the log: two lines for every beat of the metronome."""


def quiet() -> None:
    """Let the chatty libraries speak from WARNING on, whatever level the root has."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


class Redact(logging.Filter):
    """Masks the given secrets, also percent-encoded, in a record's words, traceback and stack; drops nothing.

    It sits on handlers and not on loggers: a logger's filter does not see what its children log.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        kept = [secret for secret in secrets if len(secret) >= SHORTEST]
        forms = {form for secret in kept for form in (secret, quote(secret, safe=""))}
        longest_first = sorted(forms, key=len, reverse=True)
        self._secret = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def mask(self, text: str) -> str:
        """`text` with every secret replaced."""
        return self._secret.sub(MASK, text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask in place; always True."""
        self._words(record)
        self._traceback(record)
        if record.stack_info:
            record.stack_info = self.mask(record.stack_info)
        return True

    def event(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        """structlog's last word before it is written: an event with its values and traceback masked."""
        return {key: self._masked(value) for key, value in event.items()}

    def _masked(self, value: object) -> object:
        """What is no text is made one only where a secret stands in it."""
        text = value if isinstance(value, str) else repr(value)
        masked = self.mask(text)
        return value if masked == text else masked

    def _words(self, record: logging.LogRecord) -> None:
        if isinstance(record.msg, dict):  # an event of structlog's: as text its formatter could not take it
            return
        try:
            said = record.getMessage()
        except (TypeError, ValueError, KeyError):  # a faulty format string: logging reports it with its args
            said = f"{record.msg} {record.args!r}"
        masked = self.mask(said)
        if masked != said:
            record.msg, record.args = masked, ()

    def _traceback(self, record: logging.LogRecord) -> None:
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text and self._secret.search(record.exc_text):
            record.exc_text = self.mask(record.exc_text)
            record.exc_info = None  # else a formatter that ignores exc_text would print it afresh


PLACES = 8
"""Of those that an error came through, so many are told."""


def failed(log: structlog.typing.FilteringBoundLogger, event: str, error: Exception) -> None:
    """Say what went wrong: of a database that is away, as they are at times, in one line.

    Anything else is a fault of ours, and is said with where it happened; never in its own words, which may
    quote what somebody wrote, or a name.
    """
    if isinstance(error, SQLAlchemyError):
        log.error(event, error=type(error).__name__)
    else:
        log.error(event, error=type(error).__name__, at=where(error))


def where(error: BaseException) -> str:
    """The places an error came through, the innermost first: `life.py:12 < tick.py:80 < …`."""
    places = traceback.extract_tb(error.__traceback__)[-PLACES:]
    return " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(places))


def redact(secrets: Iterable[str]) -> Redact:
    """Put one `Redact` on every handler of the root logger, and on the one used when there is none."""
    guard = Redact(secrets)
    for handler in (*logging.getLogger().handlers, logging.lastResort):
        if handler is not None:
            handler.addFilter(guard)
    return guard


def configure(secrets: Iterable[str], level: str = "INFO") -> None:
    """Log JSON lines to standard error, ours and the libraries', without secrets and without chatter."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_json_lines(shared, secrets))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    quiet()
    redact(secrets)


def _json_lines(
    shared: Sequence[structlog.typing.Processor], secrets: Iterable[str]
) -> structlog.stdlib.ProcessorFormatter:
    """Ours and the libraries' records alike; the secrets are taken out last, of tracebacks too."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            Redact(secrets).event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
