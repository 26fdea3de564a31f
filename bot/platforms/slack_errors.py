"""What went wrong in a call to Slack → SendError: known not sent, perhaps sent, or no use in trying again.

Reasons are made of Slack's error codes and exception names alone: an SDK error's own text holds the answer
it got, and with it what the message said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.platforms.contract import SendError
from bot.platforms.pauses import retry_after
from bot.platforms.unsent import is_between

PERMANENT = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
        "users_not_found",
    }
)
OURS = frozenset(
    {
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "messages_tab_disabled",
        "missing_scope",
        "no_permission",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""The token or the app's installation is at fault: mended by an operator, and no address is given up."""
REFUSED = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
    }
)
"""This very message is at fault: Slack would say the same to it again."""
PERHAPS = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack says of fatal_error that part of the call may have succeeded."""

_BEFORE_THE_BODY = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


def send_error(error: Exception, now: datetime) -> SendError:
    """`error` of an SDK call as the one error the delivery knows."""
    if isinstance(error, SendError):
        return error
    if isinstance(error, SlackApiError):
        return _from_answer(error, now)
    if isinstance(error, _BEFORE_THE_BODY):
        return SendError(f"no connection: {type(error).__name__}", away=True)
    return SendError(f"no answer: {type(error).__name__}", perhaps=True)


def _from_answer(error: SlackApiError, now: datetime) -> SendError:
    response = error.response
    # A body that is no JSON leaves aiohttp's response here, not the SDK's: `status`, and no `data`.
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, Mapping) else None
    if code is None and is_between(status):
        return SendError(f"HTTP {status}, which is not Slack's", away=True)
    return from_status(status, code, getattr(response, "headers", {}), now)


def from_status(status: int, code: object, headers: Mapping[str, str], now: datetime) -> SendError:
    """The error of an answer with this HTTP status and, in an API answer, this error code."""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        wait = retry_after(headers.get("Retry-After"), now)
        return SendError("rate limited", retry_after=wait, away=wait is None)
    name = code if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,60}", code) else f"HTTP {status}"
    # An answer that tells neither success nor a code may well follow a message that was shown.
    mute = 200 <= status < 300 and not isinstance(code, str)
    unsure = status >= 500 or code in PERHAPS or mute
    if unsure:
        return SendError(name, perhaps=True)
    return SendError(name, permanent=code in PERMANENT, ours=code in OURS, refused=code in REFUSED)
