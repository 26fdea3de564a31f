"""Microsoft's signing keys: fetched without holding up anybody else, at most once a minute, and kept.

The Teams SDK fetches them synchronously in the event loop, so that one request with a made-up key id and a
stuck key server stop every platform. Here a fetch is awaited by those alone who need its result.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt

PAUSE = timedelta(minutes=1)
"""Between two fetches, whatever anybody sends: an unknown key id costs no more than this.

Before or after the clock's time: while one that was put back catches up, new keys would else be unknown.
"""
LASTING = timedelta(hours=24)
"""A key that was taken back is believed no longer than this."""

Fetch = Callable[[str], Awaitable[Any]]
"""Gives the JSON at a URL; raises httpx.HTTPError or ValueError."""

log = logging.getLogger("handledd.teams")


class KeysUnavailableError(Exception):
    """The keys could not be fetched, so nobody can tell whether a token is right."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, and the channels that it may speak for: all where the document names none (`None`)."""

    public: jwt.PyJWK
    endorsements: frozenset[str] | None

    def speaks_for(self, channel: str) -> bool:
        """As Microsoft's own libraries have it: a key that tells no endorsements is bound to no channel."""
        return self.endorsements is None or channel in self.endorsements


class Keys:
    """The keys at `url`."""

    def __init__(self, url: str, fetch: Fetch, clock: Callable[[], datetime]) -> None:
        self._url, self._fetch, self._clock = url, fetch, clock
        self._keys: Mapping[str, Key] = {}
        self._tried: datetime | None = None
        self._got: datetime | None = None
        self._failed = False
        self._under_way: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key of this id; None when Microsoft has none. Raises KeysUnavailableError."""
        if kid not in self._keys or self._is_old():
            await self._refresh()
        if kid not in self._keys and self._failed:
            raise KeysUnavailableError
        return self._keys.get(kid)

    async def stop(self) -> None:
        """End a fetch that is under way."""
        if self._under_way:
            self._under_way.cancel()
            await asyncio.gather(self._under_way, return_exceptions=True)

    def _is_old(self) -> bool:
        return self._got is None or abs(self._clock() - self._got) > LASTING

    async def _refresh(self) -> None:
        """Join the fetch that is under way, or begin one unless the last was just now."""
        if self._under_way is None:
            now = self._clock()
            if self._tried is not None and abs(now - self._tried) < PAUSE:
                return
            self._tried = now
            self._under_way = asyncio.create_task(self._get())
        await asyncio.shield(self._under_way)

    async def _get(self) -> None:
        try:
            self._keys = _read(await self._fetch(self._url))
            self._got, self._failed = self._clock(), False
        except (httpx.HTTPError, ValueError) as error:
            self._failed = True
            log.warning("Microsoft's signing keys could not be fetched (%s)", type(error).__name__)
        finally:
            self._under_way = None


def _read(document: Any) -> Mapping[str, Key]:
    """The RSA keys of a JWKS document. Raises ValueError when it holds none: better the old ones then."""
    found = document.get("keys") if isinstance(document, dict) else None
    keys = dict(filter(None, map(_key, found if isinstance(found, list) else [])))
    if not keys:
        msg = "no keys"
        raise ValueError(msg)
    return keys


def _key(data: Any) -> tuple[str, Key] | None:
    if not isinstance(data, dict) or data.get("kty") != "RSA" or not isinstance(data.get("kid"), str):
        return None
    try:
        public = jwt.PyJWK(data, "RS256")
    except jwt.PyJWTError:
        return None
    endorsed = data.get("endorsements")
    channels = frozenset(map(str, endorsed)) if isinstance(endorsed, list) else None
    return data["kid"], Key(public, channels)
