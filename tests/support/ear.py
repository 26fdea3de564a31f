"""What a platform speaks into, in place of `receive`."""

from __future__ import annotations

from handlers.message import Incoming, Message, Reply


class Ear:
    """Records what it is told; raises the scripted errors first."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.tried: list[Incoming] = []
        self.heard: list[Incoming] = []
        self.poison = ""

    async def __call__(self, incoming: Incoming) -> Reply:
        self.tried.append(incoming)
        if self.errors:
            raise self.errors.pop(0)
        if self.poison and self.poison in incoming.text:
            raise ValueError(self.poison)
        self.heard.append(incoming)
        return Reply(Message("Sparat"), "logged")

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.heard]
