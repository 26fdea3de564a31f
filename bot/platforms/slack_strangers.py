"""Who an account is that nobody is linked to: the workspace is asked, for as long as Slack waits for us."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.platforms.contract import SendError
from bot.platforms.slack_workspaces import Workspaces
from handlers.message import MOST_MENTIONS, Incoming, Mentioned

_log = logging.getLogger("handledd.slack")

SECONDS = 1.5
"""Slack waits three for all."""


async def told(workspaces: Workspaces, incoming: Incoming, strangers: Sequence[str]) -> Incoming:
    """The message with what its workspace says of `strangers`; of all it mentions, if its sender is one."""
    sender, mentions = incoming.sender, incoming.mentions
    unsaid = [account for account, said in mentions.items() if said is None]
    more = unsaid[:MOST_MENTIONS] if sender.external_id in strangers else []
    accounts = list(dict.fromkeys([*strangers, *more]))
    answers = await asyncio.gather(*(_who(workspaces, each, sender.workspace) for each in accounts))
    said = dict(zip(accounts, answers, strict=True))
    email = said.get(sender.external_id, Mentioned()).email
    named = {account: mentions[account] or said.get(account, Mentioned()) for account in mentions}
    return replace(incoming, sender=replace(sender, email=email), mentions=named)


async def _who(workspaces: Workspaces, account: str, workspace: str) -> Mentioned:
    try:
        async with asyncio.timeout(SECONDS):
            return await workspaces.who(account, workspace)
    except (SendError, TimeoutError) as error:
        _log.info("not told who an account is: %s", getattr(error, "reason", "too late"))
        return Mentioned()
