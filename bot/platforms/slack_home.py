"""The App Home of one person: its words at once, its pictures as soon as Slack has them.

Source: https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.platforms.contract import SendError
from bot.platforms.slack_blocks import Block, home
from bot.platforms.slack_sending import Sending
from handlers.message import Message

PICTURE_WAITS = (0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts: a picture that Slack has just been given is refused until Slack has looked at it,
and nothing tells when that is."""
NOT_YET = frozenset({"invalid_blocks", "invalid_arguments"})


async def publish(
    sending: Sending, user: str, message: Message, waits: Sequence[float] = PICTURE_WAITS
) -> None:
    """Show a message as the person's App Home.

    Raises SendError where Slack refuses; what was shown until then stays: a home without its picture is
    better than none.
    """
    await sending.show_home(user, home(message))
    pictures = [file for file in message.files if file.media_type == "image/png"]
    if pictures:
        kept = await sending.keep(pictures)
        named = [(file, picture.shows or picture.name) for file, picture in zip(kept, pictures, strict=True)]
        await _when_ready(sending, user, home(message, named), waits)


async def _when_ready(sending: Sending, user: str, shown: list[Block], waits: Sequence[float]) -> None:
    for wait in waits:
        try:
            await sending.show_home(user, shown)
        except SendError as error:
            if error.reason not in NOT_YET:
                raise
            await asyncio.sleep(wait)
        else:
            return
    await sending.show_home(user, shown)
