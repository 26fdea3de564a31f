"""What the demo's page has to show: a bounded log per person, which is also the queue of every open page.

A reader keeps only the number of the last thing it was shown and asks for what came after: a slow page
costs no memory, and a page that comes back after a break is given what it missed.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count
from typing import Any

from handlers.message import Button, Field, File

KEPT = 200
"""Messages kept for each person; the oldest is dropped first."""
HAPPENINGS = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A file under an address that nobody guesses."""

    token: str
    file: File

    def as_json(self) -> dict[str, str]:
        """`url` is relative to the page's own origin."""
        return {
            "name": self.file.name,
            "url": f"/files/{self.token}",
            "media_type": self.file.media_type,
            "shows": self.file.shows,
        }


def kept(files: Sequence[File]) -> tuple[Kept, ...]:
    """Give each file its address."""
    return tuple(Kept(secrets.token_urlsafe(16), file) for file in files)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message in one person's window; `own` if that person wrote it.

    `place` orders the window and never changes; `revision` grows with every change to the entry.
    """

    to: str
    ref: str
    text: str
    at: datetime
    own: bool = False
    fields: Sequence[Field] = ()
    buttons: Sequence[Button] = ()
    files: Sequence[Kept] = ()
    deliveries: tuple[str, ...] = ()
    changed: bool = False
    place: int = 0
    revision: int = 0

    kind = "message"

    def as_json(self) -> dict[str, Any]:
        """The page's form of it; `at` is local time with its offset."""
        return {
            "to": self.to,
            "ref": self.ref,
            "text": self.text,
            "at": self.at.isoformat(),
            "own": self.own,
            "fields": [{"label": field.label, "value": field.value} for field in self.fields],
            "buttons": [{"label": b.label, "press": b.press, "primary": b.primary} for b in self.buttons],
            "files": [file.as_json() for file in self.files],
            "replaces": self.ref if self.changed else "",
            "place": self.place,
        }


@dataclass(frozen=True, slots=True)
class Happening:
    """One line for the strip "Vad hände nyss", seen in every window."""

    text: str
    at: datetime
    revision: int

    kind = "happening"

    def as_json(self) -> dict[str, Any]:
        """The page's form of it."""
        return {"text": self.text, "at": self.at.isoformat()}


class Log:
    """Everybody's windows. Used from one event loop only."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._windows: dict[str, dict[str, Entry]] = {}
        self._happenings: deque[Happening] = deque(maxlen=HAPPENINGS)
        self._bell = asyncio.Event()

    @property
    def bell(self) -> asyncio.Event:
        """Rings once at the next change. Take it before reading, or a change in between is missed."""
        return self._bell

    def ring(self) -> None:
        """Wake every reader."""
        rung, self._bell = self._bell, asyncio.Event()
        rung.set()

    def reserve(self) -> int:
        """A place in the order, taken now for an entry that comes later."""
        return next(self._numbers)

    def put(self, entry: Entry) -> None:
        """Add the entry, or let it take the place of the one with the same reference."""
        window = self._windows.setdefault(entry.to, {})
        before = window.get(entry.ref)
        place = before.place if before else entry.place or self.reserve()
        window[entry.ref] = replace(entry, place=place, revision=next(self._numbers))
        if len(window) > KEPT:
            del window[min(window.values(), key=lambda old: old.place).ref]
        self.ring()

    def happened(self, text: str, at: datetime) -> None:
        """Add a line to the strip."""
        self._happenings.append(Happening(text, at, next(self._numbers)))
        self.ring()

    def get(self, to: str, ref: str) -> Entry | None:
        """The entry with that reference in that person's window, while it is kept."""
        return self._windows.get(to, {}).get(ref)

    def delivered(self, to: str, delivery: str) -> str | None:
        """The reference under which that delivery was shown."""
        entries = self._windows.get(to, {}).values()
        return next((entry.ref for entry in entries if delivery in entry.deliveries), None)

    def file(self, token: str) -> File | None:
        """The file behind an address, while its message is kept."""
        entries = chain.from_iterable(window.values() for window in self._windows.values())
        found = (kept.file for entry in entries for kept in entry.files if kept.token == token)
        return next(found, None)

    def after(self, revision: int, people: Collection[str]) -> list[Entry | Happening]:
        """What those people's windows have not been shown since, in the order it came about."""
        items: list[Entry | Happening] = [*self._happenings]
        for person in people:
            items += self._windows.get(person, {}).values()
        return sorted((i for i in items if i.revision > revision), key=lambda item: item.revision)
