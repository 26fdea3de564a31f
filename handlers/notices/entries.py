"""What the two halves of a pair are told about an entry: asked to confirm it, objected to, settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select

from handlers import describe
from handlers.access import half_of, is_half_of_pair
from handlers.desk import Desk, Skip
from handlers.journal import asked_about
from handlers.message import Message
from handlers.namesakes import CALLED, called_in
from storage.columns import columns, table
from storage.known import Wholes
from storage.prepared import Prepared
from storage.tables import (
    Entry,
    EntryState,
    Outbox,
    Person,
    Remark,
)

_E, _P = columns(Entry), columns(Person)
_WHOLE: Final = Wholes(Entry)
_ASKED: Final = Prepared(
    select(*_WHOLE.columns, CALLED.label("author"), half_of(_E.trainee_id).label("is_half"))
    .join(table(Person), _P.id == _E.written_by)
    .where(_E.id == bindparam("entry"))
)
"""Built once: nearly every log is asked about."""


def confirm(desk: Desk, row: Outbox) -> Message | Skip:
    """Is it right? With the two answers; of what was saved together as one question."""
    looked = [_look(desk, key) for key in asked_about(row.facts)]
    waiting = [each for each in looked if not isinstance(each, Skip)]
    if not waiting:
        return next(each for each in looked if isinstance(each, Skip))
    if len(waiting) > 1:
        return _confirm_all(desk, row, waiting)
    ((entry, author),) = waiting
    key = "confirm.held" if row.step == "held" else "confirm.ask"
    text = desk.words.say(key, name=author, what=describe.entry(desk.words, entry, desk.person.id))
    buttons = (
        desk.button("confirm", "ok", entry.id, primary=True),
        desk.button("dispute", "no", entry.id),
    )
    return Message(text, buttons=buttons)


def _look(desk: Desk, key: int) -> tuple[Entry, str] | Skip:
    """The version that is asked about and its author's name, while it still waits for this person's word."""
    found = _ASKED.rows(desk.session, {"entry": key, "reader": desk.person.id, "day": desk.today})
    entry: Entry | None = _WHOLE.objects(desk.session, found[0])[0] if found else None
    if entry is None or entry.state != EntryState.LIVE:
        return Skip("changed or undone")
    if entry.confirmed_at or entry.disputed_at:
        return Skip("answered")
    return (entry, found[0].author) if found[0].is_half else Skip("no longer allowed")


def _confirm_all(desk: Desk, row: Outbox, waiting: Sequence[tuple[Entry, str]]) -> Message:
    lines = [f"• {describe.entry(desk.words, entry, desk.person.id)}" for entry, _ in waiting]
    text = desk.words.say("confirm.ask_all", name=waiting[0][1], what="\n".join(lines))
    buttons = (
        desk.button("confirm_all", "every", row.id, primary=True),
        *(
            desk.button("dispute_one", "not", row.id, entry.id, day=desk.words.day(entry.on_date))
            for entry, _ in waiting
        ),
    )
    return Message(text, buttons=buttons)


def disputed(desk: Desk, row: Outbox) -> Message | Skip:
    """An objection, to the one who wrote what is objected to, or whose pair it is."""
    entry = desk.session.get(Entry, row.facts["entry"])
    if entry is None or entry.state != EntryState.LIVE or entry.disputed_at is None:
        return Skip("settled")
    own = entry.written_by == desk.person.id
    if not own and not is_half_of_pair(desk.session, desk.person, entry.trainee_id, desk.today):
        return Skip("no longer allowed")
    by = called_in(desk.session, desk.session.get_one(Person, row.facts["by"]))
    buttons = (
        desk.button("change", "change", entry.chain_id),
        desk.button("remove", "undo", entry.chain_id),
        desk.button("hold", "hold", entry.id),
    )
    what = describe.entry(desk.words, entry, desk.person.id)
    return Message(desk.words.say("confirm.disputed", name=by, what=what), buttons=buttons)


def settled(desk: Desk, row: Outbox) -> Message | Skip:
    """How an objection ended, to the one who did not end it."""
    entry = desk.session.get(Entry, row.facts["entry"])
    if entry is None:
        return Skip("gone")
    by = called_in(desk.session, desk.session.get_one(Person, row.facts["by"]))
    what = describe.entry(desk.words, entry, desk.person.id)
    return Message(desk.words.say(f"confirm.{row.facts['how']}", name=by, what=what))


def remark(desk: Desk, row: Outbox) -> Message | Skip:
    """What the other one added to an entry of one's own."""
    remark = desk.session.get(Remark, row.facts["remark"])
    entry = desk.session.get(Entry, row.facts["entry"])
    if remark is None or entry is None or remark.voided_at or entry.state != EntryState.LIVE:
        return Skip("undone")
    author = called_in(desk.session, desk.session.get_one(Person, remark.author_id))
    what = describe.entry(desk.words, entry, desk.person.id)
    text = describe.public_note(remark.text) or ""
    return Message(desk.words.say("remark.told", name=author, what=what, text=text))
