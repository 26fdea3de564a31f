"""What is kept about one person as a file to read: in words, never in the keys of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

from handlers import describe
from handlers.desk import Desk
from handlers.people import own_training
from handlers.words import Words
from schedules.lives.reading import rulebook_of
from schedules.zone import to_local
from storage.tables import Unit

Found = Mapping[str, Sequence[Mapping[str, Any]]]
"""Every section with its rows; a row's values by column."""
_GROUPS: Final[Mapping[str, str]] = {
    "activity": "activity",
    "digest_day": "weekday",
    "instrument": "instrument",
    "level": "level",
    "locale": "spoken",
    "platform": "platform",
    "prefers": "platform",
    "role": "role",
    "topics": "topic",
    "weekly_day": "weekday",
    "absences.kind": "absence",
    "bookings.reason": "reason",
    "bookings.state": "booked",
    "entries.state": "kept_state",
    "pairs.kind": "pairing",
    "requests.state": "request_state",
    "training.kind": "training_kind",
}
"""The catalogue's names for what a column holds, of one section where others mean something else by it."""


def readable(desk: Desk, found: Found) -> str:
    """One section after the other, a line for each row; moments as the reader's clock showed them."""
    words, titles = desk.words, _titles(desk)
    parts = [words.say("mine.title")]
    for section, rows in found.items():
        parts += ["", f"{words.name('mine', section)} ({len(rows)})"]
        for row in rows:
            told = (
                f"{words.name('mine', name)}: {_said(desk, section, name, row[name], titles)}" for name in row
            )
            parts.append(f"- {'; '.join(told)}")
    return "\n".join(parts) + "\n"


def _titles(desk: Desk) -> Mapping[str, str]:
    """What the requirements of one's own training are called."""
    trainee = own_training(desk.session, desk.person)
    if trainee is None:
        return {}
    book = rulebook_of(desk.session.get_one(Unit, trainee.unit_id))
    return {key: describe.title(desk.words, each) for key, each in {**book.off, **book.requirements}.items()}


def _said(desk: Desk, section: str, name: str, value: Any, titles: Mapping[str, str]) -> str:
    words, group = desk.words, _GROUPS.get(f"{section}.{name}") or _GROUPS.get(name)
    if group:
        return words.names(group, map(str, value if isinstance(value, list) else [value]))
    if name == "requirement":
        return titles.get(value, value)
    if name == "people":
        return ", ".join(each.title() for each in value)
    return _plainly(words, value, desk.zone)


def _plainly(words: Words, value: Any, zone: str) -> str:
    if isinstance(value, bool):
        return words.name("mine", "yes" if value else "no")
    if isinstance(value, datetime):
        return f"{to_local(value, zone):%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return words.clock(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
