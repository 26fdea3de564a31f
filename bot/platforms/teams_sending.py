"""Sending to Teams: which call shows what where. Nothing is repeated here; retries are the delivery's.

Everything goes to the addressee's private chat, also the answer to a mention in a channel: a channel has no
message that only one person sees.
"""

from __future__ import annotations

import base64
from collections import OrderedDict

from microsoft_teams.api.activities.message import MessageActivityInput

from bot.platforms.contract import Address, SendError
from bot.platforms.fields import MalformedError
from bot.platforms.teams_cards import Part, activity, is_picture, mark_of, parts, picture
from bot.platforms.teams_files import Answer, Offers, Shelf, may_upload, shown
from bot.platforms.teams_service import Services
from bot.platforms.teams_wire import Wire
from handlers.message import Message

REMEMBERED = 1000
"""Half-sent deliveries kept in mind."""


class Courier:
    """Sends messages in one or several posts.

    A message of several posts that fails between two of them goes on, when sent again under the same
    `delivery`, where it failed.
    """

    def __init__(self, wire: Wire, services: Services, tenant_id: str, shelf: Shelf) -> None:
        self._wire, self._services, self._tenant_id = wire, services, tenant_id
        self._offers = Offers(shelf)
        self._begun: OrderedDict[str, list[str]] = OrderedDict()

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """Post or replace; the reference is that of the last post, which has the buttons. SendError."""
        posts = parts(message)
        if not posts:
            raise SendError("Teams: empty message", refused=True)
        service, chat = await self._chat(to)
        done = self._begun.pop(delivery, [])
        try:
            for part in posts[len(done) :]:
                earlier = message.replaces if part is posts[-1] else ""
                done.append(await self._show(service, chat, part, earlier, to, delivery))
        except SendError:
            self._remember(delivery, done)
            raise
        return f"{chat}:{done[-1]}"[:255]

    def _remember(self, delivery: str, done: list[str]) -> None:
        if delivery and done:
            self._begun[delivery] = done
        if len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)

    async def _chat(self, to: Address) -> tuple[str, str]:
        """The service and the private chat with the addressee, opened where it is not known."""
        service, chat = self._services.open(to.chat)
        if to.open or not chat:
            chat = await self._wire.open(service, to.external_id, to.workspace or self._tenant_id)
        return service, chat

    async def _show(
        self, service: str, chat: str, part: Part, earlier: str, to: Address, delivery: str
    ) -> str:
        """The id of the post that shows a part, in the place of `earlier` where that can be."""
        if part.file is not None:
            return await self._show_file(service, chat, part, to)
        post = activity(part, mark_of(delivery), in_place=bool(earlier))
        where, _, message = earlier.rpartition(":")
        if message and where == chat and await self._replace(service, chat, message, post):
            return message
        return await self._wire.create(service, chat, post)

    async def _replace(self, service: str, chat: str, message: str, post: MessageActivityInput) -> bool:
        """False where there is no such message any more: then it is said anew."""
        try:
            await self._wire.update(service, chat, message, post)
        except SendError as error:
            if error.refused or error.permanent:
                return False
            raise
        return True

    async def _show_file(self, service: str, chat: str, part: Part, to: Address) -> str:
        """A picture in place, any other file as an offer; a picture that Teams refuses too."""
        file = part.file
        if file is None:
            msg = "a part without a file"
            raise ValueError(msg)
        if is_picture(file):
            try:
                encoded = base64.b64encode(file.content).decode()
                return await self._wire.create(service, chat, picture(file, encoded))
            except SendError as error:
                if not error.refused:
                    raise
        offer = await self._offers.make(file, to.external_id, to.locale)
        return await self._wire.create(service, chat, offer)

    async def hand_over(self, address: str, person: str, given: Answer) -> None:
        """Put an accepted file where Teams said, show it, and take the offer away. Raises SendError."""
        service, chat = self._services.open(address)
        if given.upload and not may_upload(given.upload, self._services.default):
            raise MalformedError("no place for a file")  # and the offer stands
        file = await self._offers.take(given.offer, person)
        if given.upload and file is None:
            await self._wire.create(service, chat, _line(given.said("teams.gone")))
        elif given.upload and file is not None:
            try:
                await self._wire.put_file(given.upload, file.content)
                await self._wire.create(service, chat, shown(file, given))
            except SendError:
                await self._wire.create(service, chat, _line(given.said("teams.failed")))
                raise
        if given.card:
            await self._wire.delete(service, chat, given.card)


def _line(text: str) -> MessageActivityInput:
    return MessageActivityInput(text=text, text_format="plain")
