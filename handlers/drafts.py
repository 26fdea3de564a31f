"""Drafts: a line understood but for one thing, and the buttons that complete it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select

from handlers.context import Context, owned_button
from handlers.language.command import Command
from handlers.message import Button, IncomingKind, Reply
from handlers.people import told_apart
from storage.columns import columns
from storage.known import Wholes
from storage.prepared import Prepared
from storage.tables import Draft, Inbox, Person

ANSWERED_WITHIN = dt.timedelta(minutes=15)
"""An answer in words is taken for one this long; after that a line stands for itself."""
MOST = 8
"""Buttons under one question; a supervisor with more trainees writes the name."""


_I, _D = columns(Inbox), columns(Draft)
_LATEST = select(_I.id).where(
    _I.person_id == bindparam("person"),
    _I.id != bindparam("this"),
    _I.kind != IncomingKind.HOME,  # looking at how one stands is no answer
)
_WHOLE = Wholes(Draft)
_ASKED_LAST = Prepared(
    select(*_WHOLE.columns).where(
        _D.inbox_id == _LATEST.order_by(_I.id.desc()).limit(1).scalar_subquery(),
        _D.person_id == bindparam("person"),
    )
)
"""Built once: every line asks it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to complete a line: what the button says, and the line as it then stands."""

    label: str
    command: Command
    trainee: int | None = None
    anyway: bool = False
    """Log it although the same is already there."""
    moves: int | None = None
    """The booking that this one takes the place of."""
    lines: tuple[Command, ...] = ()
    """All that it completes, where that is several lines: `command` is the first of them."""
    changes: str = ""
    """The subject ("entry:12") of what is to be as the command says, where nothing new is saved."""


def ask_choices(
    context: Context, question: str, choices: Sequence[Choice], asked: Command | None = None
) -> Reply:
    """Ask, with a button for each choice. Without choices the question stands alone.

    With `asked`, the answer may also be written: the next line completes it.
    """
    if not choices and asked is None:
        return context.reply(question, "asked")
    return context.reply(question, "asked", buttons=choice_buttons(context, choices, asked))


def choice_buttons(context: Context, choices: Sequence[Choice], asked: Command | None = None) -> list[Button]:
    """A button for each choice, kept until one is pressed; none for none."""
    if not choices and asked is None:
        return []
    kept = list(choices)[:MOST]
    draft = Draft(
        person_id=context.person_id,
        inbox_id=context.inbox_id,
        choices=[pack_choice(choice) for choice in kept],
        asked=pack_command(asked) if asked else None,
        written_at=context.now,
    )
    context.session.add(draft)
    context.session.flush()
    return [
        owned_button(choice.label, "pick", draft.id or 0, index, owner=context.person_id, primary=index == 0)
        for index, choice in enumerate(kept)
    ]


def together(lines: tuple[Command, ...], context: Context, trainee: int | None = None) -> Choice:
    """The choice that stands for all of several lines."""
    label = context.words.say("button.every", count=len(lines))
    return Choice(label, lines[0], trainee, lines=lines)


def open_question(context: Context) -> Draft | None:
    """The question this person was asked last, if it was just now and nothing came in between."""
    draft = unanswered(context)
    return draft if draft is not None and draft.asked else None


def ask_which(context: Context, question: str, people: Sequence[Person], command: Command) -> Reply:
    """Ask whom of several a line is about; of more than there are buttons the name is to be written."""
    shown = people if len(people) <= MOST else ()
    return ask_choices(
        context,
        question,
        [Choice(label, replace(command, people=(meant,), note=None)) for label, meant in told_apart(shown)],
    )


def drop_question(context: Context) -> bool:
    """Close the question this person was just asked, if any: what it was about was never saved."""
    draft = unanswered(context)
    if draft is None or "remark" in (draft.asked or {}):  # an offer: what came before it was saved
        return False
    line = context.session.get_one(Inbox, draft.inbox_id)
    if line.subject:  # it came with something that was saved, and that is what is taken back
        return False
    if (line.said_at or line.received_at) > context.incoming.at:  # said before what it would close
        return False
    draft.used_at = context.now
    context.session.add(draft)
    return True


def unanswered(context: Context) -> Draft | None:
    """What this person was asked last, if it was just now and nothing came in between."""
    about = {"person": context.person.id, "this": context.inbox_id}
    context.session.flush()
    found = _ASKED_LAST.rows(context.session, about)
    draft: Draft | None = _WHOLE.objects(context.session, found[0])[0] if found else None
    fresh = draft is not None and draft.used_at is None and context.now - draft.written_at <= ANSWERED_WITHIN
    return draft if fresh else None


def pack_choice(choice: Choice) -> dict[str, Any]:
    """A choice as JSON."""
    return {
        "label": choice.label,
        "command": pack_command(choice.command),
        "trainee": choice.trainee,
        "anyway": choice.anyway,
        "moves": choice.moves,
        "lines": [pack_command(line) for line in choice.lines],
        "changes": choice.changes,
    }


def unpack_choice(packed: dict[str, Any]) -> Choice:
    """The choice that `pack_choice` was given."""
    return Choice(
        packed["label"],
        unpack_command(packed["command"]),
        packed["trainee"],
        packed["anyway"],
        packed["moves"],
        tuple(unpack_command(line) for line in packed.get("lines", ())),
        packed.get("changes", ""),
    )


def pack_command(command: Command) -> dict[str, Any]:
    """A command as JSON, with what `handledd parse` does not tell."""
    untold = {"by_night": command.by_night or None, "parity": command.parity, "books": command.books or None}
    return command.as_json() | {key: value for key, value in untold.items() if value is not None}


def unpack_command(packed: dict[str, Any]) -> Command:
    """The command that `pack_command` was given."""
    raw = dict(packed)
    for key in ("date", "end_date"):
        raw[key] = dt.date.fromisoformat(raw[key]) if raw[key] else None
    raw["time"] = dt.time.fromisoformat(raw["time"]) if raw["time"] else None
    for key in ("topics", "goals", "people"):
        raw[key] = tuple(raw[key])
    return Command(**raw)
