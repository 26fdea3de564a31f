"""`ja`, `ja, 45 min` and `nej, sjuk` written out under "Blev det av?": the same as its buttons."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from sqlmodel import col, select

from handlers.commands import confirm_words, remark, sessions
from handlers.context import Context, Press
from handlers.language.command import Command
from handlers.message import Reply
from handlers.notices.bookings import REASONS
from storage.tables import Booking, Outbox, OutboxState

_ASKED_WITHIN: Final = timedelta(days=3)
_WORDS: Final = re.compile(r"\w+")
_MOST: Final = 3  # words of the longest button


def read_answer(command: Command, context: Context) -> Reply | None:
    """The press that a line is the words of, where the question came last and is the only one that waits."""
    said = _plain(context.incoming.text)
    yes = remark.is_yes(context.incoming.text)
    labels = (
        [_plain(context.words.say(f"button.no_{reason}")) for reason in REASONS] if _is_short(said) else []
    )
    minutes = _length(command)
    if not yes and not minutes and said not in labels:
        return None
    booking = _asked(context)
    if booking is None or (minutes and command.date not in (None, context.today)):
        return None
    if yes or minutes:
        return sessions.held(Press("held", (booking,), context.person_id), context, minutes)
    return sessions.not_held(Press("nope", (booking, labels.index(said)), context.person_id), context)


def _length(command: Command) -> int | None:
    """`45 min`, `det blev 45 min`: how long it was, where the line says nothing else."""
    asks = command.intent == "ask" and command.question == "activity"
    bare = Command(command.intent, minutes=command.minutes, date=command.date, question=command.question)
    return command.minutes if (asks or command.intent == "change") and command == bare else None


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold())) if len(text) < 40 else ""


def _is_short(said: str) -> bool:
    return 1 < len(said.split()) <= _MOST


def _asked(context: Context) -> int | None:
    """The booking that was asked about since this person last wrote; None where there are several."""
    written_at = confirm_words.written_last(context)
    rows = context.session.exec(
        select(Outbox)
        .where(
            Outbox.person_id == context.person_id,
            Outbox.state == OutboxState.SENT,
            col(Outbox.created_at) >= context.now - _ASKED_WITHIN,
            col(Outbox.kind).in_(["booking", "confirm"]),
        )
        .order_by(col(Outbox.id).desc())
    ).all()
    since = [row for row in rows if written_at is None or (row.ended_at or row.created_at) > written_at]
    asked = [row for row in since if row.kind == "confirm" or row.step == "after"]
    if len(asked) != 1 or asked[0].kind == "confirm":
        return None
    booking = context.session.get(Booking, asked[0].facts["booking"])
    return booking.id if booking and booking.state == "planned" else None
