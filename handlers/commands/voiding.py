"""What is shared by all that is taken back: whether it may be, and what is answered."""

from __future__ import annotations

from typing import TypeVar

from handlers.context import Context
from handlers.message import IncomingKind, Reply
from handlers.whose import say_of
from storage.tables import Absence, Placement

Spell = TypeVar("Spell", Absence, Placement)


def own_spell(of: type[Spell], number: int, context: Context) -> Spell | None:
    """An absence or a placement that stands and that this person wrote in the chat."""
    row = context.session.get(of, number)
    if row is None or row.voided_at is not None or row.imported_as or row.written_by != context.person.id:
        return None
    return row


def undone(
    what: str,
    subject: str,
    trainee_id: int | None,
    context: Context,
    key: str = "receipt.undone",
    **values: object,
) -> Reply:
    """`trainee_id` is whose it was, where it was of one."""
    context.note("undone", subject)
    said = {"what": what, **values}
    text = say_of(key, trainee_id, context, **said) if trainee_id else context.words.say(key, **said)
    is_press = context.incoming.kind is IncomingKind.PRESS
    return context.reply(text, "undone", replace=is_press)
