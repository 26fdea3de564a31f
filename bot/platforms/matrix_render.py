"""`Message` → Matrix events, and the choices back out of them: pure functions, no network.

Nothing is sent with a `formatted_body`, so no text, whoever wrote it, becomes markup; `m.mentions` is empty,
so none calls on anybody; and what a client would turn into a link to a person or a room is broken up by an
invisible word joiner. Matrix has no buttons: they become numbered lines, and their presses travel in the
event itself, so that a choice is understood by any process, after any restart, and only under our own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.message import Button, File, Message

JSON = dict[str, Any]

CHARACTERS = 6000
"""Four bytes each at worst, twice in an edit: within the 65,536 bytes an event may have."""

CHOICES = "se.handledd.choices"
DELIVERY = "se.handledd.delivery"
"""Our own keys in an event's content."""

_LINKED = re.compile(r"(?<!\w)([@#])(?=[^\s:]{1,255}:\w)")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_KEYCAP = "\ufe0f\u20e3"
_TEN = "🔟"
_NUMBER = re.compile(r"\s*([0-9]{1,2})[.)]?\s*")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The few words of the platform's own: how one chooses, by language, and why it is not in a room."""

    choose: Mapping[str, str]
    encrypted: str
    group: str

    def hint(self, locale: str) -> str:
        """How one chooses, in a person's language; in the first one where theirs is not known."""
        return self.choose.get(locale) or next(iter(self.choose.values()))


@dataclass(frozen=True, slots=True)
class Part:
    """One event: a text with its choices, or a file."""

    text: str = ""
    file: File | None = None
    choices: tuple[str, ...] = ()


def parts(message: Message, hint: str) -> tuple[Part, ...]:
    """Files first, then texts: the choices end the last one, where a number is expected. Empty: nothing."""
    files = [Part(file=file) for file in message.files]
    pressed = tuple(button.press for button in message.buttons)
    pieces = split("\n\n".join(_blocks(message, hint)))
    texts = [Part(text=text) for text in pieces]
    if texts and pressed:
        texts[-1] = Part(text=texts[-1].text, choices=pressed)
    return (*files, *texts)


def _blocks(message: Message, hint: str) -> Iterator[str]:
    said = clean(message.plain()).strip("\n")
    if said.strip():
        yield said
    if message.buttons:
        yield "\n".join([*_numbered(message.buttons), hint])


def _numbered(buttons: Sequence[Button]) -> Iterator[str]:
    for number, button in enumerate(buttons, 1):
        yield f"{keycap(number)} {' '.join(clean(button.label).split()) or '–'}"


def keycap(number: int) -> str:
    """1️⃣ to 🔟, which one also reacts with; above ten as plain digits."""
    if number == 10:
        return _TEN
    return f"{number}{_KEYCAP}" if number < 10 else f"{number}."


def number_in(text: str) -> int | None:
    """The number somebody wrote or reacted with: `2`, `2.`, `2)`, 2️⃣, 🔟; None for anything else."""
    bare = text.replace("\ufe0f", "").replace("\u20e3", "").replace(_TEN, "10")
    found = _NUMBER.fullmatch(bare)
    return int(found[1]) if found and int(found[1]) else None


def clean(text: str) -> str:
    """NFC `text` as it stands to the eye: no control characters, no half characters, no made links."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _LINKED.sub("\\1\u2060", _UNPRINTABLE.sub("", unicodedata.normalize("NFC", whole)))


def split(text: str, limit: int = CHARACTERS) -> list[str]:
    """Pieces of at most `limit` characters, cut at line ends, else at spaces, else anywhere; none blank."""
    pieces = []
    while len(text) > limit:
        at = max(text.rfind("\n", 1, limit + 1), 0) or max(text.rfind(" ", 1, limit + 1), 0) or limit
        pieces.append(text[:at])
        text = text[at:].removeprefix("\n") if text[at] == "\n" else text[at:].removeprefix(" ")
    return [piece for piece in (*pieces, text) if piece.strip()]


def text_content(part: Part, mark: JSON | None, earlier: str = "") -> JSON:
    """The content of an `m.room.message`; with `earlier` one that takes that event's place."""
    said: JSON = {"msgtype": "m.text", "body": part.text, "m.mentions": {}}
    if part.choices:
        said[CHOICES] = list(part.choices)
    marked = {DELIVERY: mark} if mark else {}
    if not earlier:
        return said | marked
    relation = {"rel_type": "m.replace", "event_id": earlier}
    return said | {"body": f"* {part.text}", "m.new_content": said, "m.relates_to": relation} | marked


def file_content(file: File, address: str, mark: JSON | None) -> JSON:
    """The content of an `m.room.message` that shows an uploaded file."""
    is_picture = file.media_type.startswith("image/")
    info: JSON = {"mimetype": file.media_type, "size": len(file.content), **_measure(file.content)}
    said = {"msgtype": "m.image" if is_picture else "m.file", "body": clean(file.name), "url": address}
    return said | {"filename": clean(file.name), "info": info} | ({DELIVERY: mark} if mark else {})


def _measure(content: bytes) -> JSON:
    """A PNG's width and height, so that clients leave room for it."""
    if not content.startswith(_PNG) or len(content) < 24:
        return {}
    return {"w": int.from_bytes(content[16:20]), "h": int.from_bytes(content[20:24])}


# --- choices, back out of an event


def choices(event: Mapping[str, Any], me: str) -> tuple[str, ...]:
    """The presses an event of ours offers, as it was last edited; () for anybody else's event."""
    content = current(event) if event.get("sender") == me else {}
    found = content.get(CHOICES)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def current(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """An event's content as it stands after its last edit, which the homeserver tells along with it."""
    edit = _at(event, "unsigned", "m.relations", "m.replace", "content", "m.new_content")
    return edit or _at(event, "content")


def edited(event: Mapping[str, Any]) -> str:
    """The id of the event that this one takes the place of, or ""."""
    relation = _at(event, "content", "m.relates_to")
    found = relation.get("event_id")
    return found if relation.get("rel_type") == "m.replace" and isinstance(found, str) else ""


def _at(value: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
