"""A message of several lines that each stand for themselves: `handledning igår 1h` above `dops idag`.

As the days of one line (decision 0026): one question, then all of them or one. What is no order of its own
belongs to the line above it.
"""

from __future__ import annotations

from typing import Final

from handlers.commands.called import read_text
from handlers.context import Context
from handlers.drafts import MOST, Choice, ask_choices, together
from handlers.language.command import Command
from handlers.language.reader import begins_as_command, says_when
from handlers.message import Reply
from handlers.wording import whole

_SESSIONS: Final = ("log", "book")
_TOLD: Final = ("absence", "placement")
_ONE_TEXT: Final = ("refused", "concern", "link")
"""What a message is as a whole, however many lines it has."""
_NO_ORDER: Final = ("ask", "unknown", "thanks", "help", "change", *_ONE_TEXT)


def read_answer(command: Command, context: Context) -> Reply | None:
    """The question whether all lines are meant; None for a message that is one line, whatever its breaks.

    What cannot be saved together is to be sent line by line: else all but one of them would be lost.
    """
    lines = [line.strip() for line in context.incoming.text.splitlines() if line.strip()]
    if len(lines) < 2 or command.intent in _ONE_TEXT:
        return None
    texts = _orders(lines, context)
    if len(texts) < 2:
        return None
    commands = tuple(read_text(text, context) for text in texts)
    if len(texts) >= MOST or not all(each.intent in _SESSIONS for each in commands):
        return context.say("ask.one_by_one", "asked")
    offered = [Choice(whole(context.words, each), each) for each in commands]
    text = context.words.say("ask.every_line", count=len(commands))
    return ask_choices(context, text, [together(commands, context), *offered])


def _orders(lines: list[str], context: Context) -> list[str]:
    """The lines, each with what follows it until the next order; what leads up goes with the first."""
    found: list[str] = []
    begun = False
    for line in lines:
        is_order = _is_order(line, context)
        if found and not (is_order and begun):
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
        begun = begun or is_order
    return found


def _is_order(line: str, context: Context) -> bool:
    command = read_text(line, context)
    if command.intent in _SESSIONS:
        return says_when(line, context.said_at)
    if command.intent in _TOLD:
        return command.date is not None
    return command.intent not in _NO_ORDER and not command.note and begins_as_command(line, command)
