"""A message as JSON and back: how an answer is kept for a repeated delivery and for the sending."""

from __future__ import annotations

from typing import Any

from handlers.message import Button, Field, Message


def pack(message: Message) -> dict[str, Any]:
    """JSON of a message. Files are drawn when they are sent; a form is shown at once or not at all."""
    return {
        "text": message.text,
        "fields": [[f.label, f.value] for f in message.fields],
        "buttons": [[b.label, b.press, b.primary] for b in message.buttons],
        "private": message.private,
        "replaces": message.replaces,
        "papers": list(message.papers),
    }


def unpack(packed: dict[str, Any]) -> Message:
    """The message that `pack` was given."""
    return Message(
        text=packed["text"],
        fields=tuple(Field(*field) for field in packed["fields"]),
        buttons=tuple(Button(*button) for button in packed["buttons"]),
        private=packed["private"],
        replaces=packed["replaces"],
        papers=tuple(packed.get("papers", ())),
    )
