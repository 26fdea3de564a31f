"""What a sent message was about, as the objects of contracts.md: for the simulator and the demo's strip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.sending import Delivered
from handlers.commands import several
from handlers.digests.digest import digest_of
from handlers.journal import asked_about
from handlers.people import person_of_trainee
from schedules.zone import to_local
from storage.tables import Booking, Entry, Inbox, Outbox

_IS_ABOUT = {"entry", "entries"}
Item = dict[str, str | None]
"""One thing said: trainee (e-mail), requirement or activity, step."""


def about_of(session: Session, delivered: Delivered, zone: str) -> dict[str, Any]:
    """The object `handledd simulate` prints for one delivered message."""
    first, message = delivered.rows[0], delivered.message
    told = [item for row in delivered.rows for item in _items(session, row, delivered, zone)]
    # One that somebody asked for may go with the planned one: it is told once.
    items = [item for at, item in enumerate(told) if item not in told[:at]]
    steps = [item["step"] for item in items if item["step"]]
    return {
        "at": delivered.at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds"),
        "to": delivered.person.email if delivered.person else delivered.to.external_id,
        "kind": first.kind,
        "step": steps[0] if steps else None,
        "about": _unique(item["requirement"] for item in items),
        "trainees": _unique(item["trainee"] for item in items),
        "text": message.plain(),
        "buttons": [button.label for button in message.buttons],
        "files": [file.name for file in message.files],
        "items": items,
    }


def _unique(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _items(session: Session, row: Outbox, delivered: Delivered, zone: str) -> list[Item]:
    if row.kind == "nudge":
        return [_item(session, row.facts["trainee"], row.facts["requirement"], row.step)]
    if row.step == "escalated":
        return []  # told of with the digest it went along with
    if row.kind == "digest" and delivered.person:
        found = digest_of(session, delivered.person, delivered.at, to_local(delivered.at, zone).date())
        named = (each for each in found.escalated if found.may_name(each.seen.person))
        return [_item(session, each.row.trainee_id, each.row.requirement, "escalated") for each in named]
    about = _subjects(session, row)
    return [_item(session, each.trainee_id, each.activity, None) for each in about]


def _item(session: Session, trainee_id: int, requirement: str, step: str | None) -> Item:
    person = person_of_trainee(session, trainee_id)
    return {"trainee": person.email, "requirement": requirement, "step": step}


def _subjects(session: Session, row: Outbox) -> list[Entry | Booking]:
    """The entries or bookings that a receipt, a confirmation, an objection or a question is about."""
    if row.kind != "reply":
        return _named(session, row.facts)
    inbox = session.get(Inbox, row.facts["inbox"])
    noun, _, number = (inbox.subject if inbox else "").partition(":")
    if inbox and noun == several.NOUN:
        saved = several.parts(session, int(number), inbox.person_id or 0)
        return [each for part in saved for each in _named(session, dict([part.split(":")]))]
    return _named(session, {noun: number})


def _named(session: Session, facts: Mapping[str, Any]) -> list[Entry | Booking]:
    entries = [session.get(Entry, key) for key in asked_about(facts)] if _IS_ABOUT & facts.keys() else []
    booking = session.get(Booking, int(facts["booking"])) if "booking" in facts and not entries else None
    return [each for each in (*entries, booking) if each is not None]
