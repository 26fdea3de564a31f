"""The trusted certificates are read once, by a thread, and are the ones that calls are checked with."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator

import pytest
from httpx import create_ssl_context

from bot.platforms import trusted


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    trusted.reading.cache_clear()
    yield
    trusted.reading.cache_clear()


def test_they_are_read_once_by_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    readers: list[str] = []
    plain = create_ssl_context

    def read() -> ssl.SSLContext:
        readers.append(threading.current_thread().name)
        return plain()

    monkeypatch.setattr("bot.platforms.trusted.create_ssl_context", read)
    trusted.reading()
    assert trusted.certificates() is trusted.certificates()
    assert [name.rpartition("_")[0] for name in readers] == ["certificates"]


def test_a_call_is_checked_with_them() -> None:
    context = trusted.certificates()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.cert_store_stats()["x509_ca"] > 0


def test_who_wants_them_is_told_when_they_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable() -> ssl.SSLContext:
        raise FileNotFoundError

    monkeypatch.setattr("bot.platforms.trusted.create_ssl_context", unreadable)
    trusted.reading()
    with pytest.raises(FileNotFoundError):
        trusted.certificates()
