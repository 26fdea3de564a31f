"""What a question of how one stands is about: `när är nästa iup`, `hur många mini-cex har jag gjort`."""

from __future__ import annotations

from dataclasses import replace

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.finders.matches import ASSESSMENT


def of_one_duty(command: Command, found: Findings) -> Command:
    """The same with the one activity that the question names; of several, or of none, all is told."""
    if command.intent != "status" or command.reason:
        return command
    tools = tuple(dict.fromkeys(match.key for match in found.of("instruments")))
    named = {match.key for match in found.of("activities")} | ({ASSESSMENT} if tools else set())
    if len(named) != 1:
        return command
    return replace(command, activity=named.pop(), instrument=tools[0] if len(tools) == 1 else None)
