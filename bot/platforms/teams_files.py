"""Files in Teams: a bot may only offer one; who accepts gets it put in their own OneDrive.

Source: learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4. An offered file waits sealed, on
a shelf that all replicas share: whichever of them hears the answer hands it over. It holds what people wrote,
so its key stands in the offer alone, in the person's own chat.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from microsoft_teams.api.activities.message import MessageActivityInput
from microsoft_teams.api.models import Attachment

from bot.platforms.contract import SendError
from bot.platforms.fields import MalformedError
from bot.platforms.teams_cards import titled
from handlers.message import File
from handlers.words import LANGUAGES, say_to

T = TypeVar("T")

CONSENT = "fileConsent/invoke"
OFFERS = 50
"""Files that a shelf in memory holds at a time: the oldest goes first."""

_URL = re.compile(r"[A-Za-z0-9:/._~%?&=+$!,;@()'*-]{1,2000}", re.ASCII)


class Shelf(Protocol):
    """Where sealed files wait. What it raises is not the caller's fault."""

    async def put(self, name: str, sealed: bytes) -> None:
        """Keep it under a name."""
        ...

    async def get(self, name: str) -> bytes | None:
        """What is kept under a name."""
        ...

    async def take(self, name: str) -> bool:
        """Give it up; whether it was still there."""
        ...


class Memory:
    """A shelf of one process, for as long as it lives."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def put(self, name: str, sealed: bytes) -> None:
        """The oldest makes room."""
        self._kept[name] = sealed
        if len(self._kept) > OFFERS:
            self._kept.popitem(last=False)

    async def get(self, name: str) -> bytes | None:
        """See Shelf."""
        return self._kept.get(name)

    async def take(self, name: str) -> bool:
        """See Shelf."""
        return self._kept.pop(name, None) is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said to an offer. `upload` is "" for a no, `locale` the language it was made in."""

    offer: str
    card: str
    upload: str = ""
    shown: str = ""
    unique: str = ""
    kind: str = ""
    locale: str = ""

    def said(self, key: str) -> str:
        """A text of the catalogue's for the one who answered."""
        return say_to(self.locale if self.locale in LANGUAGES else "", key)


class Offers:
    """The files that are offered now. Raises SendError where the shelf does not work."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def make(self, file: File, person: str, locale: str) -> MessageActivityInput:
        """The post that offers a file to a person, in their language."""
        key = Fernet.generate_key().decode()
        await _kept(self._shelf.put(_name(key), seal(key, file, person)))
        context = {"offer": key, "locale": locale}
        content = {
            "description": say_to(locale, "teams.offered"),
            "sizeInBytes": len(file.content),
            "acceptContext": context,
            "declineContext": context,
        }
        card = Attachment(
            content_type="application/vnd.microsoft.teams.card.file.consent", name=file.name, content=content
        )
        return titled(file.name).add_attachments(card)

    async def take(self, key: str, person: str) -> File | None:
        """The file of an offer, once, for the person it was made to."""
        sealed = await _kept(self._shelf.get(_name(key)))
        file = unseal(key, sealed, person) if sealed else None
        there = file is not None and await _kept(self._shelf.take(_name(key)))
        return file if there else None


def seal(key: str, file: File, person: str) -> bytes:
    """A file and whose it is, for nobody without the key."""
    head = json.dumps([person, file.name, file.media_type]).encode()
    return Fernet(key).encrypt(head + b"\n" + file.content)


def unseal(key: str, sealed: bytes, person: str) -> File | None:
    """The file; None with another key, or for another person."""
    try:
        head, _, content = Fernet(key).decrypt(sealed).partition(b"\n")
    except (InvalidToken, ValueError):
        return None
    whose, name, media_type = json.loads(head)
    return File(name, content, media_type) if whose == person else None


def _name(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


async def _kept(word: Awaitable[T]) -> T:
    try:
        return await word
    except Exception as error:  # noqa: BLE001 whatever a shelf is made of: nothing was sent
        raise SendError(f"Teams: a file cannot be kept now ({type(error).__name__})") from None


def answer(body: Mapping[str, object]) -> Answer:
    """What an invoke says to an offer. Raises MalformedError."""
    card = body.get("replyToId")
    match body.get("value"):
        case {"action": "accept", "context": {"offer": str(offer), **more}, "uploadInfo": dict(info)}:
            names = ("uploadUrl", "contentUrl", "uniqueId", "fileType")
            texts = [str(info.get(name) or "") for name in names]
            return replace(Answer(offer, str(card or ""), *texts), locale=str(more.get("locale", "")))
        case {"action": "decline", "context": {"offer": str(offer)}}:
            return Answer(offer, str(card or ""))
        case _:
            raise MalformedError("no answer to an offer")


def shown(file: File, given: Answer) -> MessageActivityInput:
    """The post of a file that lies in the person's OneDrive."""
    card = Attachment(
        content_type="application/vnd.microsoft.teams.card.file.info",
        content_url=given.shown,
        name=file.name,
        content={"uniqueId": given.unique, "fileType": given.kind},
    )
    return titled(file.name).add_attachments(card)


def may_upload(url: str, service: str) -> bool:
    """True for OneDrive over HTTPS, and for the very host that the operator set (a test's)."""
    if not _URL.fullmatch(url):
        return False
    try:
        parts, ours = urlsplit(url), urlsplit(service)
        host = parts.hostname or ""
    except ValueError:
        return False
    if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc) and ours.scheme == "http":
        return True
    return parts.scheme == "https" and parts.netloc == host and host.endswith(".sharepoint.com")
