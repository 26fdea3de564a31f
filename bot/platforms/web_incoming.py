"""What comes in from the demo's page: its small JSON posts, and each as Incoming."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from handlers.message import Incoming, IncomingKind, Sender

NAME: Final = "web"
FURTHEST = 366
"""Days that the clock moves in one go."""


@dataclass(frozen=True, slots=True)
class WebPerson:
    """Someone to be on the page. `role` is a Swedish label: "ST-läkare", "Handledare", "Studierektor".

    `supervisor` is the external id of a trainee's supervisor, so that the first windows belong together.
    """

    external_id: str
    name: str
    role: str
    unit: str
    supervisor: str = ""


class _Post(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Sent(_Post):
    who: str = Field(alias="as", min_length=1, max_length=200)
    id: str = Field(pattern=r"^[A-Za-z0-9-]{8,64}$")


class Said(_Sent):
    """A line, written by whom the page is being."""

    text: str = Field(min_length=1)


class Edited(Said):
    """An earlier line, as it reads now."""

    ref: str = Field(min_length=1, max_length=200)


class Pressed(_Sent):
    """A button under a message."""

    ref: str = Field(min_length=1, max_length=200)
    press: str = Field(pattern=r"^[\x00-\x7f]{1,64}$")


class Moved(_Post):
    """The clock moved on by so many days."""

    days: int = Field(ge=1, le=FURTHEST)


def incoming(sent: Said | Edited | Pressed, person: WebPerson, at: datetime) -> Incoming:
    """A post as the update it is, from a person at an aware moment."""
    who = person.external_id
    came = Incoming(
        sender=Sender(NAME, who, name=person.name, address=who),
        delivery_key=f"{NAME}:{sent.id}",
        at=at.astimezone(UTC),
    )
    if isinstance(sent, Pressed):
        return replace(came, kind=IncomingKind.PRESS, press=sent.press, message_ref=sent.ref)
    if isinstance(sent, Edited):
        return replace(came, kind=IncomingKind.EDIT, text=sent.text, message_ref=sent.ref)
    return replace(came, text=sent.text, message_ref=sent.id)
