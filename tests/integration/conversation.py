"""Conversation as data: who writes what, and how the answer begins."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.world import World

Turn = tuple[str, str, str]
"""Who, what they write ("[Label]" presses a button), and the text the answer must hold."""


def hold(world: World, turns: Sequence[Turn]) -> None:
    """Play a conversation; each message must get exactly one answer, holding the given text."""
    for who, says, wanted in turns:
        before = len(world.to(who, "reply"))
        label = says[1:-1] if says.startswith("[") and says.endswith("]") else None
        answer = world.press(who, label) if label else world.say(who, says)
        assert wanted in answer.text, f"{who}: {says!r} got {answer.text!r}"
        assert len(world.to(who, "reply")) == before + 1, f"{who}: {says!r} was not answered exactly once"
