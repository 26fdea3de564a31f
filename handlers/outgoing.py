"""Wording what is in the outbox, at delivery: after looking again whether it is still true and allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import Session

from handlers import concern_words, describe, golive, reach
from handlers.desk import Desk, Skip, Worded, desk_of
from handlers.digests.digest import digest_of, digest_text, is_empty, pair_buttons
from handlers.envelope import unpack
from handlers.message import Message
from handlers.namesakes import called_in
from handlers.notices import absences, entries, leaving, requests
from handlers.notices.bookings import booking_message
from handlers.notices.nudge_facts import look
from handlers.notices.nudges import nudges
from handlers.papers.attach import drawn, wanted, with_papers
from handlers.people import own_training, person_of_trainee
from schedules.choices import digest_of as habits_of_digest
from storage.columns import columns
from storage.prepared import Prepared
from storage.tables import Inbox, Outbox, Person, Placement

_N = columns(Inbox)
_REPLY: Final = Prepared(select(_N.reply).where(_N.id == bindparam("inbox")))
"""Built once: every answer asks it."""


def word(session: Session, rows: Sequence[Outbox], now: datetime, zone: str) -> Worded | Skip:
    """Word outbox rows of one person and kind that travel together.

    Raises LookupError when what a row points at is gone: a fault of ours, not a reason to stay silent.
    """
    first = rows[0]
    person = session.get(Person, first.person_id) if first.person_id else None
    desk = desk_of(session, person, now, zone) if person else None
    if first.kind == "reply":
        return _kept_reply(session, desk, first)
    if desk is None:
        return Skip("person is gone")
    if first.kind == "nudge":
        return nudges(desk, rows, look(desk, rows))
    if first.kind == "digest":
        return _digest(desk, rows)
    worded = _ALONE[first.kind](desk, first)
    return worded if isinstance(worded, Skip) else Worded(worded, (first,))


def _kept_reply(session: Session, desk: Desk | None, row: Outbox) -> Worded | Skip:
    kept = _REPLY.value(session, {"inbox": row.facts["inbox"]})
    if kept is None:
        return Skip("too old to answer")
    message = unpack(kept)
    return Worded(with_papers(desk, message) if desk else message, (row,))


def _notice(desk: Desk, row: Outbox) -> Message | Skip:
    return _NOTICES[row.facts["notice"]](desk, row)


def _placed(desk: Desk, row: Outbox) -> Message | Skip:
    """A placement's supervisor learns that they are one, and for whom."""
    placement = desk.session.get(Placement, row.facts["placement"])
    if placement is None or placement.voided_at is not None:
        return Skip("undone")
    name = called_in(desk.session, person_of_trainee(desk.session, placement.trainee_id))
    what = describe.placement(desk.words, placement, None)
    return Message(desk.words.say("placement.told", name=name, what=what))


def _latest(desk: Desk, row: Outbox) -> Message | Skip:
    """The one question about the time before the bot watched; no answer is an answer too."""
    trainee = own_training(desk.session, desk.person)
    if trainee is None or golive.answered(desk.session, trainee.id or 0):
        return Skip("answered")
    skip = desk.button("skip", "skip", row.id)
    return Message(desk.words.say("latest.ask"), buttons=(skip,))


def _digest(desk: Desk, rows: Sequence[Outbox]) -> Worded | Skip:
    """The digest, and which of the rows that it was to tell by name it tells."""
    found = digest_of(desk.session, desk.person, desk.now, desk.today)
    habits = habits_of_digest(desk.session, desk.person.id or 0)
    if is_empty(found) and not habits.digest_when_empty:
        return Skip("nothing to tell")
    named = {(each.row.trainee_id, each.row.requirement, each.row.occasion) for each in found.escalated}
    said = tuple(row for row in rows if row.step != "escalated" or _named(row) in named)
    if not said:
        return Skip("answered")
    skipped = tuple((row, "answered") for row in rows if row not in said)
    text, files = digest_text(desk.words, found, desk.today), drawn(desk, wanted(habits), found)
    buttons = pair_buttons(desk.words, found, desk.person.id or 0)
    return Worded(Message(text, buttons=buttons, files=files), said, skipped)


def _named(row: Outbox) -> tuple[int, str, str]:
    return row.facts["trainee"], row.facts["requirement"], row.facts.get("occasion", "")


_NOTICES: Final[dict[str, Callable[[Desk, Outbox], Message | Skip]]] = {
    "request": requests.question,
    "request_ended": requests.ended,
    "request_place": requests.place,
    "absent": absences.told_of,
    "absent_undone": absences.taken_back,
    "disputed": entries.disputed,
    "placed": _placed,
    "latest": _latest,
    "remark": entries.remark,
    "concern": concern_words.notice,
    "transfer": leaving.is_it_yours,
    "settled": entries.settled,
    "forget": leaving.wants_to_be_forgotten,
    "unreached": lambda desk, row: reach.unreached(desk, row.facts),
}
_ALONE: Final[dict[str, Callable[[Desk, Outbox], Message | Skip]]] = {
    "booking": booking_message,
    "confirm": entries.confirm,
    "notice": _notice,
}
