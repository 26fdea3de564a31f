"""When the halves of a pair see a session differently: they settle it themselves, and the audit says how."""

from __future__ import annotations

from sqlmodel import col, select

from handlers import journal
from handlers.context import Context, Press
from handlers.message import Reply
from schedules.outbox.outgoing import Notice, tell
from storage.tables import Audit, Entry, EntryState, Person


def held(press: Press, context: Context) -> Reply:
    """Det stämmer, by the author: the other is asked once more, and only once."""
    entry = context.session.get(Entry, press.about[0]) if press.about else None
    mine = entry is not None and entry.written_by == context.person_id
    if entry is None or not mine or entry.state != EntryState.LIVE or entry.disputed_at is None:
        return context.say("ask.expired", "stale_button", replace=True)
    other = objector(entry, context)
    if other is None or not journal.ask_again(context.session, entry, other, context.now):
        return context.say("confirm.stuck", "nothing", replace=True)
    entry.disputed_at = None
    context.session.add(entry)
    context.note("held", f"entry:{entry.chain_id}", version=entry.id)
    return context.say("confirm.held_on", "held", replace=True, name=other.name)


def settled(entry: Entry, how: str, context: Context) -> None:
    """An objection has come to its end: amended, undone or withdrawn. The other one hears of it."""
    context.note("resolved", f"entry:{entry.chain_id}", version=entry.id, how=how)
    other = objector(entry, context)
    whom = entry.written_by if how == "withdrawn" else other.id if other else None
    if whom is None or whom == context.person_id or how == "amended":  # a new version is asked about anyway
        return
    _tell(entry, whom, how, context)


def unconfirmed(entry: Entry, by: int, context: Context) -> None:
    """What somebody had confirmed was undone: they hear of it, unless it was they who undid it."""
    if by != context.person_id:
        _tell(entry, by, "taken_back", context)


def _tell(entry: Entry, whom: int, how: str, context: Context) -> None:
    notice = Notice(
        person_id=whom,
        kind="notice",
        subject=f"entry:{entry.chain_id}",
        period=f"{context.now:%Y%m%dT%H%M%S}",
        step=how,
        due_at=context.now,
        facts={
            "notice": "settled",
            "entry": entry.id,
            "by": context.person_id,
            "trainee": entry.trainee_id,
            "how": how,
        },
    )
    tell(context.session, notice, context.now)


def objector(entry: Entry, context: Context) -> Person | None:
    """Who said last that it is not right."""
    found = context.session.exec(
        select(Audit.actor_id)
        .where(Audit.act == "disputed", Audit.subject == f"entry:{entry.chain_id}")
        .order_by(col(Audit.id).desc())
        .limit(1)
    ).first()
    return context.session.get(Person, found) if found else None
