"""Posting and editing: one HTTP request a post, never repeated here; retries are the delivery's."""

from __future__ import annotations

from collections import OrderedDict

from telegram import Bot, InputFile, LinkPreviewOptions, Message
from telegram.error import BadRequest, ChatMigrated

import handlers.message as out
from bot.platforms import telegram_render as render
from bot.platforms import telegram_wire as wire
from bot.platforms.contract import Address, SendError

REMEMBERED = 1000
"""Half-sent deliveries kept in mind."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNEDITABLE = ("to edit not found", "can't be edited", "no text in the message")
"""Telegram's words when a message is gone, too old, or a picture: nothing was shown, so it is posted."""


class Courier:
    """Sends messages in one or several posts.

    A message of several posts that fails between two of them goes on, when sent again under the same
    `delivery`, where it failed.
    """

    def __init__(self, bot: Bot, upload_seconds: float) -> None:
        self._bot, self._upload_seconds = bot, upload_seconds
        self._begun: OrderedDict[tuple[str, int], list[str]] = OrderedDict()

    async def send(self, to: Address, message: out.Message, delivery: str) -> str:
        """Post or edit; the reference is that of the post with buttons, else the first. Raises SendError."""
        chat, parts = private_chat(to), render.parts(message)
        if not parts:
            raise SendError("Telegram: empty message", refused=True)
        name = (delivery, hash((chat, parts)))
        done = self._begun.pop(name, [])
        try:
            for part in parts[len(done) :]:
                earlier = replaced(message, chat) if part.text and not done else None
                done.append(await self._show(chat, part, earlier))
        except SendError:
            self._remember(name, done)
            raise
        return next((ref for ref, part in zip(done, parts, strict=True) if part.buttons), done[0])

    def _remember(self, name: tuple[str, int], done: list[str]) -> None:
        if name[0] and done:
            self._begun[name] = done
        if len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)

    async def _show(self, chat: int, part: render.Part, earlier: int | None) -> str:
        """One part in the place of message `earlier` where that can be, else as a post. Raises SendError."""
        if earlier is not None and await self._edit(chat, earlier, part):
            return f"{chat}:{earlier}"
        try:
            shown = await self._post(chat, part)
        except Exception as error:  # noqa: BLE001 PTB lets KeyError and the like out of an odd answer
            raise wire.send_error(error) from None
        return f"{shown.chat.id}:{shown.message_id}"

    async def _edit(self, chat: int, earlier: int, part: render.Part) -> bool:
        """False where the message cannot be edited. Raises SendError, never `perhaps`: an edit may repeat."""
        keys = render.keyboard(part.buttons)
        try:
            await self._bot.edit_message_text(
                part.text, chat, earlier, reply_markup=keys, link_preview_options=NO_PREVIEW
            )
        except Exception as error:  # noqa: BLE001 as in _show
            said = error.message.lower() if isinstance(error, BadRequest) else ""
            if any(words in said for words in UNEDITABLE):
                return False
            if "message is not modified" not in said:
                raise wire.send_error(error, repeatable=True) from None
        return True

    async def _post(self, chat: int, part: render.Part) -> Message:
        """A group that became a supergroup is followed once. Raises what PTB raises."""
        try:
            return await self._post_to(chat, part)
        except ChatMigrated as moved:
            return await self._post_to(moved.new_chat_id, part)

    async def _post_to(self, chat: int, part: render.Part) -> Message:
        bot, keys = self._bot, render.keyboard(part.buttons)
        if part.file is None:
            return await bot.send_message(chat, part.text, reply_markup=keys, link_preview_options=NO_PREVIEW)
        file = InputFile(part.file.content, filename=part.file.name)
        send = bot.send_photo if render.is_photo(part.file) else bot.send_document
        return await send(chat, file, reply_markup=keys, read_timeout=self._upload_seconds)


def private_chat(to: Address) -> int:
    """Where only the addressee reads: a private chat's id is the person's own. Raises SendError."""
    chat = to.external_id if to.open or not to.chat else to.chat
    try:
        return int(chat)  # a name would be a public channel
    except ValueError:
        raise SendError("Telegram: the address is no chat id", permanent=True) from None


def replaced(message: out.Message, chat: int) -> int | None:
    """The id of the message in this very chat that is to be edited, if any."""
    where, _, number = message.replaces.partition(":")
    return int(number) if where == str(chat) and number.isdecimal() else None
