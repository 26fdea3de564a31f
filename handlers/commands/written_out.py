"""A button's words written out: `självständig`, `påminn om en vecka`, `ta bort`, under what was sent last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple

from sqlmodel import col, select

from handlers.commands.confirm_words import written_last
from handlers.context import Context, Press, take_apart
from handlers.desk import Skip
from handlers.earlier import before_this
from handlers.envelope import unpack
from handlers.language.command import Command
from handlers.message import Button
from handlers.outgoing import word
from handlers.words import catalogue
from storage.tables import Outbox, OutboxState

SENT_WITHIN: Final = timedelta(days=3)
_MOST: Final = 20
_WORDS: Final = re.compile(r"\w+")
_LONGEST: Final = 40  # characters
_LABELS: Final = (
    "log_now", "booked", "snooze", "away", "held_otherwise", "no_sick", "no_on_call", "no_vacation",
    "no_schedule", "no_other", "decline", "assess", "keep", "remove", "hold", "retract", "confirm_rest",
    "watch", "skip", "take", "leave", "move", "cancel",
)  # fmt: skip
"""The buttons whose words are no line of their own; what undoes, changes and confirms is one."""


class _Sent(NamedTuple):
    """A message with buttons, and whether the reader has written nothing since."""

    kind: str
    is_last: bool
    buttons: Sequence[Button]


def press_of(command: Command, context: Context) -> Press | None:
    """The press that a line is the words of; None where it is none, or may be of several messages.

    Where something was written in between, it is only of a line that means nothing by itself.
    """
    said = _plain(context.incoming.text)
    if said not in _labels(context.words.locale):
        return None
    found = [
        (sent, button) for sent in _sent(context) for button in sent.buttons if _plain(button.label) == said
    ]
    last = [pair for pair in found if pair[0].is_last]
    if not last and command.intent not in ("ask", "unknown"):
        return None
    found = _newest_reminder(last or found)
    return take_apart(found[0][1].press) if len(found) == 1 else None


def is_asked(context: Context) -> bool:
    """Whether anything that was sent of late waits for a press."""
    return any(sent.buttons for sent in _sent(context))


def _newest_reminder(found: list[tuple[_Sent, Button]]) -> list[tuple[_Sent, Button]]:
    """A reminder takes the place of the one before it; of two questions it must be said which."""
    return found[:1] if all(sent.kind == "nudge" for sent, _ in found) else found


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold())) if len(text) < _LONGEST else ""


@cache
def _labels(locale: str) -> frozenset[str]:
    texts = catalogue(locale)
    levels = (text for key, text in texts.items() if key.startswith("level."))
    said = [_plain(texts[f"button.{label}"].partition("{")[0]) for label in _LABELS]
    return frozenset((*said, *map(_plain, levels))) - {""}


def _sent(context: Context) -> Iterator[_Sent]:
    """What was sent to this person of late and is still true, the newest first, with its buttons."""
    if answer := _last_answer(context):
        yield _Sent("reply", is_last=True, buttons=answer)
    since = written_last(context)
    rows = context.session.exec(
        select(Outbox)
        .where(
            Outbox.person_id == context.person_id,
            Outbox.state == OutboxState.SENT,
            col(Outbox.kind).in_(["nudge", "booking", "notice"]),
            col(Outbox.ended_at) >= context.now - SENT_WITHIN,
        )
        .order_by(col(Outbox.ended_at).desc(), col(Outbox.lease_token), col(Outbox.id))
        .limit(_MOST)
    ).all()
    for _, together in groupby(rows, key=lambda row: row.lease_token or row.id):
        each = list(together)
        worded = word(context.session, each, context.now, context.zone)
        if not isinstance(worded, Skip) and each[0].ended_at:
            yield _Sent(each[0].kind, since is None or each[0].ended_at > since, worded.message.buttons)


def _last_answer(context: Context) -> Sequence[Button]:
    """The buttons under the answer to what this person wrote or pressed last."""
    last = before_this(context)
    kept = last.reply if last and last.received_at >= context.now - SENT_WITHIN else None
    return unpack(dict(kept)).buttons if kept else ()
