"""Wording what is in the outbox, at delivery: after looking again whether it is still true and allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, select

from handlers import describe, golive
from handlers.access import is_half_of_pair, may_be_reminded
from handlers.booking_notices import booking_message
from handlers.desk import Desk, Skip
from handlers.digest import digest_of, digest_text
from handlers.envelope import unpack
from handlers.message import Button, Message
from handlers.people import own_training, person_of_trainee
from handlers.stays import place_of
from handlers.words import Words
from schedules.calendar import week_label
from schedules.life import rulebook_of
from schedules.requirement import Kind, Requirement
from schedules.zone import to_local
from storage.tables import Entry, EntryState, Inbox, Outbox, Person, Placement, Standing, Trainee, Unit


@dataclass(frozen=True, slots=True)
class Worded:
    """The message, and which of the rows it says; the others are skipped for their reasons."""

    message: Message
    said: tuple[Outbox, ...]
    skipped: tuple[tuple[Outbox, str], ...] = ()


def word(session: Session, rows: Sequence[Outbox], now: datetime, zone: str) -> Worded | Skip:
    """Word outbox rows of one person and kind that travel together.

    Raises LookupError when what a row points at is gone: a fault of ours, not a reason to stay silent.
    """
    first = rows[0]
    if first.kind == "reply":
        return _kept_reply(session, first)
    person = session.get(Person, first.person_id)
    if person is None:
        return Skip("person is gone")
    today = to_local(now, zone).date()
    desk = Desk(session, person, Words(person.locale, today), now, today)
    if first.kind == "nudge":
        return _nudges(desk, rows)
    worded = _ALONE[first.kind](desk, first)
    return worded if isinstance(worded, Skip) else Worded(worded, (first,))


def _kept_reply(session: Session, row: Outbox) -> Worded | Skip:
    inbox = session.get(Inbox, row.facts["inbox"])
    if inbox is None or inbox.reply is None:
        return Skip("too old to answer")
    return Worded(unpack(inbox.reply), (row,))


def _confirm(desk: Desk, row: Outbox) -> Message | Skip:
    entry = desk.session.get(Entry, row.facts["entry"])
    if entry is None or entry.state != EntryState.LIVE:
        return Skip("changed or undone")
    if entry.confirmed_at or entry.disputed_at:
        return Skip("answered")
    if not is_half_of_pair(desk.session, desk.person, entry.trainee_id, desk.today):
        return Skip("no longer allowed")
    author = desk.session.get_one(Person, entry.written_by)
    text = desk.words.say(
        "confirm.ask", name=author.name, what=describe.entry(desk.words, entry, desk.person.id)
    )
    buttons = (
        desk.button("confirm", "ok", entry.id, primary=True),
        desk.button("dispute", "no", entry.id),
    )
    return Message(text, buttons=buttons)


def _notice(desk: Desk, row: Outbox) -> Message | Skip:
    return _NOTICES[row.facts["notice"]](desk, row)


def _placed(desk: Desk, row: Outbox) -> Message | Skip:
    """A placement's supervisor learns that they are one, and for whom."""
    placement = desk.session.get(Placement, row.facts["placement"])
    if placement is None or placement.voided_at is not None:
        return Skip("undone")
    name = person_of_trainee(desk.session, placement.trainee_id).name
    what = describe.placement(desk.words, placement, None)
    return Message(desk.words.say("placement.told", name=name, what=what))


def _latest(desk: Desk, row: Outbox) -> Message | Skip:
    """The one question about the time before the bot watched; no answer is an answer too."""
    trainee = own_training(desk.session, desk.person)
    if trainee is None or golive.answered(desk.session, trainee.id or 0):
        return Skip("answered")
    skip = desk.button("skip", "skip", row.id)
    return Message(desk.words.say("latest.ask"), buttons=(skip,))


def _disputed(desk: Desk, row: Outbox) -> Message | Skip:
    entry = desk.session.get(Entry, row.facts["entry"])
    if entry is None or entry.state != EntryState.LIVE or entry.disputed_at is None:
        return Skip("settled")
    if not is_half_of_pair(desk.session, desk.person, entry.trainee_id, desk.today):
        return Skip("no longer allowed")
    by = desk.session.get_one(Person, row.facts["by"])
    return Message(
        desk.words.say(
            "confirm.disputed", name=by.name, what=describe.entry(desk.words, entry, desk.person.id)
        )
    )


def _digest(desk: Desk, _row: Outbox) -> Message | Skip:
    found = digest_of(desk.session, desk.person, desk.now, desk.today)
    return Message(digest_text(desk.words, found, desk.today))


_NOTICES: Final[dict[str, Callable[[Desk, Outbox], Message | Skip]]] = {
    "disputed": _disputed,
    "placed": _placed,
    "latest": _latest,
}
_ALONE: Final[dict[str, Callable[[Desk, Outbox], Message | Skip]]] = {
    "booking": booking_message,
    "confirm": _confirm,
    "notice": _notice,
    "digest": _digest,
}


@dataclass(frozen=True, slots=True)
class _Item:
    """One reminder that still holds."""

    row: Outbox
    standing: Standing
    requirement: Requirement
    trainee: Trainee
    name: str
    place: str | None = None
    """The placement it is about, if it is about one."""


def _nudges(desk: Desk, rows: Sequence[Outbox]) -> Worded | Skip:
    looked = [(row, _look_again(desk, row)) for row in rows]
    items = [item for _, item in looked if isinstance(item, _Item)]
    skipped = tuple((row, item.reason) for row, item in looked if isinstance(item, Skip))
    if not items:
        return Skip(skipped[0][1])
    items.sort(key=lambda item: (item.name, item.standing.due_on or date.max))
    message = Message(_nudge_text(desk, items), buttons=_nudge_buttons(desk, items))
    return Worded(message, tuple(item.row for item in items), skipped)


def _look_again(desk: Desk, row: Outbox) -> _Item | Skip:
    """Is it still true, and may this person still know it?"""
    standing = desk.session.exec(
        select(Standing).where(
            Standing.trainee_id == row.facts["trainee"],
            Standing.requirement == row.facts["requirement"],
            Standing.occasion == row.facts.get("occasion", ""),
        )
    ).first()
    if standing is None or standing.period != row.facts["spell"]:
        return Skip("answered")
    if standing.state not in _STATES[row.step] and not _asks_for_this_week(desk, row, standing):
        return Skip(f"now {standing.state}")
    if not may_be_reminded(desk.session, desk.person, standing, desk.today):
        return Skip("no longer allowed")
    trainee = desk.session.get_one(Trainee, standing.trainee_id)
    unit = desk.session.get_one(Unit, trainee.unit_id)
    requirement = rulebook_of(unit).requirements[standing.requirement]
    name = desk.session.get_one(Person, trainee.person_id).name
    return _Item(row, standing, requirement, trainee, name, place_of(desk.session, standing.occasion))


def _asks_for_this_week(desk: Desk, row: Outbox, standing: Standing) -> bool:
    """A weekly `soon` is about the week it is said in, also when an earlier week was missed."""
    this_week = row.step == "soon" and row.period == week_label(desk.today)
    return this_week and standing.state == "overdue" and standing.done == 0


_STATES: Final = {"soon": ("soon", "ok"), "overdue": ("overdue",), "repeat": ("overdue",)}


def _nudge_text(desk: Desk, items: Sequence[_Item]) -> str:
    words = desk.words
    foot = words.say("nudge.foot")
    if len(items) == 1:
        key = "nudge.trainee_one" if _is_own(desk, items[0]) else "nudge.supervisor_one"
        return f"{words.say(key, what=_what(words, items[0]), name=items[0].name)}\n{foot}"
    lines = [
        words.say(
            "nudge.line" if _is_own(desk, item) else "nudge.line_named",
            what=_what(words, item),
            name=item.name,
        )
        for item in items
    ]
    return "\n".join([words.say("nudge.many"), *lines, foot])


def _is_own(desk: Desk, item: _Item) -> bool:
    return item.trainee.person_id == desk.person.id


def _what(words: Words, item: _Item) -> str:
    """The same words to both halves of the pair, and no blame."""
    due = item.standing.due_on
    if item.requirement.kind is Kind.WEEKLY and due:
        return _weekly(words, item, due)
    key = "nudge.soon" if item.row.step == "soon" else "nudge.overdue"
    title = describe.title(words, item.requirement, item.place)
    return words.say(key, title=title, day=words.dated(due)) if due else title


def _weekly(words: Words, item: _Item, due: date) -> str:
    if item.row.step == "soon":
        return words.say("nudge.weekly_soon", week=words.week(words.today or due))
    if item.standing.missed > 1:
        return words.say("nudge.weekly_overdue_many", count=item.standing.missed, since=words.week(due))
    return words.say("nudge.weekly_overdue", week=words.week(due))


def _nudge_buttons(desk: Desk, items: Sequence[_Item]) -> tuple[Button, ...]:
    about = items[0].row.id
    return (
        desk.button("log_now", "log", about, primary=True),
        desk.button("booked", "booked", about),
        desk.button("snooze", "snooze", about),
        desk.button("away", "away", about),
    )
