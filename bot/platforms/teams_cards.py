"""What goes out: `Message` → Adaptive Cards and plain texts. Pure: no network.

Everything a person may have written stands in a TextRun, or in a message of format `plain`: neither reads
markup (a TextBlock would make bold, links and lists of it). A button is an Action.Execute, which Teams asks
about and shows the answer of in the card's place; clients that do not know it fall back to Action.Submit.
Sources: adaptivecards.io/explorer and, under learn.microsoft.com/microsoftteams/platform/bots/how-to/,
format-your-bot-messages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from microsoft_teams.api.activities.message import MessageActivityInput
from microsoft_teams.api.models import Attachment
from microsoft_teams.cards import (
    ActionSet,
    AdaptiveCard,
    CardElement,
    ExecuteAction,
    RichTextBlock,
    SubmitAction,
    TextRun,
)

from bot.platforms.teams_incoming import clean
from handlers.message import Button, Field, File, Message

CHARACTERS = 6000
"""UTF-16 units a post: at three bytes each, with their lines, they still fit into the 28 KB of a message."""
LINES = 80
"""Lines a card: each costs some 90 bytes."""
ACTIONS = 6
"""Buttons a row: Teams hides what is more behind dots."""
LABEL = 60
SUMMARY = 200
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
PICTURE_BYTES = 1024 * 1024
"""What Teams shows in place; other files are offered (`teams_files`)."""
VERB = "handledd"


@dataclass(frozen=True, slots=True)
class Part:
    """One post: words with what belongs under them, or a file."""

    text: str = ""
    fields: tuple[Field, ...] = ()
    buttons: tuple[Button, ...] = ()
    file: File | None = None


def parts(message: Message) -> tuple[Part, ...]:
    """The posts of a message in order: files first, the words with the buttons last, where they are seen."""
    files = tuple(Part(file=file) for file in message.files)
    text, buttons = clean(message.text).strip("\n"), tuple(message.buttons)
    if not text.strip() and not message.fields and not buttons:
        return files
    if _fits(message.plain()):
        return (*files, Part(text, tuple(message.fields), buttons))
    *before, last = chunks(clean(message.plain()))
    return (*files, *(Part(piece) for piece in before), Part(last, (), buttons))


def activity(part: Part, mark: str, *, in_place: bool = False) -> MessageActivityInput:
    """A post of words: plain text when it is one line, else a card: a plain text's line ends are not shown.

    What takes the place of an earlier post (`in_place`) is a card, as that was.
    """
    if not in_place and not part.fields and not part.buttons and "\n" not in part.text:
        return MessageActivityInput(text=part.text, text_format="plain")
    return titled(part.text).add_card(card(part, mark))


def titled(summary: str) -> MessageActivityInput:
    """A post with no words of its own yet; `summary` is what a notification says of it."""
    short = " ".join(clean(summary).split())[:SUMMARY]
    # The SDK's own class for what goes out has forgotten this field; extra ones it passes on.
    return MessageActivityInput.model_validate({"summary": short or VERB})


def picture(file: File, encoded: str) -> MessageActivityInput:
    """A post of a picture, shown in place; `encoded` is its content in base 64."""
    shown = Attachment(
        content_type=file.media_type, content_url=f"data:{file.media_type};base64,{encoded}", name=file.name
    )
    return titled(file.name).add_attachments(shown)


def is_picture(file: File) -> bool:
    """Whether Teams shows it in place."""
    return file.media_type in PICTURES and len(file.content) <= PICTURE_BYTES


def card(part: Part, mark: str) -> AdaptiveCard:
    """The card of a post. `mark` tells this drawing of it from every other."""
    body: list[CardElement] = [*_lines(part.text), *map(_field, part.fields)]
    return AdaptiveCard(version="1.4", body=[*body, *_rows(part.buttons, mark)])


def replacement(message: Message, mark: str) -> dict[str, Any]:
    """The JSON of the card that takes a pressed card's place: the last post, which has the buttons."""
    found = parts(message)
    last = found[-1] if found and found[-1].file is None else Part("–")
    return card(last, mark).model_dump(by_alias=True, exclude_none=True)


def mark_of(name: str) -> str:
    """A card's mark from what it was drawn for: the same for every try of one delivery."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def chunks(text: str) -> list[str]:
    """`text` in pieces that fit a post, cut at a line's or a word's end where there is one."""
    pieces: list[str] = []
    while not _fits(text):
        end, start = _cut(text)
        pieces.append(text[:end])
        text = text[start:]
    return [*pieces, text]


def _fits(text: str) -> bool:
    return _units(text) <= CHARACTERS and text.count("\n") < LINES


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str) -> tuple[int, int]:
    """Where this piece ends and the next begins; the line end or space between them is left out."""
    most = len(text.encode("utf-16-le", "surrogatepass")[: 2 * CHARACTERS].decode("utf-16-le", "ignore"))
    lines = text.split("\n", LINES)
    if len(lines) > LINES:
        most = min(most, len(text) - len(lines[-1]) - 1)
    for sign in ("\n", " "):
        at = text.rfind(sign, most // 2 + 1, most + 1)  # not far up: a word alone is no post
        if at > 0:
            return at, at + 1
    return most, most


def _lines(text: str) -> Iterator[CardElement]:
    """A block for each line, because a run shows no line end; an empty line is space above the next."""
    above = False
    for line in text.split("\n"):
        if line.strip():
            yield RichTextBlock(inlines=_runs(TextRun(text=line)), spacing="Medium" if above else "Small")
        above = not line.strip()


def _field(field: Field) -> CardElement:
    label, value = (" ".join(clean(text).splitlines()) for text in (field.label, field.value))
    return RichTextBlock(
        inlines=_runs(TextRun(text=f"{label}: ", weight="Bolder"), TextRun(text=value or " "))
    )


def _runs(*runs: CardElement) -> list[CardElement]:
    return list(runs)


def _rows(buttons: Sequence[Button], mark: str) -> Iterator[CardElement]:
    for start in range(0, len(buttons), ACTIONS):
        yield ActionSet(actions=[_action(each, mark) for each in buttons[start : start + ACTIONS]])


def _action(button: Button, mark: str) -> ExecuteAction:
    label = clean(button.label).strip() or "–"
    label = label if len(label) <= LABEL else label[: LABEL - 1] + "…"
    data = {"press": button.press, "mark": mark}
    simple = SubmitAction(title=label, data=data)
    action = ExecuteAction(title=label, verb=VERB, data=data, fallback=simple)
    return action.with_style("positive") if button.primary else action
