"""Drafts: a line understood but for one thing, and the buttons that complete it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.context import Context, owned_button
from handlers.language.command import Command
from handlers.message import Reply
from storage.tables import Draft

MOST = 8
"""Buttons under one question; a supervisor with more trainees writes the name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to complete a line: what the button says, and the line as it then stands."""

    label: str
    command: Command
    trainee: int | None = None
    anyway: bool = False
    """Log it although the same is already there."""


def ask_choices(context: Context, question: str, choices: Sequence[Choice]) -> Reply:
    """Ask, with a button for each choice. Without choices the question stands alone."""
    if not choices:
        return context.reply(question, "asked")
    kept = list(choices)[:MOST]
    draft = Draft(
        person_id=context.person_id,
        inbox_id=context.inbox_id,
        choices=[pack_choice(choice) for choice in kept],
        written_at=context.now,
    )
    context.session.add(draft)
    context.session.flush()
    buttons = [
        owned_button(choice.label, "pick", draft.id or 0, index, owner=context.person_id, primary=index == 0)
        for index, choice in enumerate(kept)
    ]
    return context.reply(question, "asked", buttons=buttons)


def pack_choice(choice: Choice) -> dict[str, Any]:
    """A choice as JSON."""
    return {
        "label": choice.label,
        "command": choice.command.as_json(),
        "trainee": choice.trainee,
        "anyway": choice.anyway,
    }


def unpack_choice(packed: dict[str, Any]) -> Choice:
    """The choice that `pack_choice` was given."""
    raw = dict(packed["command"])
    for key in ("date", "end_date"):
        raw[key] = dt.date.fromisoformat(raw[key]) if raw[key] else None
    raw["time"] = dt.time.fromisoformat(raw["time"]) if raw["time"] else None
    for key in ("topics", "goals", "people"):
        raw[key] = tuple(raw[key])
    return Choice(packed["label"], Command(**raw), packed["trainee"], packed["anyway"])
