"""The day's one reminder: what still holds of it, in one message with its buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from handlers import concern_words, describe
from handlers.access import may_be_reminded
from handlers.desk import Desk, Skip, Worded
from handlers.message import Button, Message
from handlers.notices import requests
from handlers.notices.entries import confirm
from handlers.notices.nudge_facts import Known, Now, key_of
from handlers.notices.requests import Asked, say_of
from handlers.stays import place_of
from handlers.words import Words
from schedules.lives.reading import rulebook_of
from schedules.naming import alphabetical
from schedules.reminding import UNTIL
from schedules.rules.requirement import Kind, Requirement
from storage.tables import Outbox

_STATES: Final = {"soon": ("soon", "ok"), "overdue": ("overdue",), "repeat": ("overdue",)}


@dataclass(frozen=True, slots=True)
class _Item:
    """One reminder that still holds."""

    row: Outbox
    standing: Now
    requirement: Requirement
    place: str | None = None
    """The placement it is about, if it is about one."""

    @property
    def due_on(self) -> date | None:
        """By when: the standing's date, or of what is asked for anew its own."""
        until = self.row.facts.get(UNTIL)
        return date.fromisoformat(until) if until else self.standing.due_on


def nudges(desk: Desk, rows: Sequence[Outbox], known: Known) -> Worded | Skip:
    """A person's reminders as one message, without what is no longer so; Skip where nothing is left."""
    looked = [(row, _again(desk, row, known)) for row in rows]
    items = [item for _, item in looked if isinstance(item, _Item)]
    asked = [item for _, item in looked if isinstance(item, Asked)]
    riders = [(row, item) for row, item in looked if isinstance(item, Message)]
    skipped = tuple((row, item.reason) for row, item in looked if isinstance(item, Skip))
    if not items and not asked and riders:
        return Worded(_joined(None, riders), tuple(row for row, _ in riders), skipped)
    if not items and not asked:
        return Skip(skipped[0][1])
    items.sort(key=lambda item: (alphabetical(item.standing.name), item.standing.due_on or date.max))
    rows_said = [item.row for item in items]
    # Asked for and due at once: one line.
    items = list({(item.standing.key, item.due_on): item for item in items}.values())
    said = (*rows_said, *(each.row for each in asked), *(row for row, _ in riders))
    return Worded(_joined(_nudge(desk, items, asked), riders), said, skipped)


def _joined(bundle: Message | None, riders: Sequence[tuple[Outbox, Message]]) -> Message:
    """One message of all; a question's buttons follow those of the reminders, in the order of the lines."""
    every = [*([bundle] if bundle else []), *(message for _, message in riders)]
    buttons = tuple(button for message in every for button in message.buttons)
    return Message("\n".join(message.text for message in every), buttons=buttons)


def _again(desk: Desk, row: Outbox, known: Known) -> _Item | Asked | Message | Skip:
    if row.kind == "confirm":
        return confirm(desk, row)
    if "concern" in row.facts:
        return concern_words.notice(desk, row)
    return requests.asked(desk, row) if "request" in row.facts else _look_again(desk, row, known)


def _nudge(desk: Desk, items: Sequence[_Item], asked: Sequence[Asked]) -> Message:
    """One message: the reminders, and the assessments that somebody waits for."""
    if not items and len(asked) == 1:
        return requests.form(desk, asked[0])
    lines = [say_of(desk.words, "waits", each.request, name=each.name) for each in asked]
    buttons = tuple(desk.button("assess", "assess", each.request.id, name=each.name) for each in asked)
    if not items:
        return Message("\n".join([desk.words.say("nudge.many"), *lines]), buttons=buttons)
    logs = any(item.standing.is_half for item in items)
    text = "\n".join([_nudge_text(desk, items, logs=logs), *lines])
    return Message(text, buttons=(*_nudge_buttons(desk, items, logs=logs), *buttons))


def _look_again(desk: Desk, row: Outbox, known: Known) -> _Item | Skip:
    """Is it still true, and may this person still know it?"""
    standing = known.standings.get(key_of(row))
    if standing is None or standing.period != row.facts["spell"]:
        return Skip("answered")
    if standing.state not in _STATES[row.step] and not _asks_anew(desk, row, standing):
        return Skip(f"now {standing.state}")
    if not standing.is_half and not may_be_reminded(
        desk.session, desk.person, standing.trainee_id, standing.occasion
    ):
        return Skip("no longer allowed")
    requirement = rulebook_of(known.units[standing.unit_id]).requirements.get(standing.requirement)
    if requirement is None:
        return Skip("no longer asked for")
    return _Item(row, standing, requirement, place_of(desk.session, standing.occasion))


def _asks_anew(desk: Desk, row: Outbox, standing: Now) -> bool:
    """A week, month or term that is not over is asked for also when an earlier one was missed."""
    until = row.facts.get(UNTIL)
    return until is not None and standing.state == "overdue" and desk.today <= date.fromisoformat(until)


def _nudge_text(desk: Desk, items: Sequence[_Item], *, logs: bool) -> str:
    words = desk.words
    foot = words.say("nudge.foot" if logs else "nudge.foot_others")
    if len(items) == 1:
        key = "nudge.trainee_one" if _is_own(desk, items[0]) else "nudge.supervisor_one"
        return f"{words.say(key, what=_what(words, items[0]), name=items[0].standing.name)}\n{foot}"
    lines = [
        words.say(
            "nudge.line" if _is_own(desk, item) else "nudge.line_named",
            what=_what(words, item),
            name=item.standing.name,
        )
        for item in items
    ]
    return "\n".join([words.say("nudge.many"), *lines, foot])


def _is_own(desk: Desk, item: _Item) -> bool:
    return item.standing.person_id == desk.person.id


def _what(words: Words, item: _Item) -> str:
    """The same words to both halves of the pair, and no blame."""
    due = item.due_on
    if item.requirement.kind is Kind.WEEKLY and due:
        return _weekly(words, item, due)
    key = "nudge.soon" if item.row.step == "soon" else "nudge.overdue"
    title = describe.title(words, item.requirement, item.place)
    if due is None:
        return title
    return words.say(key, title=title, day=words.dated(describe.last_in_time(item.requirement, due)))


def _weekly(words: Words, item: _Item, due: date) -> str:
    if item.row.step == "soon":
        return words.say("nudge.weekly_soon", week=words.week(words.today or due))
    if item.standing.missed > 1:
        return words.say("nudge.weekly_overdue_many", count=item.standing.missed, since=words.week(due))
    return words.say("nudge.weekly_overdue", week=words.week(due))


def _nudge_buttons(desk: Desk, items: Sequence[_Item], *, logs: bool) -> tuple[Button, ...]:
    about = items[0].row.id
    if not logs:
        return (desk.button("snooze", "snooze", about),)
    return (
        desk.button("log_now", "log", about, primary=True),
        desk.button("booked", "booked", about),
        desk.button("snooze", "snooze", about),
        desk.button("away", "away", about),
    )
